package org.strait.kernels.team;

import static org.junit.jupiter.api.Assertions.assertEquals;

import com.sun.management.ThreadMXBean;
import java.lang.management.ManagementFactory;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.ToLongFunction;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.TestFactory;
import org.strait.kernels.Backend;
import org.strait.kernels.BackendUnavailableException;
import org.strait.kernels.Backends;
import org.strait.kernels.BlockCodesContract;
import org.strait.kernels.CodecOps;
import org.strait.kernels.CodecOpsContract;
import org.strait.kernels.Half;
import org.strait.kernels.LossFamilyContract;
import org.strait.kernels.LossOpsContract;
import org.strait.kernels.Matrix;
import org.strait.kernels.Operands;
import org.strait.kernels.PackedCodes;
import org.strait.kernels.SelectionContract;
import org.strait.kernels.UpdateOpsContract;
import org.strait.memory.Bytes;
import org.strait.memory.Floats;
import org.strait.memory.Ints;

/// Losses, updates and codecs by a team: every contract, the same bits for 1, 2 and 3 threads, and
/// no allocation.
class TeamOpsTest {
  /// Enough for more parts than threads, and no multiple of anything.
  private static final int N = 300_007;

  private static final int CALLS = 3;
  private static final int MOST_BATCHES = 20_000;

  private final ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();

  private static Backend team(int threads) {
    try {
      return new TeamBackend(Backends.choose("auto").backend(), new Team("test", threads));
    } catch (BackendUnavailableException e) {
      throw new AssertionError("auto always finds a backend", e);
    }
  }

  private static final Backend THREE = team(3);

  @Nested
  class Loss extends LossOpsContract {
    @Override
    protected Backend backend() {
      return THREE;
    }
  }

  @Nested
  class LossFamily extends LossFamilyContract {
    @Override
    protected Backend backend() {
      return THREE;
    }
  }

  @Nested
  class Update extends UpdateOpsContract {
    @Override
    protected Backend backend() {
      return THREE;
    }
  }

  @Nested
  class Codec extends CodecOpsContract {
    @Override
    protected Backend backend() {
      return THREE;
    }
  }

  @Nested
  class BlockCodes extends BlockCodesContract {
    @Override
    protected Backend backend() {
      return THREE;
    }
  }

  @Nested
  class Selection extends SelectionContract {
    @Override
    protected Backend backend() {
      return THREE;
    }
  }

  @TestFactory
  Stream<DynamicTest> sameBitsForEveryTeamAndNoAllocation() {
    Operands operands = new Operands(21);
    Backend one = team(1);
    Backend two = team(2);
    return operations(operands).entrySet().stream()
        .map(
            operation ->
                DynamicTest.dynamicTest(
                    operation.getKey(),
                    () -> {
                      long bits = operation.getValue().applyAsLong(one);
                      assertEquals(bits, operation.getValue().applyAsLong(two), "2 threads");
                      assertEquals(bits, operation.getValue().applyAsLong(THREE), "3 threads");
                      checkSteady(operation.getValue(), two, bits);
                    }))
        .onClose(
            () -> {
              one.close();
              two.close();
              operands.close();
            });
  }

  private void checkSteady(ToLongFunction<Backend> operation, Backend backend, long bits) {
    long allocated = Long.MAX_VALUE;
    for (int batch = 0; allocated > 0 && batch < MOST_BATCHES; batch++) {
      long before = threads.getCurrentThreadAllocatedBytes();
      for (int call = 0; call < CALLS; call++) {
        assertEquals(bits, operation.applyAsLong(backend), "other bits than the first call");
      }
      allocated = threads.getCurrentThreadAllocatedBytes() - before;
    }
    assertEquals(0, allocated, "bytes allocated by " + CALLS + " calls");
  }

  private static Map<String, ToLongFunction<Backend>> operations(Operands operands) {
    Floats x = operands.floats(N);
    Floats y = operands.floats(N);
    Floats labels = operands.zeros(N);
    for (long i = 0; i < N; i++) {
      labels.set(i, i % 3 == 0 ? 1 : -1);
    }
    Floats z = operands.zeros(N);
    Floats v = operands.zeros(N);
    Floats w = operands.zeros(N);
    Map<String, ToLongFunction<Backend>> all = new LinkedHashMap<>();
    all.put("logistic", b -> bits(b.loss().logistic(x, labels, z)) + digest(z));
    all.put("squaredHinge", b -> bits(b.loss().squaredHinge(x, labels, z)) + digest(z));
    all.put("squared", b -> bits(b.loss().squared(x, y, z)) + digest(z));
    all.put("huber", b -> bits(b.loss().huber(0.5f, x, y, z)) + digest(z));
    Matrix scores = Matrix.of(x, N / 10, 10);
    Matrix slopes = Matrix.of(z, N / 10, 10);
    Floats classes = operands.zeros(N / 10);
    all.put("softmax", b -> bits(b.loss().softmax(scores, classes, slopes)) + digest(z));
    all.put(
        "curvatures",
        b -> {
          b.loss().logisticCurvatures(x, labels, z, 0, N);
          long digest = digest(z);
          b.loss().squaredHingeCurvatures(x, labels, z, 0, N);
          digest += digest(z);
          b.loss().squaredCurvatures(x, labels, z, 0, N);
          digest += digest(z);
          b.loss().huberCurvatures(0.5f, x, y, z, 0, N);
          digest += digest(z);
          b.loss().softmaxCurvatures(scores, slopes, 0, N / 10);
          return digest + digest(z);
        });
    all.put(
        "exp",
        b -> {
          b.loss().exp(x, z, 0, N);
          b.loss().log1p(z, z, 0, N);
          return digest(z);
        });
    all.put(
        "updates",
        b -> {
          z.fill(0.25f);
          v.fill(0.5f);
          w.copyFrom(y);
          b.update().sgd(0.1f, x, w);
          b.update().momentum(0.1f, 0.9f, true, x, v, w);
          b.update().adamW(0.1f, 0.9f, 0.99f, 1e-8f, 0.01f, 3, x, z, v, w);
          return digest(z) + digest(v) + digest(w);
        });
    addCodec(all, operands, x, z);
    return all;
  }

  private static void addCodec(
      Map<String, ToLongFunction<Backend>> all, Operands operands, Floats x, Floats z) {
    Ints scratch = operands.ints(CodecOps.SELECT_SCRATCH);
    Ints indices = operands.ints(3000);
    Floats values = operands.zeros(3000);
    all.put("maxAbs", b -> Float.floatToRawIntBits(b.codec().maxAbs(x)));
    all.put("countAtLeast", b -> b.codec().countAtLeast(x, 0.5f));
    all.put(
        "top",
        b -> {
          float threshold = b.codec().kthMagnitude(x, 3000, scratch);
          b.codec().select(x, threshold, 3000, indices, values);
          z.fill(0);
          b.codec().scatterAdd(3000, indices, 2, values, z);
          return digest(z);
        });
    all.put(
        "threshold",
        b -> {
          long kept = b.codec().selectAtLeast(x, 2.8f, indices, values);
          z.fill(0);
          b.codec().scatterAdd(kept, indices, 2, values, z);
          return digest(z);
        });
    Bytes codes = operands.bytes(Math.max(N, PackedCodes.bytes(6, N)));
    Bytes bytes = operands.bytes(N);
    Floats scales = operands.zeros(N / 512 + 1);
    for (int bits : new int[] {1, 2, 4, 5, 6, 8}) {
      all.put(
          "codes of " + bits + " bits",
          b -> {
            b.codec().quantize(bits, x, 512, codes, scales, 0, N);
            b.codec().dequantize(bits, codes, 512, scales, z, 0, N);
            b.codec().addDequantized(bits, 0.5f, codes, 512, scales, z, 0, N);
            b.codec().unpack(bits, codes, bytes, 0, N);
            b.codec().pack(bits, bytes, codes, 0, N);
            long digest = 0;
            for (long i = 0; i < codes.length(); i++) {
              digest = 31 * digest + codes.get(i);
            }
            return digest + digest(z);
          });
    }
    Bytes halves = operands.bytes(Half.BYTES * N);
    for (Half format : Half.values()) {
      all.put(
          format.name(),
          b -> {
            b.codec().narrow(format, x, halves, 0, N);
            b.codec().widen(format, halves, z, 0, N);
            b.codec().addWidened(format, 0.5f, halves, z, 0, N);
            return digest(z);
          });
    }
  }

  private static long bits(double value) {
    return Double.doubleToRawLongBits(value);
  }

  private static long digest(Floats run) {
    long digest = 0;
    for (long i = 0; i < run.length(); i++) {
      digest = 31 * digest + Float.floatToRawIntBits(run.get(i));
    }
    return digest;
  }
}
