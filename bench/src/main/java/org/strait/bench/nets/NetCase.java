package org.strait.bench.nets;

import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import org.strait.bench.run.BenchCase;
import org.strait.bench.run.Bout;
import org.strait.bench.run.Limit;
import org.strait.bench.run.Outcome;
import org.strait.bench.run.Ways;
import org.strait.bench.run.Work;
import org.strait.bench.run.Workplace;
import org.strait.engine.data.Batch;
import org.strait.engine.data.Dataset;
import org.strait.engine.data.RowShape;
import org.strait.engine.data.Shard;
import org.strait.engine.model.Scratch;
import org.strait.engine.net.Net;
import org.strait.engine.net.Nets;
import org.strait.engine.optim.Optimizer;
import org.strait.engine.optim.Optimizers;
import org.strait.engine.optim.Schedule;
import org.strait.kernels.Backend;
import org.strait.memory.Floats;
import org.strait.memory.HostMemory;

/// One step of training on images of 28x28: loss and gradient of a batch, and a step of gradient
/// descent with momentum.
///
/// @param model {@code mlp} (784-256-128-10) or {@code cnn} (5x5x32, pool, 5x5x64, pool, 512, 10)
/// @param batch rows of a step
public record NetCase(String model, int batch) implements BenchCase {
  private static final int FEATURES = 784;
  private static final int CLASSES = 10;
  private static final int BATCHES = 4;
  private static final float RATE = 1e-4f;

  /// All cases.
  ///
  /// @param quick whether small ones will do
  public static List<BenchCase> all(boolean quick) {
    List<BenchCase> cases = new ArrayList<>();
    for (String model : List.of("mlp", "cnn")) {
      for (int batch : quick ? new int[] {8} : new int[] {64, 256}) {
        cases.add(new NetCase(model, batch));
      }
    }
    return cases;
  }

  @Override
  public String name() {
    return model + " batch " + batch;
  }

  @Override
  public Limit limit() {
    return Limit.multiplyAdd();
  }

  @Override
  public List<Bout> bouts(Workplace place, HostMemory memory) {
    Net net = Nets.choose(model, Nets.Settings.USUAL, FEATURES, CLASSES);
    int rows = BATCHES * batch;
    Floats values = memory.floats((long) rows * FEATURES);
    Floats labels = memory.floats(rows);
    SplittableRandom random = new SplittableRandom(1);
    for (long i = 0; i < values.length(); i++) {
      values.set(i, (float) random.nextDouble());
    }
    for (int r = 0; r < rows; r++) {
      labels.set(r, r % CLASSES);
    }
    Dataset data = Dataset.images("noise", values, new RowShape(28, 28, 1), labels, memory);
    List<Bout> bouts = new ArrayList<>();
    for (int threads : place.threads()) {
      Backend backend = place.backend(threads);
      Shard shard = Shard.miniBatches(data, batch, 1, memory);
      Floats weights = memory.floats(net.parameters(FEATURES).length());
      Floats gradient = memory.floats(weights.length());
      long room = net.scratchFloats(batch, FEATURES, threads);
      Scratch scratch = new Scratch(backend, memory.floats(room));
      net.initialise(FEATURES, weights, 1);
      Optimizer optimizer =
          Optimizers.named(
              "momentum", weights.length(), null, Schedule.constant(RATE), backend, memory);
      Ways ways =
          new Ways(place, threads, "nothing", () -> {})
              .strait(() -> step(net, shard.next(), weights, gradient, scratch, optimizer))
              .python(model + "-step", batch);
      bouts.add(ways.bout(name(), new Work(4L * batch * FEATURES, flops()), 1e-3, Outcome.of()));
    }
    return bouts;
  }

  private static double step(
      Net net, Batch rows, Floats weights, Floats gradient, Scratch scratch, Optimizer optimizer) {
    double loss = net.lossAndGradient(rows, weights, gradient, scratch) / rows.rows();
    scratch.backend().dense().scale(1f / rows.rows(), gradient);
    optimizer.observe(loss, gradient, weights);
    optimizer.advance(weights);
    return 0;
  }

  /// Of the products: forward, by the weights, and by the input but for the first layer.
  private double flops() {
    double first;
    double others;
    if (model.equals("mlp")) {
      first = 784.0 * 256;
      others = 256.0 * 128 + 128 * 10;
    } else {
      first = 784.0 * 25 * 32;
      others = 196.0 * 800 * 64 + 3136.0 * 512 + 5120;
    }
    return 2.0 * batch * (2 * first + 3 * others);
  }
}
