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
import org.strait.kernels.CodecOps;
import org.strait.memory.Bytes;
import org.strait.memory.Floats;
import org.strait.memory.Ints;

/// Selection and quantisation of n elements; one in a hundred is selected, blocks have 256
/// elements.
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
public class CodecOpsBenchmark {
  @Param({"scalar", "simd"})
  public String backend;

  @Param({"L1", "L2", "L3", "memory"})
  public String size;

  private final Workbench bench = new Workbench();
  private CodecOps ops;
  private static final int BLOCK = 256;

  private Floats x;
  private Floats restored;
  private Floats values;
  private Floats scales;
  private Ints scratch;
  private Ints indices;
  private Bytes codes;
  private long k;
  private float threshold;

  @Setup(Level.Trial)
  public void prepare() {
    ops = Workbench.backend(backend).codec();
    int n = Workbench.length(size);
    x = bench.normal(n);
    restored = bench.memory.floats(n);
    k = n / 100;
    values = bench.memory.floats(k);
    indices = bench.memory.ints(k);
    scratch = bench.memory.ints(CodecOps.SELECT_SCRATCH);
    codes = bench.memory.bytes(n);
    scales = bench.memory.floats(Math.ceilDiv(n, BLOCK));
    threshold = ops.kthMagnitude(x, k, scratch);
    ops.select(x, threshold, k, indices, values);
    ops.quantize8(x, x.length(), BLOCK, codes, scales);
  }

  @TearDown(Level.Trial)
  public void close() {
    bench.close();
  }

  @Benchmark
  @Amount(bytes = 4)
  public float maxAbs() {
    return ops.maxAbs(x);
  }

  @Benchmark
  @Amount(bytes = 4)
  public long countAtLeast() {
    return ops.countAtLeast(x, threshold);
  }

  @Benchmark
  @Amount(bytes = 8)
  public float kthMagnitude() {
    return ops.kthMagnitude(x, k, scratch);
  }

  @Benchmark
  @Amount(bytes = 8)
  public void select() {
    ops.select(x, threshold, k, indices, values);
  }

  @Benchmark
  @Amount(bytes = 5)
  public void quantize8() {
    ops.quantize8(x, x.length(), BLOCK, codes, scales);
  }

  @Benchmark
  @Amount(bytes = 5)
  public void dequantize8() {
    ops.dequantize8(codes, restored.length(), BLOCK, scales, restored);
  }

  @Benchmark
  @Amount(bytes = 0.16, flops = 0.02)
  public void scatterAdd() {
    ops.scatterAdd(k, indices, 1e-9f, values, restored);
  }
}
