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
import org.strait.kernels.Matrix;
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
  private Floats x;
  private Floats y;
  private Floats in;
  private Floats out;
  private Matrix matrix;
  private Matrix a;
  private Matrix c;

  @Setup(Level.Trial)
  public void prepare() {
    ops = Workbench.backend(backend).dense();
    int n = Workbench.length(size);
    int rows = size.equals("cache") ? 64 : 2048;
    int cols = n / rows;
    int side = size.equals("cache") ? 64 : 256;
    x = bench.normal(n);
    y = bench.normal(n);
    matrix = Matrix.of(x, rows, cols);
    in = bench.normal(cols);
    out = bench.normal(rows);
    a = Matrix.of(bench.normal((long) side * side), side, side);
    c = Matrix.of(bench.normal((long) side * side), side, side);
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
    ops.gemv(1, matrix, in, 0, out);
  }

  /// Moves 4n bytes.
  @Benchmark
  public void gemvTransposed() {
    ops.gemvTransposed(1, matrix, out, 0, in);
  }

  /// Computes 2·side³ operations.
  @Benchmark
  public void gemm() {
    ops.gemm(false, false, 1, a, a, 0, c);
  }

  /// Computes 2·side³ operations.
  @Benchmark
  public void gemmTransposed() {
    ops.gemm(false, true, 1, a, a, 0, c);
  }
}
