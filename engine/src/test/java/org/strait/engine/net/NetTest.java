package org.strait.engine.net;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.sun.management.ThreadMXBean;
import java.lang.management.ManagementFactory;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.strait.engine.data.Batch;
import org.strait.engine.data.Dataset;
import org.strait.engine.data.Shard;
import org.strait.engine.model.Evaluation;
import org.strait.engine.model.Model;
import org.strait.engine.model.Replica;
import org.strait.engine.optim.Optimizer;
import org.strait.engine.optim.Optimizers;
import org.strait.engine.optim.Schedule;
import org.strait.kernels.Backend;
import org.strait.memory.Floats;
import org.strait.memory.HostMemory;

class NetTest {
  private static final String SMALL =
      "conv 16 3x3, relu, max-pool 2, residual [conv 16 3x3, group-norm 4, relu, conv 16 3x3], relu,"
          + " dropout 0.1, dense 24, relu";
  private static final Shape SHAPE = new Shape(8, 8, 1);

  /// Steps of a net with everything random; the weights afterwards.
  private static float[] train(String backendName, int threads, int steps, long seed) {
    Net net = NetBuilder.of("8x8").layers(SMALL).augment("flip,crop:1,jitter:0.1").classes(3);
    try (HostMemory memory = HostMemory.unlimited("test");
        Backend backend = TinyImages.backend(backendName, threads)) {
      Dataset rows = TinyImages.rows(SHAPE, 90, 1, memory);
      Shard shard = Shard.miniBatches(rows, 64, seed, memory);
      try (Replica replica = Replica.of(net, rows.features(), 64, backend, memory)) {
        replica.initialise(5);
        Optimizer optimizer =
            Optimizers.named(
                "momentum",
                replica.weights().length(),
                null,
                Schedule.constant(0.001),
                backend,
                memory);
        for (int step = 0; step < steps; step++) {
          double loss = replica.lossAndGradient(shard.next());
          optimizer.observe(loss, replica.gradient(), replica.weights());
          optimizer.advance(replica.weights());
        }
        return replica.weights().toArray();
      }
    }
  }

  @ParameterizedTest
  @CsvSource({"scalar,2", "scalar,3", "auto,2", "auto,5"})
  void anyNumberOfThreadsGivesTheSameBits(String backend, int threads) {
    assertArrayEquals(train(backend, 1, 4, 2), train(backend, threads, 4, 2));
  }

  @Test
  void theSeedDecides() {
    assertArrayEquals(train("scalar", 1, 2, 2), train("scalar", 1, 2, 2));
    assertFalse(Arrays.equals(train("scalar", 1, 2, 2), train("scalar", 1, 2, 3)));
  }

  @Test
  void learnsToTellBarsApart() {
    Net net = NetBuilder.of("8x8").conv(8, 3, 3).relu().maxPool(2).dense(16).relu().classes(3);
    try (HostMemory memory = HostMemory.unlimited("test");
        Backend backend = TinyImages.backend("auto", 1)) {
      Dataset rows = TinyImages.rows(SHAPE, 600, 1, memory);
      Shard shard = Shard.miniBatches(rows, 32, 1, memory);
      try (Replica replica = Replica.of(net, rows.features(), 32, backend, memory)) {
        replica.initialise(5);
        Schedule rate = Schedule.constant(0.05);
        Optimizer optimizer =
            Optimizers.named("momentum", replica.weights().length(), null, rate, backend, memory);
        for (int step = 0; step < 150; step++) {
          Batch batch = shard.next();
          double loss = replica.lossAndGradient(batch) / batch.rows();
          backend.dense().scale(1f / batch.rows(), replica.gradient());
          optimizer.observe(loss, replica.gradient(), replica.weights());
          optimizer.advance(replica.weights());
        }
        Dataset test = TinyImages.rows(SHAPE, 500, 2, memory);
        double accuracy = Evaluation.of(replica, test, memory).accuracy().orElseThrow();
        assertTrue(accuracy > 0.95, accuracy + "");
      }
    }
  }

  /// A batch in several chunks, sparse or dense, is the sum of its rows.
  @Test
  void batchesOfAnySizeAreSumsOfTheirRows() {
    Net net = NetBuilder.of("8x8").layers("conv 4 3x3, relu, group-norm 2, dense 6").classes(3);
    try (HostMemory memory = HostMemory.unlimited("test");
        Backend backend = TinyImages.backend("scalar", 2)) {
      Dataset rows = TinyImages.rows(SHAPE, 300, 1, memory);
      try (Replica whole = Replica.of(net, rows.features(), 300, backend, memory);
          Replica small = Replica.of(net, rows.features(), 7, backend, memory)) {
        whole.initialise(5);
        small.initialise(5);
        Batch sparse = Shard.full(rows).next();
        Batch dense = Shard.miniBatches(rows, 300, 1, memory).next();
        double loss = whole.lossAndGradient(dense);
        float[] gradient = whole.gradient().toArray();
        assertEquals(loss, small.lossAndGradient(sparse), 1e-4 * loss);
        assertArrayEquals(gradient, small.gradient().toArray(), 2e-3f);
        assertEquals(loss, whole.loss(sparse), 1e-4 * loss);
        Floats scores = memory.floats(900);
        small.scores(sparse, scores);
        assertEquals(3, net.outputs());
        assertEquals(Model.Targets.CLASSES, net.targets());
      }
    }
  }

  @Test
  void stepsAllocateNothing() {
    Net net = NetBuilder.of("8x8").layers(SMALL).augment("flip,crop:1").classes(3);
    try (HostMemory memory = HostMemory.unlimited("test");
        Backend backend = TinyImages.backend("scalar", 1)) {
      Dataset rows = TinyImages.rows(SHAPE, 20, 1, memory);
      Shard shard = Shard.miniBatches(rows, 8, 1, memory);
      try (Replica replica = Replica.of(net, rows.features(), 8, backend, memory)) {
        replica.initialise(5);
        ThreadMXBean thread = (ThreadMXBean) ManagementFactory.getThreadMXBean();
        long allocated = Long.MAX_VALUE;
        for (int window = 0; allocated >= 30 && window < 40; window++) {
          long before = thread.getCurrentThreadAllocatedBytes();
          for (int step = 0; step < 30; step++) {
            replica.lossAndGradient(shard.next());
          }
          allocated = thread.getCurrentThreadAllocatedBytes() - before;
        }
        assertTrue(allocated < 30, allocated + " bytes in 30 steps");
      }
    }
  }

  @Test
  void layersAreWrittenAsTheyAreRead() {
    for (String text :
        List.of(
            SMALL.replace(",  ", ", "),
            "conv 4 5x3 stride 2 pad 1, gelu, average-pool 2 stride 1, global-pool",
            "flatten, dropout 0.25, dense 3, max-pool 1")) {
      assertEquals(text, new Sequence(LayerText.parse(text)).text());
    }
    Net net = Nets.choose("resnet", Nets.Settings.USUAL, 784, 10);
    assertEquals(11_177_000.0, (double) net.parameters(784).length(), 30_000);
    Model again = Nets.of("resnet", net.metadata());
    assertEquals(net.parameters(784).parameters(), again.parameters(784).parameters());
    assertEquals(
        1_663_370, Nets.choose("cnn", Nets.Settings.USUAL, 784, 10).parameters(784).length());
    assertEquals(
        235_146, Nets.choose("mlp", Nets.Settings.USUAL, 784, 10).parameters(784).length());
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '!',
      value = {
        "conv 4 3x3, max-pool 9 ! layer 2, \"max-pool 9\", does not fit its input of 8x8x4: windows",
        "group-norm 3 ! layer 1, \"group-norm 3\", does not fit its input of 8x8x1: 1 channels",
        "residual [conv 4 3x3 pad 0] ! the body gives 6x6x4, and no stride",
        "conv 4 ! layer \"conv 4\" is malformed; write conv FILTERS HEIGHTxWIDTH",
        "cnov 4 3x3 ! unknown layer \"cnov\"",
        "residual [relu ! brackets do not match",
        "dropout 1 ! dropout 1.0: needs a share",
      })
  void whatDoesNotFitSaysWhichLayerAndWhy(String layers, String message) {
    IllegalArgumentException e =
        assertThrows(
            IllegalArgumentException.class, () -> NetBuilder.of("8x8").layers(layers).classes(3));
    assertTrue(e.getMessage().contains(message), e.getMessage());
  }

  @Test
  void rowsOfAnotherSizeAreRefused() {
    Nets.Settings images = Nets.Settings.USUAL.withInput("28x28x1");
    String message =
        assertThrows(IllegalArgumentException.class, () -> Nets.choose("cnn", images, 100, 3))
            .getMessage();
    assertTrue(message.contains("rows of 100 features for a net whose input is 28x28x1"), message);
    assertThrows(
        IllegalArgumentException.class, () -> Nets.choose("cnn", Nets.Settings.USUAL, 37, 3));
  }
}
