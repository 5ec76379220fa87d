package org.strait.bench.micro;

import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Level;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;
import org.openjdk.jmh.annotations.Warmup;
import org.strait.kernels.UpdateOps;
import org.strait.memory.Floats;

/// Optimiser updates of n parameters.
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.MICROSECONDS)
@Warmup(iterations = 3, time = 1)
@Measurement(iterations = 3, time = 1)
@Fork(
    value = 3,
    jvmArgsAppend = {
      "--add-modules=jdk.incubator.vector",
      "--enable-native-access=ALL-UNNAMED",
      "-XX:+UseSerialGC"
    })
public class UpdateOpsBenchmark {
  @Param({"scalar", "simd"})
  public String backend;

  @Param({"L1", "L2", "L3", "memory"})
  public String size;

  private final Workbench bench = new Workbench();
  private UpdateOps ops;
  private Floats gradient;
  private Floats first;
  private Floats second;
  private Floats weights;

  @Setup(Level.Trial)
  public void prepare() {
    ops = Workbench.backend(backend).update();
    int n = Workbench.length(size);
    gradient = bench.normal(n);
    first = bench.memory.floats(n);
    second = bench.memory.floats(n);
    weights = bench.normal(n);
  }

  @TearDown(Level.Trial)
  public void close() {
    bench.close();
  }

  @Benchmark
  @Amount(bytes = 12, flops = 2)
  public void sgd() {
    ops.sgd(1e-9f, gradient, weights);
  }

  @Benchmark
  @Amount(bytes = 20, flops = 6)
  public void momentum() {
    ops.momentum(1e-9f, 0.9f, true, gradient, first, weights);
  }

  @Benchmark
  @Amount(bytes = 28)
  public void adamW() {
    ops.adamW(1e-9f, 0.9f, 0.999f, 1e-8f, 0.01f, 10, gradient, first, second, weights);
  }
}
