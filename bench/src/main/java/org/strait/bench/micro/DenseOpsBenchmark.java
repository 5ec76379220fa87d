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

/// Dense vectors and matrices. The matrix of the matrix-vector products has n elements in rows of
/// 64, 512 in memory; the square matrices have 32 to 1,024 rows.
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
public class DenseOpsBenchmark {
  @Param({"scalar", "simd", "openblas"})
  public String backend;

  @Param({"L1", "L2", "L3", "memory"})
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
    int cols = size.equals("memory") ? 512 : 64;
    int rows = n / cols;
    int side = Workbench.side(size);
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

  @Benchmark
  @Amount(bytes = 8, flops = 2)
  public double dot() {
    return ops.dot(x, y);
  }

  @Benchmark
  @Amount(bytes = 12, flops = 2)
  public void axpy() {
    ops.axpy(1e-9f, x, y);
  }

  @Benchmark
  @Amount(bytes = 8, flops = 1)
  public void scale() {
    ops.scale(1.0000001f, x);
  }

  @Benchmark
  @Amount(bytes = 4, flops = 2)
  public void gemv() {
    ops.gemv(1, matrix, in, 0, out);
  }

  @Benchmark
  @Amount(bytes = 4, flops = 2)
  public void gemvTransposed() {
    ops.gemvTransposed(1, matrix, out, 0, in);
  }

  @Benchmark
  @Amount(cubeFlops = 2)
  public void gemm() {
    ops.gemm(false, false, 1, a, a, 0, c);
  }

  @Benchmark
  @Amount(cubeFlops = 2)
  public void gemmTransposed() {
    ops.gemm(false, true, 1, a, a, 0, c);
  }
}
