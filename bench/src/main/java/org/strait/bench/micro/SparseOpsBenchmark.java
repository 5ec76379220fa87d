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
import org.strait.kernels.Csr;
import org.strait.kernels.SparseOps;
import org.strait.memory.Floats;
import org.strait.memory.Ints;
import org.strait.memory.Longs;

/// Sparse rows of 32 entries, n entries in all, spread over 8,192 columns in the caches and 262,144
/// in memory.
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
public class SparseOpsBenchmark {
  @Param({"scalar", "simd"})
  public String backend;

  @Param({"L1", "L2", "L3", "memory"})
  public String size;

  private final Workbench bench = new Workbench();
  private SparseOps ops;
  private Csr x;
  private Floats weights;
  private Floats margins;
  private Floats coefficients;

  @Setup(Level.Trial)
  public void prepare() {
    ops = Workbench.backend(backend).sparse();
    int n = Workbench.length(size);
    int perRow = 32;
    int rows = n / perRow;
    int cols = size.equals("memory") ? 1 << 18 : 1 << 13;
    Longs rowStart = bench.memory.longs(rows + 1L);
    Ints index = bench.memory.ints(n);
    int stripe = cols / perRow;
    for (int r = 0; r < rows; r++) {
      rowStart.set(r + 1L, (r + 1L) * perRow);
      for (int e = 0; e < perRow; e++) {
        index.set((long) r * perRow + e, e * stripe + bench.random().nextInt(stripe));
      }
    }
    x = new Csr(rows, cols, rowStart, index, bench.normal(n));
    weights = bench.normal(cols);
    margins = bench.memory.floats(rows);
    coefficients = bench.normal(rows);
  }

  @TearDown(Level.Trial)
  public void close() {
    bench.close();
  }

  @Benchmark
  @Amount(bytes = 12, flops = 2)
  public void margins() {
    ops.margins(x, weights, margins);
  }

  @Benchmark
  @Amount(bytes = 16, flops = 2)
  public void addScaledRows() {
    ops.addScaledRows(x, coefficients, weights);
  }

  @Benchmark
  @Amount(bytes = 16, flops = 3)
  public void addScaledSquares() {
    ops.addScaledSquares(x, coefficients, weights);
  }
}
