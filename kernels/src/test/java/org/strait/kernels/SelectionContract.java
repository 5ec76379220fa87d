package org.strait.kernels;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.util.Arrays;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.strait.memory.Floats;
import org.strait.memory.Ints;

/// What every backend's selection must do in long and in uneven vectors, where samples mislead, and
/// in ranges.
public abstract class SelectionContract {
  protected abstract Backend backend();

  /// Vectors that a sample of lines gets more or less wrong.
  enum Shape {
    NORMAL,
    MOSTLY_ZERO,
    ALL_EQUAL,
    FEW_VALUES,
    LARGE_ONES_TOGETHER,
    LARGE_ONES_AT_THE_END,
    PERIODIC
  }

  private static void fill(Floats x, Shape shape, Operands operands) {
    long n = x.length();
    for (long i = 0; i < n; i++) {
      float normal = (float) operands.random().nextGaussian();
      x.set(
          i,
          switch (shape) {
            case NORMAL -> normal;
            case MOSTLY_ZERO -> i % 97 == 0 ? normal : 0;
            case ALL_EQUAL -> -0.5f;
            case FEW_VALUES -> Math.round(normal);
            case LARGE_ONES_TOGETHER -> i > n / 3 && i < n / 3 + n / 50 ? 100 * normal : normal;
            case LARGE_ONES_AT_THE_END -> i >= n - n / 100 ? 1 + normal * normal : normal / 1000;
            case PERIODIC -> i % 128 == 5 ? 50 + normal : normal;
          });
    }
  }

  @ParameterizedTest
  @EnumSource(Shape.class)
  void theRankIsExactInLongVectors(Shape shape) {
    int n = 600_011;
    try (Operands operands = new Operands(shape.name().length())) {
      Floats x = operands.zeros(n);
      fill(x, shape, operands);
      float[] ascending = new float[n];
      for (int i = 0; i < n; i++) {
        ascending[i] = Math.abs(x.get(i));
      }
      Arrays.sort(ascending);
      Ints scratch = operands.ints(CodecOps.SELECT_SCRATCH);
      for (int k : new int[] {1, 2, 100, 6_000, 60_000, 300_000, n - 1, n}) {
        scratch.fill(-5);
        float threshold = backend().codec().kthMagnitude(x, k, scratch);
        assertEquals(ascending[n - k], threshold, "k = " + k);
        checkSelection(operands, x, threshold, k);
      }
    }
  }

  private void checkSelection(Operands operands, Floats x, float threshold, int k) {
    Ints indices = operands.ints(k);
    Floats values = operands.zeros(k);
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
  }

  @ParameterizedTest
  @CsvSource({
    "100, 0.5, 100",
    "100, 0.5, 10",
    "5000, 1, 5000",
    "200000, 2, 200000",
    "200000, 2, 3000",
    "200000, 0, 200000",
    "200000, 9, 5",
    "200000, 2.5, 1",
    "300000, 2, 0"
  })
  void whatReachesAThresholdIsKeptInOrder(int n, float threshold, int room) {
    try (Operands operands = new Operands(n + room)) {
      Floats x = operands.floats(n);
      x.set(n / 2, Float.NaN);
      Ints indices = operands.ints(room);
      Floats values = operands.zeros(room);
      long kept = backend().codec().selectAtLeast(x, threshold, indices, values);
      long at = 0;
      for (int i = 0; i < n && at < room; i++) {
        if (Math.abs(x.get(i)) >= threshold) {
          assertEquals(i, indices.get(at));
          assertEquals(x.get(i), values.get(at));
          at++;
        }
      }
      assertEquals(at, kept);
    }
  }

  @Test
  void aRangeKeepsItsOwnAndItsShareOfTies() {
    try (Operands operands = new Operands(3)) {
      for (int n : new int[] {100, 9_000, 150_000}) {
        Floats x = operands.zeros(n);
        for (int i = 0; i < n; i++) {
          x.set(i, operands.random().nextInt(4) - 1.5f);
        }
        for (long ties : new long[] {0, 7, n / 10, n}) {
          Ints indices = operands.ints(n + 3L);
          Floats values = operands.zeros(n + 3L);
          indices.fill(-1);
          int from = n / 10 + 3;
          int to = n - 5;
          CodecOps ops = backend().codec();
          long kept = ops.keep(x, 0.5f, ties, from, to, indices, values, 3, n);
          long left = ties;
          long at = 3;
          for (int i = from; i < to; i++) {
            float size = Math.abs(x.get(i));
            if (size > 0.5f || (size == 0.5f && left-- > 0)) {
              assertEquals(i, indices.get(at));
              assertEquals(x.get(i), values.get(at));
              at++;
            }
          }
          assertEquals(at - 3, kept);
          assertEquals(-1, indices.get(2));
        }
      }
    }
  }

  @Test
  void whatLiesBetweenIsKeptAndTheRestCounted() {
    try (Operands operands = new Operands(4)) {
      int n = 50_003;
      Floats x = operands.floats(n);
      int low = Float.floatToRawIntBits(0.5f);
      int high = Float.floatToRawIntBits(0.75f);
      int[] expected = new int[n];
      int between = 0;
      long above = 0;
      for (int i = 10; i < n - 1; i++) {
        float size = Math.abs(x.get(i));
        if (size >= 0.75f) {
          above++;
        } else if (size >= 0.5f) {
          expected[between++] = Float.floatToRawIntBits(size);
        }
      }
      Ints kept = operands.ints(between + 2L);
      CodecOps ops = backend().codec();
      long counts = ops.keepBetween(x, low, high, 10, n - 1, kept, 2, between);
      assertEquals(above << 32 | between, counts);
      for (int i = 0; i < between; i++) {
        assertEquals(expected[i], kept.get(i + 2L));
      }
      Ints small = operands.ints(100);
      counts = ops.keepBetween(x, low, high, 10, n - 1, small, 0, 100);
      assertEquals(101, counts & 0xffffffffL, "more than there is room for");
      for (int i = 0; i < 100; i++) {
        assertEquals(expected[i], small.get(i));
      }
    }
  }

  @Test
  void rangesOfMagnitudes() {
    try (Operands operands = new Operands(5)) {
      int n = 200_003;
      Floats x = operands.floats(n);
      float max = 0;
      long count = 0;
      for (int i = 7; i < n - 3; i++) {
        max = Math.max(max, Math.abs(x.get(i)));
        count += Math.abs(x.get(i)) >= 1 ? 1 : 0;
      }
      x.set(6, 1e9f);
      x.set(n - 3, 1e9f);
      assertEquals(max, backend().codec().maxAbs(x, 7, n - 3));
      assertEquals(count, backend().codec().countAtLeast(x, 1, 7, n - 3));
      assertEquals(0, backend().codec().maxAbs(x, 9, 9));
    }
  }

  @Test
  void aThresholdOfAnotherRankIsRefused() {
    try (Operands operands = new Operands(6)) {
      Floats x = operands.floats(300_000);
      CodecOps ops = backend().codec();
      Ints indices = operands.ints(1000);
      Floats values = operands.zeros(1000);
      Ints scratch = operands.ints(CodecOps.SELECT_SCRATCH);
      float threshold = ops.kthMagnitude(x, 1000, scratch);
      Class<IllegalArgumentException> refused = IllegalArgumentException.class;
      float lower = threshold / 2;
      float higher = threshold * 1.5f;
      assertThrows(refused, () -> ops.select(x, lower, 1000, indices, values));
      assertThrows(refused, () -> ops.select(x, higher, 1000, indices, values));
      assertThrows(refused, () -> ops.keep(x, 1, 0, 0, 300_001, indices, values, 0, 9));
      assertThrows(refused, () -> ops.keep(x, 1, 0, 0, 300_000, indices, values, 1, 1000));
      assertThrows(refused, () -> ops.maxAbs(x, -1, 5));
      assertThrows(refused, () -> ops.countAtLeast(x, 1, 6, 5));
    }
  }
}
