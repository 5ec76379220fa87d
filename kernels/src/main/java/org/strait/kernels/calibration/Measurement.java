package org.strait.kernels.calibration;

import com.sun.management.OperatingSystemMXBean;
import java.lang.management.ManagementFactory;
import java.util.Arrays;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.function.Consumer;
import org.strait.kernels.Backend;
import org.strait.kernels.BackendUnavailableException;
import org.strait.kernels.Backends;
import org.strait.kernels.CodecOps;
import org.strait.kernels.Csr;
import org.strait.kernels.Matrix;
import org.strait.kernels.RowLoss;
import org.strait.memory.Bytes;
import org.strait.memory.Floats;
import org.strait.memory.HostMemory;
import org.strait.memory.Ints;
import org.strait.memory.Longs;

/// Measures what one backend costs in this JVM, warm-up included: a JVM measures one backend once,
/// and has run no kernel before.
public final class Measurement {
  /// Backends that only compute matrix products themselves.
  public static final Set<String> PRODUCTS_ONLY = Set.of("openblas");

  private static final int N = 1 << 18;
  private static final int ENTRIES_PER_ROW = 32;
  private static final int COLS = 1 << 16;
  private static final int M = 64;
  private static final int K = 256;
  private static final int KEPT = N / 32;
  private static final int BLOCK = 64;

  /// Longest time for one kind of work, and how long it runs on without having become faster.
  private static final long MOST_NANOS = 2_500_000_000L;

  private static final long STEADY_NANOS = 150_000_000;
  private static final int LEAST_CALLS = 24;

  private final OperatingSystemMXBean system =
      (OperatingSystemMXBean) ManagementFactory.getOperatingSystemMXBean();
  private final double[] nanos = new double[1 << 16];
  private final SplittableRandom random = new SplittableRandom(1);

  private Measurement() {}

  /// Measures a backend, a few tenths of a second for each kind of work; hands out the lines of a
  /// {@link Calibration}.
  ///
  /// @param name as given to {@link Backends#choose}; {@code simd} is measured under its width
  public static void run(String name, Consumer<String> lines) throws BackendUnavailableException {
    new Measurement().all(name, lines);
  }

  private void all(String name, Consumer<String> lines) throws BackendUnavailableException {
    try (HostMemory memory = HostMemory.unlimited("calibration")) {
      Floats x = gaussian(memory.floats(N));
      Floats y = gaussian(memory.floats(N));
      long before = system.getProcessCpuTime();
      try (Backend backend = Backends.choose(name).backend()) {
        backend.dense().dot(x.slice(0, BLOCK), y.slice(0, BLOCK));
        double start = (system.getProcessCpuTime() - before) * 1e-9;
        lines.accept(Calibration.startLine(backend.name(), start));
        for (Workload kind : Workload.values()) {
          if (kind == Workload.PRODUCTS || !PRODUCTS_ONLY.contains(name)) {
            Cost cost = cost(task(kind, backend, x, y, memory), elements(kind));
            lines.accept(Calibration.line(backend.name(), kind, cost));
          }
        }
      }
    }
  }

  /// Elements of one call of a task.
  private static double elements(Workload kind) {
    return switch (kind) {
      case VECTORS, SPARSE -> 2.0 * N;
      case PRODUCTS -> (double) M * M * K;
      case LOSS, UPDATE, CODEC -> N;
    };
  }

  private Runnable task(Workload kind, Backend backend, Floats x, Floats y, HostMemory memory) {
    Floats z = memory.floats(N);
    return switch (kind) {
      case VECTORS ->
          () -> {
            backend.dense().dot(x, y);
            backend.dense().axpy(1e-9f, x, y);
          };
      case PRODUCTS -> {
        Matrix a = Matrix.of(x, M, K);
        Matrix b = Matrix.of(y, K, M);
        Matrix c = Matrix.of(z, M, M);
        yield () -> backend.dense().gemm(false, false, 1, a, b, 0, c);
      }
      case SPARSE -> {
        Csr rows = rows(x, memory);
        Floats weights = gaussian(memory.floats(COLS));
        Floats gradient = memory.floats(COLS);
        Floats margins = memory.floats(rows.rows());
        Floats labels = memory.floats(rows.rows());
        RowLoss loss = backend.loss()::squared;
        yield () ->
            backend.sparse().lossAndGradient(rows, labels, loss, weights, margins, gradient);
      }
      case LOSS -> {
        Floats labels = memory.floats(N);
        for (int i = 0; i < N; i++) {
          labels.set(i, random.nextBoolean() ? 1 : -1);
        }
        yield () -> backend.loss().logistic(x, labels, z);
      }
      case UPDATE -> () -> backend.update().momentum(1e-9f, 0.9f, false, x, z, y);
      case CODEC -> {
        Ints scratch = memory.ints(CodecOps.SELECT_SCRATCH);
        Ints indices = memory.ints(KEPT);
        Floats values = memory.floats(KEPT);
        Bytes codes = memory.bytes(KEPT);
        Floats scales = memory.floats(Math.ceilDiv(KEPT, BLOCK));
        yield () -> {
          float threshold = backend.codec().kthMagnitude(x, KEPT, scratch);
          backend.codec().select(x, threshold, KEPT, indices, values);
          backend.codec().quantize8(values, KEPT, BLOCK, codes, scales);
          backend.codec().dequantize8(codes, KEPT, BLOCK, scales, values);
          backend.codec().scatterAdd(KEPT, indices, 1e-9f, values, z);
        };
      }
    };
  }

  private Floats gaussian(Floats run) {
    for (long i = 0; i < run.length(); i++) {
      run.set(i, (float) random.nextGaussian());
    }
    return run;
  }

  private Csr rows(Floats values, HostMemory memory) {
    int rows = N / ENTRIES_PER_ROW;
    int stride = COLS / ENTRIES_PER_ROW;
    Longs starts = memory.longs(rows + 1L);
    Ints indices = memory.ints(N);
    for (int row = 0; row <= rows; row++) {
      starts.set(row, (long) row * ENTRIES_PER_ROW);
    }
    for (int i = 0; i < N; i++) {
      indices.set(i, i % ENTRIES_PER_ROW * stride + random.nextInt(stride));
    }
    return new Csr(rows, COLS, starts, indices, values);
  }

  /// Calls a task until it does not become faster any more.
  private Cost cost(Runnable task, double elements) {
    long cpuBefore = system.getProcessCpuTime();
    long start = System.nanoTime();
    long last = start;
    long improved = start;
    double best = Double.POSITIVE_INFINITY;
    int calls = 0;
    while (calls < nanos.length
        && last - start < MOST_NANOS
        && (calls < LEAST_CALLS || last - improved < STEADY_NANOS)) {
      task.run();
      long now = System.nanoTime();
      nanos[calls] = now - last;
      last = now;
      if (nanos[calls] < 0.9 * best) {
        best = nanos[calls];
        improved = now;
      }
      calls++;
    }
    double spent = system.getProcessCpuTime() - cpuBefore;
    double hot = median(Arrays.copyOfRange(nanos, calls * 3 / 4, calls));
    return new Cost(Math.max(0, spent - calls * hot) * 1e-9, hot / elements);
  }

  private static double median(double[] values) {
    Arrays.sort(values);
    return values[values.length / 2];
  }
}
