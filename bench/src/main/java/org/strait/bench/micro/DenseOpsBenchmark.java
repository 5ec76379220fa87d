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
import org.strait.kernels.DenseOps;
import org.strait.memory.Floats;

/// Dense vectors and matrices. n is 4,096 in cache and 8,388,608 in memory; the matrix of the
/// matrix-vector products has n elements in 64 or 2,048 rows, the square matrices 64 or 256 rows.
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.MICROSECONDS)
@Warmup(iterations = 3, time = 1)
@Measurement(iterations = 3, time = 1)
@Fork(
    value = 1,
    jvmArgsAppend = {
      "--add-modules=jdk.incubator.vector",
      "--enable-native-access=ALL-UNNAMED",
      "-XX:+UseSerialGC"
    })
public class DenseOpsBenchmark {
  @Param({"scalar", "simd", "openblas"})
  public String backend;

  @Param({"cache", "memory"})
  public String size;

  private final Workbench bench = new Workbench();
  private DenseOps ops;
  private int rows;
  private int cols;
  private int side;
  private Floats x;
  private Floats y;
  private Floats in;
  private Floats out;
  private Floats a;
  private Floats c;

  @Setup(Level.Trial)
  public void prepare() {
    ops = Workbench.backend(backend).dense();
    int n = Workbench.length(size);
    rows = size.equals("cache") ? 64 : 2048;
    cols = n / rows;
    side = size.equals("cache") ? 64 : 256;
    x = bench.normal(n);
    y = bench.normal(n);
    in = bench.normal(cols);
    out = bench.normal(rows);
    a = bench.normal((long) side * side);
    c = bench.normal((long) side * side);
  }

  @TearDown(Level.Trial)
  public void close() {
    bench.close();
  }

  /// Moves 8n bytes.
  @Benchmark
  public double dot() {
    return ops.dot(x, y);
  }

  /// Moves 12n bytes.
  @Benchmark
  public void axpy() {
    ops.axpy(1e-9f, x, y);
  }

  /// Moves 4n bytes.
  @Benchmark
  public void gemv() {
    ops.gemv(rows, cols, 1, x, in, 0, out);
  }

  /// Moves 4n bytes.
  @Benchmark
  public void gemvTransposed() {
    ops.gemvTransposed(rows, cols, 1, x, out, 0, in);
  }

  /// Computes 2·side³ operations.
  @Benchmark
  public void gemm() {
    ops.gemm(false, false, side, side, side, 1, a, a, 0, c);
  }

  /// Computes 2·side³ operations.
  @Benchmark
  public void gemmTransposed() {
    ops.gemm(false, true, side, side, side, 1, a, a, 0, c);
  }
}
