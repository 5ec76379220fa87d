package org.strait.kernels;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Arrays;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.function.Executable;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.strait.memory.Bytes;
import org.strait.memory.Floats;
import org.strait.memory.Ints;

/// What every backend's selection and quantisation must do, against sorting and plain arithmetic.
public abstract class CodecOpsContract {
  protected abstract Backend backend();

  @ParameterizedTest
  @MethodSource("org.strait.kernels.Sizes#all")
  void maxAbsAndCountAreExact(int n) {
    try (Operands operands = new Operands(n)) {
      Floats x = operands.floats(n);
      float[] magnitudes = magnitudes(x);
      float max = n == 0 ? 0 : magnitudes[0];
      assertEquals(max, backend().codec().maxAbs(x));
      float median = n == 0 ? 0 : magnitudes[n / 2];
      long expected = 0;
      for (float magnitude : magnitudes) {
        expected += magnitude >= median ? 1 : 0;
      }
      assertEquals(expected, backend().codec().countAtLeast(x, median));
      assertEquals(n, backend().codec().countAtLeast(x, 0));
      assertEquals(0, backend().codec().countAtLeast(x, Math.nextUp(max)));
    }
  }

  @Test
  void maxAbsSeesNotANumberAndInfinity() {
    try (Operands operands = new Operands(1)) {
      for (int at : new int[] {0, 13, 40, 66}) {
        Floats x = operands.floats(67);
        x.set(at, Float.NEGATIVE_INFINITY);
        assertEquals(Float.POSITIVE_INFINITY, backend().codec().maxAbs(x));
        x.set(at, Float.NaN);
        assertTrue(Float.isNaN(backend().codec().maxAbs(x)));
      }
    }
  }

  /// Magnitudes in descending order.
  private static float[] magnitudes(Floats x) {
    float[] sorted = new float[(int) x.length()];
    for (int i = 0; i < sorted.length; i++) {
      sorted[i] = -Math.abs(x.get(i));
    }
    Arrays.sort(sorted);
    for (int i = 0; i < sorted.length; i++) {
      sorted[i] = Math.abs(sorted[i]);
    }
    return sorted;
  }

  @ParameterizedTest
  @CsvSource({
    "1, 1",
    "5, 1",
    "5, 5",
    "17, 3",
    "67, 66",
    "67, 67",
    "997, 10",
    "997, 500",
    "100003, 1000",
    "100003, 1",
    "100003, 100003",
    "1000003, 10000"
  })
  void selectionIsExact(int n, int k) {
    try (Operands operands = new Operands(n + k)) {
      checkSelection(operands, operands.floats(n), k);
    }
  }

  @ParameterizedTest
  @CsvSource({"67, 1", "67, 20", "67, 67", "70001, 30000"})
  void tiesGoToTheLowerIndex(int n, int k) {
    try (Operands operands = new Operands(n + k)) {
      Floats x = operands.zeros(n);
      checkSelection(operands, x, k);
      for (long i = 0; i < n; i++) {
        x.set(i, (operands.random().nextInt(5) - 2) * 0.5f);
      }
      checkSelection(operands, x, k);
      x.fill(-3);
      checkSelection(operands, x, k);
    }
  }

  @Test
  void selectionAcrossAllMagnitudes() {
    try (Operands operands = new Operands(9)) {
      Floats x = operands.zeros(2000);
      for (long i = 0; i < x.length(); i++) {
        x.set(i, Float.intBitsToFloat(operands.random().nextInt() & 0xff7fffff));
      }
      x.set(100, Float.POSITIVE_INFINITY);
      x.set(101, Float.MIN_VALUE);
      x.set(102, -0f);
      for (int k : new int[] {1, 2, 700, 1999, 2000}) {
        checkSelection(operands, x, k);
      }
    }
  }

  private void checkSelection(Operands operands, Floats x, int k) {
    Floats before = operands.copy(x);
    Ints scratch = operands.ints(CodecOps.SELECT_SCRATCH);
    scratch.fill(7);
    float threshold = backend().codec().kthMagnitude(x, k, scratch);
    assertEquals(magnitudes(x)[k - 1], threshold);
    Ints indices = operands.ints(k + 5L);
    Floats values = operands.zeros(k + 5L);
    indices.fill(-1);
    values.fill(-1);
    backend().codec().select(x, threshold, k, indices, values);
    long ties = k;
    for (long i = 0; i < x.length(); i++) {
      ties -= Math.abs(x.get(i)) > threshold ? 1 : 0;
    }
    int at = 0;
    for (long i = 0; i < x.length(); i++) {
      float magnitude = Math.abs(x.get(i));
      if (magnitude > threshold || (magnitude == threshold && ties-- > 0)) {
        assertEquals(i, indices.get(at));
        assertEquals(x.get(i), values.get(at));
        at++;
      }
    }
    assertEquals(k, at);
    for (long i = k; i < k + 5L; i++) {
      assertEquals(-1, indices.get(i), "written beyond k");
      assertEquals(-1, values.get(i), "written beyond k");
    }
    assertArrayEquals(before.toArray(), x.toArray());
  }

  @ParameterizedTest
  @CsvSource({
    "0, 4",
    "1, 1",
    "1, 256",
    "5, 3",
    "67, 16",
    "67, 17",
    "131, 1",
    "997, 64",
    "997, 1000",
    "100003, 256"
  })
  void quantize8RoundsHalfToEven(int n, int block) {
    try (Operands operands = new Operands(n + block)) {
      Floats x = operands.floats(n);
      Floats before = operands.copy(x);
      Bytes codes = operands.bytes(n);
      Floats scales = operands.zeros(Math.ceilDiv(n, block));
      backend().codec().quantize8(x, x.length(), block, codes, scales);
      for (int b = 0; b < scales.length(); b++) {
        int to = Math.min(n, (b + 1) * block);
        float max = 0;
        for (int i = b * block; i < to; i++) {
          max = Math.max(max, Math.abs(x.get(i)));
        }
        assertEquals(max / 127, scales.get(b));
        for (int i = b * block; i < to; i++) {
          double quotient = x.get(i) / scales.get(b);
          assertEquals((long) Math.rint(quotient), codes.get(i), "of " + quotient);
          double error = Math.abs(x.get(i) - (double) codes.get(i) * scales.get(b));
          assertTrue(error <= scales.get(b) / 2 * (1 + 0x1p-15), "error " + error);
        }
      }
      Floats values = operands.filled(n, Float.NaN);
      backend().codec().dequantize8(codes, values.length(), block, scales, values);
      for (int i = 0; i < n; i++) {
        assertEquals(codes.get(i) * scales.get(i / block), values.get(i));
      }
      assertArrayEquals(before.toArray(), x.toArray());
    }
  }

  @Test
  void quantize8TakesOnlyTheFirstElements() {
    try (Operands operands = new Operands(4)) {
      Floats x = operands.floats(100);
      Bytes codes = operands.bytes(100);
      Floats scales = operands.filled(10, -1);
      Bytes head = operands.bytes(45);
      Floats headScales = operands.zeros(5);
      backend().codec().quantize8(x, 45, 10, codes, scales);
      backend().codec().quantize8(x.slice(0, 45), 45, 10, head, headScales);
      assertArrayEquals(head.toArray(), codes.slice(0, 45).toArray());
      assertArrayEquals(new byte[55], codes.slice(45, 55).toArray());
      assertEquals(-1, scales.get(5));
      Floats values = operands.filled(100, 7);
      backend().codec().dequantize8(codes, 45, 10, scales, values);
      assertEquals(codes.get(44) * scales.get(4), values.get(44));
      assertEquals(7, values.get(45));
    }
  }

  @Test
  void quantize8AtTheEdges() {
    try (Operands operands = new Operands(3)) {
      int block = 32;
      Floats x = operands.zeros(4L * block);
      x.slice(block, block).fill(Float.MIN_NORMAL);
      x.set(2L * block + 20, Float.POSITIVE_INFINITY);
      // Halves: 127 fixes the scale at 1, 0.5 and 1.5 round to even.
      x.set(3L * block, 127);
      x.set(3L * block + 1, 0.5f);
      x.set(3L * block + 2, 1.5f);
      x.set(3L * block + 3, -2.5f);
      x.set(3L * block + 4, -127);
      Bytes codes = operands.bytes(x.length());
      codes.fill((byte) 99);
      Floats scales = operands.zeros(4);
      backend().codec().quantize8(x, x.length(), block, codes, scales);
      assertArrayEquals(new float[] {0, 0, Float.NaN, 1}, scales.toArray());
      for (int i = 0; i < 3 * block; i++) {
        assertEquals(0, codes.get(i));
      }
      assertArrayEquals(new byte[] {127, 0, 2, -2, -127, 0}, codes.slice(96, 6).toArray());
      Floats values = operands.zeros(x.length());
      backend().codec().dequantize8(codes, values.length(), block, scales, values);
      assertEquals(0, values.get(block));
      assertTrue(Float.isNaN(values.get(2L * block)));
    }
  }

  @ParameterizedTest
  @MethodSource("org.strait.kernels.Sizes#around")
  void scatterAddAddsAtTheIndices(int count) {
    try (Operands operands = new Operands(count)) {
      Floats sum = operands.floats(3L * count + 1);
      Floats before = operands.copy(sum);
      Ints indices = operands.ints(count + 2L);
      Floats values = operands.floats(count + 2L);
      for (int j = 0; j < count; j++) {
        indices.set(j, 3 * j + 1);
      }
      backend().codec().scatterAdd(count, indices, 0.5f, values, sum);
      for (long i = 0; i < sum.length(); i++) {
        float added = i % 3 == 1 ? 0.5f * values.get(i / 3) : 0;
        assertEquals(before.get(i) + added, sum.get(i));
      }
    }
  }

  @Test
  void wrongArgumentsAreRefused() {
    try (Operands operands = new Operands(6)) {
      CodecOps ops = backend().codec();
      Floats x = operands.floats(10);
      Ints scratch = operands.ints(CodecOps.SELECT_SCRATCH);
      Ints indices = operands.ints(10);
      refused(() -> ops.kthMagnitude(x, 0, scratch));
      refused(() -> ops.kthMagnitude(x, 11, scratch));
      refused(() -> ops.kthMagnitude(x, 1, indices));
      refused(() -> ops.select(x, 0, 11, indices, x));
      refused(() -> ops.select(x, 1e9f, 3, indices, operands.zeros(10)));
      refused(() -> ops.quantize8(x, 10, 0, operands.bytes(10), operands.zeros(1)));
      refused(() -> ops.quantize8(x, 10, 4, operands.bytes(10), operands.zeros(2)));
      refused(() -> ops.dequantize8(operands.bytes(9), 10, 4, operands.zeros(3), x));
      refused(() -> ops.quantize8(x, 11, 4, operands.bytes(11), operands.zeros(3)));
      refused(() -> ops.scatterAdd(11, indices, 1, x, x));
    }
  }

  private static void refused(Executable call) {
    assertThrows(IllegalArgumentException.class, call);
  }
}
