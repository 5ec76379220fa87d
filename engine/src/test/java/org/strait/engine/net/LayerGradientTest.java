package org.strait.engine.net;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.strait.engine.data.Batch;
import org.strait.engine.data.Dataset;
import org.strait.engine.data.Shard;
import org.strait.engine.model.ParameterLayout.Parameter;
import org.strait.engine.model.Replica;
import org.strait.kernels.Backend;
import org.strait.memory.Floats;
import org.strait.memory.HostMemory;

/// The gradient of every layer and loss against central differences of the loss: along the gradient
/// of each parameter, along a direction of chance, and coordinate by coordinate. A wrong factor is
/// off by far more than the 2 per cent that float32 leaves.
class LayerGradientTest {
  private static final double STEP = 5e-4;
  private static final double ROOM = 0.02;

  @ParameterizedTest
  @ValueSource(
      strings = {
        "gelu, dense 7, gelu",
        "dense 9, relu, dense 5",
        "conv 4 3x3, gelu",
        "conv 4 3x3, relu, conv 3 2x2 stride 2 pad 0, gelu",
        "conv 16 3x2 stride 2 pad 1, gelu, dense 4",
        "conv 5 3x3, gelu, max-pool 2, dense 6",
        "conv 16 3x3, max-pool 3 stride 2 pad 1, gelu",
        "conv 5 3x3, average-pool 3 stride 2 pad 1, gelu",
        "conv 16 3x3, gelu, average-pool 2",
        "conv 6 3x3, gelu, global-pool",
        "conv 6 3x3, group-norm 3, gelu, conv 4 3x3, group-norm 1, gelu",
        "conv 6 3x3, relu, dropout 0.3, flatten, dense 8, relu, dropout 0.5",
        "dropout 0.2, dense 6, gelu",
        "conv 4 3x3, gelu, residual [conv 4 3x3, group-norm 2, gelu, conv 4 3x3], relu",
        "residual [conv 4 3x3, gelu, conv 5 3x3 stride 2], gelu, residual [relu, conv 5 3x3]",
        "relu, flatten, dense 4, relu",
      })
  void agreesWithDifferences(String layers) {
    check(NetBuilder.of("6x5x2").layers(layers), false);
  }

  @Test
  void everyLossAgreesWithDifferences() {
    check(NetBuilder.of("6x5x2").dense(8).gelu().labelSmoothing(0.2), false);
    check(NetBuilder.of("6x5x2").dense(8).gelu().ordinal(0.7), false);
    check(NetBuilder.of("6x5x2").dense(8).gelu().classWeights(List.of(0.5, 2.0, 3.0)), false);
    check(NetBuilder.of("6x5x2").dense(8).gelu().labelSmoothing(0.1).ordinal(1), true);
  }

  private static void check(NetBuilder builder, boolean weighted) {
    Net net = builder.classes(3);
    try (HostMemory memory = HostMemory.unlimited("test");
        Backend backend = TinyImages.backend("scalar", 1)) {
      Dataset rows = TinyImages.rows(net.input(), 9, 3, memory);
      if (weighted) {
        Floats counts = memory.floats(9);
        for (int r = 0; r < 9; r++) {
          counts.set(r, 0.5f + r % 3);
        }
        rows = rows.weighted(counts);
      }
      Batch batch = Shard.miniBatches(rows, 9, 5, memory).next();
      try (Replica replica = Replica.of(net, rows.features(), 9, backend, memory)) {
        replica.initialise(11);
        shake(replica.weights());
        replica.lossAndGradient(batch);
        float[] gradient = replica.gradient().toArray();
        for (Parameter parameter : replica.layout().parameters()) {
          check(parameter, replica, batch, gradient);
        }
      }
    }
  }

  /// Biases begin at 0, where a wrong one would not show.
  private static void shake(Floats weights) {
    SplittableRandom random = new SplittableRandom(1);
    for (long i = 0; i < weights.length(); i++) {
      weights.set(i, weights.get(i) + (float) (0.05 * random.nextGaussian()));
    }
  }

  private static void check(Parameter parameter, Replica replica, Batch batch, float[] gradient) {
    int at = (int) parameter.offset();
    int n = (int) parameter.length();
    double[] own = new double[n];
    double norm = 0;
    double most = 0;
    for (int i = 0; i < n; i++) {
      own[i] = gradient[at + i];
      norm += own[i] * own[i];
      most = Math.max(most, Math.abs(own[i]));
    }
    norm = Math.sqrt(norm);
    assertTrue(norm > 1e-3, parameter.name() + " has no gradient");
    double[] direction = new double[n];
    SplittableRandom random = new SplittableRandom(at);
    double chance = 0;
    double[] any = new double[n];
    for (int i = 0; i < n; i++) {
      direction[i] = own[i] / norm;
      any[i] = (random.nextBoolean() ? 1 : -1) / Math.sqrt(n);
      chance += any[i] * own[i];
    }
    assertEquals(norm, slope(replica, batch, at, direction), ROOM * norm, parameter.name());
    assertEquals(chance, slope(replica, batch, at, any), ROOM * norm, parameter.name());
    for (int trial = 0; trial < Math.min(n, 12); trial++) {
      int i = n <= 12 ? trial : random.nextInt(n);
      double[] one = new double[n];
      one[i] = 1;
      double found = slope(replica, batch, at, one);
      assertEquals(own[i], found, 2.5 * ROOM * Math.max(most, 0.2), parameter.name() + " " + i);
    }
  }

  private static double slope(Replica replica, Batch batch, int at, double[] direction) {
    return (moved(replica, batch, at, direction, STEP)
            - moved(replica, batch, at, direction, -STEP))
        / (2 * STEP);
  }

  private static double moved(Replica replica, Batch batch, int at, double[] way, double step) {
    float[] before = replica.weights().toArray();
    for (int i = 0; i < way.length; i++) {
      replica.weights().set(at + i, (float) (before[at + i] + step * way[i]));
    }
    double loss = replica.lossAndGradient(batch);
    replica.weights().copyFrom(before);
    return loss;
  }
}
