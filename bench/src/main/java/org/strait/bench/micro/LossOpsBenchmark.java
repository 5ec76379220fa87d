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
import org.strait.kernels.LossOps;
import org.strait.memory.Floats;

/// Losses of n rows.
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
public class LossOpsBenchmark {
  @Param({"scalar", "simd"})
  public String backend;

  @Param({"L1", "L2", "L3", "memory"})
  public String size;

  private final Workbench bench = new Workbench();
  private LossOps ops;
  private Floats margins;
  private Floats labels;
  private Floats derivatives;

  @Setup(Level.Trial)
  public void prepare() {
    ops = Workbench.backend(backend).loss();
    int n = Workbench.length(size);
    margins = bench.normal(n);
    labels = bench.signs(n);
    derivatives = bench.memory.floats(n);
  }

  @TearDown(Level.Trial)
  public void close() {
    bench.close();
  }

  /// Logistic loss.
  @Benchmark
  @Amount(bytes = 12)
  public double logistic() {
    return ops.logistic(margins, labels, derivatives);
  }

  /// Squared hinge loss.
  @Benchmark
  @Amount(bytes = 12)
  public double squaredHinge() {
    return ops.squaredHinge(margins, labels, derivatives);
  }

  /// Squared loss.
  @Benchmark
  @Amount(bytes = 12)
  public double squared() {
    return ops.squared(margins, labels, derivatives);
  }
}
