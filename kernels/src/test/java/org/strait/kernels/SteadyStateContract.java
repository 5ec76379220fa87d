package org.strait.kernels;

import static org.junit.jupiter.api.Assertions.assertEquals;

import com.sun.management.ThreadMXBean;
import java.lang.management.ManagementFactory;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.LongSupplier;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;
import org.strait.memory.Bytes;
import org.strait.memory.Floats;
import org.strait.memory.Ints;
import org.strait.memory.Longs;

/// Once compiled, every operation allocates nothing, and gives the same bits as before.
public abstract class SteadyStateContract {
  private static final int N = 1037;
  private static final int SIDE = 37;
  private static final int CALLS = 50;

  /// Compilation runs beside the test. So many batches of calls may pass before it has to be done.
  private static final int MOST_BATCHES = 20_000;

  private final ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();

  protected abstract Backend backend();

  @TestFactory
  Stream<DynamicTest> allocatesNothingAndKeepsItsBits() {
    Backend backend = backend();
    Operands operands = new Operands(11);
    return operations(backend, operands).entrySet().stream()
        .map(
            operation ->
                DynamicTest.dynamicTest(
                    operation.getKey(), () -> checkSteady(operation.getValue())))
        .onClose(operands::close);
  }

  private void checkSteady(LongSupplier operation) {
    long bits = operation.getAsLong();
    long allocated = Long.MAX_VALUE;
    for (int batch = 0; allocated > 0 && batch < MOST_BATCHES; batch++) {
      long before = threads.getCurrentThreadAllocatedBytes();
      for (int call = 0; call < CALLS; call++) {
        assertEquals(bits, operation.getAsLong(), "other bits than the first call");
      }
      allocated = threads.getCurrentThreadAllocatedBytes() - before;
    }
    assertEquals(0, allocated, "bytes allocated by " + CALLS + " calls");
  }

  /// Every operation with fixed operands, returning a digest of what it wrote.
  private static Map<String, LongSupplier> operations(Backend b, Operands operands) {
    Floats x = operands.floats(N);
    Floats y = operands.floats(N);
    Floats z = operands.zeros(N);
    Floats v = operands.zeros(N);
    Floats w = operands.zeros(N);
    Matrix matrix = Matrix.of(operands.floats((long) SIDE * SIDE), SIDE, SIDE);
    Matrix product = Matrix.of(operands.zeros((long) SIDE * SIDE), SIDE, SIDE);
    Matrix big = Matrix.of(operands.floats((long) N * SIDE), N, SIDE);
    Floats side = operands.floats(SIDE);
    Floats sideOut = operands.zeros(SIDE);
    Floats labels = operands.zeros(N);
    for (long i = 0; i < N; i++) {
      labels.set(i, i % 3 == 0 ? 1 : -1);
    }
    Csr rows = diagonalBand(operands);
    Ints scratch = operands.ints(CodecOps.SELECT_SCRATCH);
    Ints indices = operands.ints(100);
    Floats values = operands.zeros(100);
    Bytes codes = operands.bytes(N);
    Floats scales = operands.zeros(Math.ceilDiv(N, 64));
    float threshold = b.codec().kthMagnitude(x, 100, scratch);

    Map<String, LongSupplier> all = new LinkedHashMap<>();
    all.put("dot", () -> Double.doubleToRawLongBits(b.dense().dot(x, y)));
    all.put(
        "axpy",
        () -> {
          z.copyFrom(y);
          b.dense().axpy(0.3f, x, z);
          b.dense().scale(1.7f, z);
          return digest(z);
        });
    for (int count : new int[] {2, 3, 4, 9}) {
      Floats[] runs = new Floats[count];
      for (int k = 0; k < count; k++) {
        runs[k] = operands.zeros(N);
      }
      all.put(
          "sumAll of " + count,
          () -> {
            for (Floats run : runs) {
              run.copyFrom(x);
            }
            b.dense().sumInto(runs, 0, z, 0, N);
            b.dense().sumAll(runs, 0, N);
            return digest(z) + digest(runs[0]) + digest(runs[count - 1]);
          });
    }
    all.put(
        "gemv",
        () -> {
          b.dense().gemv(1, big, side, 0, z);
          return digest(z);
        });
    all.put(
        "gemvTransposed",
        () -> {
          b.dense().gemvTransposed(1, big, x, 0, sideOut);
          return digest(sideOut);
        });
    for (int flags = 0; flags < 4; flags++) {
      boolean transposeA = (flags & 1) != 0;
      boolean transposeB = (flags & 2) != 0;
      all.put(
          "gemm " + transposeA + " " + transposeB,
          () -> {
            b.dense().gemm(transposeA, transposeB, 1, matrix, matrix, 0, product);
            return digest(product.values());
          });
    }
    all.put(
        "dense lossAndGradient",
        () -> {
          sideOut.fill(0);
          double loss =
              b.dense()
                  .lossAndGradient(big, labels, DenseOpsContract::halfSquares, side, z, sideOut);
          return Double.doubleToRawLongBits(loss) + digest(z) + digest(sideOut);
        });
    all.put(
        "margins",
        () -> {
          b.sparse().margins(rows, x, z);
          return digest(z);
        });
    all.put(
        "addScaledRows",
        () -> {
          z.fill(0);
          b.sparse().addScaledRows(rows, x, z);
          b.sparse().addScaledSquares(rows, y, z);
          return digest(z);
        });
    RankedRows ranked = RankedRows.of(rows, operands.memory());
    RowLoss loss =
        (margins, ys, derivatives, from, to) -> {
          for (long r = from; r < to; r++) {
            derivatives.set(r, margins.get(r) - ys.get(r));
          }
          return to - from;
        };
    all.put(
        "lossAndGradient",
        () -> {
          z.fill(0);
          double sum = b.sparse().lossAndGradient(rows, labels, loss, x, v, z);
          sum += b.sparse().lossAndGradient(ranked, labels, loss, x, v, z);
          return Double.doubleToRawLongBits(sum) + digest(z) + digest(v);
        });
    all.put(
        "addCurvatureProduct",
        () -> {
          z.fill(0);
          b.sparse().addCurvatureProduct(rows, y, x, v, z);
          b.sparse().addCurvatureProduct(ranked, y, x, v, z);
          return digest(z) + digest(v);
        });
    all.put(
        "logistic", () -> Double.doubleToRawLongBits(b.loss().logistic(x, labels, z)) + digest(z));
    all.put(
        "squaredHinge",
        () -> Double.doubleToRawLongBits(b.loss().squaredHinge(x, labels, z)) + digest(z));
    all.put("squared", () -> Double.doubleToRawLongBits(b.loss().squared(x, y, z)) + digest(z));
    all.put("huber", () -> Double.doubleToRawLongBits(b.loss().huber(1, x, y, z)) + digest(z));
    Matrix scores = matrix;
    Matrix slopes = product;
    Floats classes = operands.zeros(SIDE);
    all.put(
        "softmax",
        () ->
            Double.doubleToRawLongBits(b.loss().softmax(scores, classes, slopes))
                + digest(product.values()));
    all.put(
        "curvatures",
        () -> {
          b.loss().logisticCurvatures(x, labels, z, 0, N);
          long digest = digest(z);
          b.loss().squaredHingeCurvatures(x, labels, z, 0, N);
          digest += digest(z);
          b.loss().squaredCurvatures(x, labels, z, 0, N);
          digest += digest(z);
          b.loss().huberCurvatures(1, x, labels, z, 0, N);
          b.loss().softmaxCurvatures(scores, slopes, 0, SIDE);
          return digest + digest(z) + digest(product.values());
        });
    all.put(
        "exp",
        () -> {
          b.loss().exp(x, z, 0, N);
          b.loss().log1p(z, z, 0, N);
          return digest(z);
        });
    all.put(
        "sgd",
        () -> {
          w.copyFrom(y);
          b.update().sgd(0.1f, x, w);
          return digest(w);
        });
    for (boolean nesterov : new boolean[] {false, true}) {
      all.put(
          "momentum " + nesterov,
          () -> {
            v.fill(0.5f);
            w.copyFrom(y);
            b.update().momentum(0.1f, 0.9f, nesterov, x, v, w);
            return digest(v) + digest(w);
          });
    }
    all.put(
        "adamW",
        () -> {
          z.fill(0.25f);
          v.fill(0.5f);
          w.copyFrom(y);
          b.update().adamW(0.1f, 0.9f, 0.99f, 1e-8f, 0.01f, 3, x, z, v, w);
          return digest(z) + digest(v) + digest(w);
        });
    Windows windows = new Windows(6, 6, 16, 3, 3, 1, 1);
    Floats image = operands.floats(windows.imageFloats());
    Floats imageBack = operands.zeros(windows.imageFloats());
    Floats pooled = operands.zeros(windows.pooledFloats());
    Floats patches = operands.zeros((long) windows.count() * windows.patchFloats());
    all.put(
        "layers",
        () -> {
          b.net().patches(windows, image, 0, patches, 0);
          b.net().addPatches(windows, patches, 0, imageBack, 0);
          b.net().maxPool(windows, image, 0, pooled, 0);
          b.net().maxPoolBack(windows, image, imageBack, 0, pooled, 0);
          b.net().averagePool(windows, imageBack, 0, pooled, 0);
          b.net().relu(pooled, 0, pooled.length());
          return digest(pooled) + digest(patches);
        });
    all.put("maxAbs", () -> Float.floatToRawIntBits(b.codec().maxAbs(x)));
    all.put("countAtLeast", () -> b.codec().countAtLeast(x, 0.5f));
    all.put("kthMagnitude", () -> Float.floatToRawIntBits(b.codec().kthMagnitude(x, 100, scratch)));
    all.put(
        "select",
        () -> {
          b.codec().select(x, threshold, 100, indices, values);
          return digest(values) + indices.get(99);
        });
    all.put("keep", () -> b.codec().selectAtLeast(x, threshold, indices, values) + digest(values));
    Bytes packed = operands.bytes(PackedCodes.bytes(6, N));
    for (int bits : new int[] {1, 2, 4, 5, 6}) {
      all.put(
          "quantize to " + bits,
          () -> {
            b.codec().quantize(bits, x, 512, packed, scales, 0, N);
            b.codec().dequantize(bits, packed, 512, scales, z, 0, N);
            b.codec().addDequantized(bits, 0.5f, packed, 512, scales, z, 0, N);
            b.codec().unpack(bits, packed, codes, 0, N);
            b.codec().pack(bits, codes, packed, 0, N);
            return digest(z) + packed.get(7);
          });
    }
    Bytes halves = operands.bytes(Half.BYTES * N);
    for (Half format : Half.values()) {
      all.put(
          format.name(),
          () -> {
            b.codec().narrow(format, x, halves, 0, N);
            b.codec().widen(format, halves, z, 0, N);
            b.codec().addWidened(format, 0.5f, halves, z, 0, N);
            return digest(z);
          });
    }
    Floats bigRun = operands.floats(KthMagnitude.LONG_RUN + 5);
    all.put(
        "kthMagnitude of a long run",
        () -> Float.floatToRawIntBits(b.codec().kthMagnitude(bigRun, 1000, scratch)));
    all.put(
        "quantize8",
        () -> {
          b.codec().quantize8(x, x.length(), 64, codes, scales);
          b.codec().dequantize8(codes, z.length(), 64, scales, z);
          return digest(z) + digest(scales);
        });
    all.put(
        "codes as bytes",
        () -> {
          b.codec().quantizeToBytes(4, x, 256, codes, scales, 0, N);
          long sum = codes.get(17);
          b.codec().quantizeSteps(x, 0.1f, 0.4f, codes, 0, N);
          z.copyFrom(y);
          b.codec().addScaled(0.5f, x, z);
          return digest(z)
              + 31 * (sum + codes.get(17))
              + Double.doubleToRawLongBits(b.codec().sumOfSquares(x, 0, N));
        });
    all.put(
        "scatterAdd",
        () -> {
          z.fill(0);
          b.codec().scatterAdd(100, indices, 2, values, z);
          return digest(z);
        });
    return all;
  }

  /// N rows of up to 9 entries around the diagonal.
  private static Csr diagonalBand(Operands operands) {
    Longs rowStart = operands.memory().longs(N + 1L);
    Ints index = operands.ints(9L * N);
    Floats value = operands.floats(9L * N);
    long at = 0;
    for (int r = 0; r < N; r++) {
      rowStart.set(r, at);
      for (int c = Math.max(0, r - 4); c <= Math.min(N - 1, r + 4); c++) {
        index.set(at++, c);
      }
    }
    rowStart.set(N, at);
    return new Csr(N, N, rowStart, index, value);
  }

  private static long digest(Floats run) {
    long digest = 0;
    for (long i = 0; i < run.length(); i++) {
      digest = 31 * digest + Float.floatToRawIntBits(run.get(i));
    }
    return digest;
  }
}
