package org.strait.kernels;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.function.Executable;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.strait.memory.Bytes;
import org.strait.memory.Floats;

/// What every backend's codes of few bits and halves must do, against plain arithmetic.
public abstract class BlockCodesContract {
  private static final int[] ALL_BITS = {1, 2, 4, 5, 6, 8};

  protected abstract Backend backend();

  @ParameterizedTest
  @CsvSource({
    "1, 256",
    "255, 256",
    "256, 256",
    "257, 256",
    "700, 512",
    "1024, 1024",
    "5000, 1024",
    "100003, 1024",
    "100003, 131072"
  })
  void codesAreTheNearestLevels(int n, int block) {
    for (int bits : ALL_BITS) {
      try (Operands operands = new Operands(n + bits)) {
        Floats x = operands.floats(n);
        Bytes codes = operands.bytes(PackedCodes.bytes(bits, n));
        codes.fill((byte) -1);
        Floats scales = operands.zeros(Math.ceilDiv(n, block));
        backend().codec().quantize(bits, x, block, codes, scales, 0, n);
        Floats values = operands.filled(n, Float.NaN);
        backend().codec().dequantize(bits, codes, block, scales, values, 0, n);
        for (int start = 0; start < n; start += block) {
          checkBlock(bits, x, start, Math.min(n, start + block), codes, scales.get(start / block));
        }
        for (int i = 0; i < n; i++) {
          float level = Levels.level(bits, PackedCodes.get(bits, codes, i));
          assertEquals(level * scales.get(i / block), values.get(i));
        }
        if (bits < 8) {
          for (long i = n; i < Math.ceilDiv(n, 256) * 256L; i++) {
            assertEquals(0, PackedCodes.get(bits, codes, i), "what fills up the last group");
          }
        }
      }
    }
  }

  private static void checkBlock(int bits, Floats x, int from, int to, Bytes codes, float scale) {
    float max = 0;
    double sum = 0;
    double squares = 0;
    for (int i = from; i < to; i++) {
      max = Math.max(max, Math.abs(x.get(i)));
      sum += Math.abs(x.get(i));
      squares += (double) x.get(i) * x.get(i);
    }
    double error = 0;
    for (int i = from; i < to; i++) {
      int code = PackedCodes.get(bits, codes, i);
      double difference = x.get(i) - (double) Levels.level(bits, code) * scale;
      if (bits == 1) {
        assertEquals(x.get(i) < 0 ? 1 : 0, code);
        assertTrue(Math.abs(difference) <= Math.max(scale, max - scale) * 1.0001);
      } else {
        assertEquals(Levels.code(bits, x.get(i), 1 / scale), code, "of " + x.get(i));
        assertTrue(Math.abs(difference) <= scale / 2 * (1 + 0x1p-15), "error " + difference);
      }
      error += difference * difference;
    }
    if (bits == 1) {
      assertEquals(sum / (to - from), scale, Math.ulp(scale));
      assertEquals(squares - (to - from) * (double) scale * scale, error, 1e-5 * squares);
    } else {
      assertEquals(bits == 2 ? max / 2 : max / ((1 << (bits - 1)) - 1), scale);
    }
  }

  @ParameterizedTest
  @CsvSource({"1, 256", "257, 256", "5000, 1024", "100003, 131072"})
  void codesAsBytesAreThoseThatArePacked(int n, int block) {
    for (int bits : new int[] {4, 5, 6, 8}) {
      try (Operands operands = new Operands(n + bits)) {
        Floats x = operands.floats(n);
        if (n > 600) {
          x.slice(256, 256).fill(0);
        }
        Bytes packed = operands.bytes(PackedCodes.bytes(bits, n));
        Bytes codes = operands.bytes(n);
        codes.fill((byte) -1);
        Floats packedScales = operands.zeros(Math.ceilDiv(n, block));
        Floats scales = operands.zeros(Math.ceilDiv(n, block));
        backend().codec().quantize(bits, x, block, packed, packedScales, 0, n);
        backend().codec().quantizeToBytes(bits, x, block, codes, scales, 0, n);
        assertArrayEquals(packedScales.toArray(), scales.toArray());
        for (int i = 0; i < n; i++) {
          assertEquals(PackedCodes.get(bits, packed, i), codes.get(i));
        }
      }
    }
  }

  @ParameterizedTest
  @CsvSource({"0", "1", "15", "16", "17", "1000", "1100003"})
  void stepsAreRoundedWithADeadZone(int n) {
    try (Operands operands = new Operands(n)) {
      Floats x = operands.floats(n);
      for (int i = 0; i < n; i += 7) {
        x.set(i, i % 14 == 0 ? -0f : 0.2f * (i % 50 + 0.5f));
      }
      Bytes codes = operands.bytes(n);
      long cut = n / 48 * 16L;
      for (float step : new float[] {0.2f, 0.01f, 1e-20f}) {
        for (float rounding : new float[] {0.5f, 0.4f, 0.25f}) {
          backend().codec().quantizeSteps(x, step, rounding, codes, cut, n);
          backend().codec().quantizeSteps(x, step, rounding, codes, 0, cut);
          for (int i = 0; i < n; i++) {
            double steps = Math.abs(x.get(i)) * (1 / step) + (rounding - 0.5f);
            int code = (int) Math.rint(Math.min(127, (float) steps));
            int found = Math.abs(codes.get(i));
            // Where the product in float32 comes near a tie, either neighbour is right.
            boolean tie = Math.abs(steps - Math.floor(steps) - 0.5) < 1e-4;
            assertTrue(code == found || (tie && Math.abs(code - found) == 1), "of " + x.get(i));
            assertEquals(Levels.steps(x.get(i), 1 / step, rounding - 0.5f), codes.get(i));
            assertTrue(codes.get(i) == 0 || (codes.get(i) < 0) == (x.get(i) < 0));
          }
        }
      }
    }
  }

  @ParameterizedTest
  @CsvSource({"0", "1", "17", "1000", "300007"})
  void scaledSumsAndSquaresAreThoseOfDenseVectors(int n) {
    try (Operands operands = new Operands(n)) {
      Floats x = operands.floats(n);
      Floats sum = operands.floats(n);
      Floats before = operands.copy(sum);
      backend().codec().addScaled(-0.3f, x, sum);
      for (int i = 0; i < n; i++) {
        assertEquals(before.get(i) + -0.3f * x.get(i), sum.get(i));
      }
      backend().codec().addScaled(1, x, before, n / 2, n);
      assertEquals(backend().dense().dot(x, x), backend().codec().sumOfSquares(x, 0, n));
      assertEquals(
          backend().dense().dot(x, x, n / 3, n), backend().codec().sumOfSquares(x, n / 3, n));
      int[] ran = new int[n % 100];
      int most = backend().codec().threads();
      backend()
          .codec()
          .inParts(
              ran.length, (part, worker) -> ran[part] += worker >= 0 && worker < most ? 1 : 100);
      for (int times : ran) {
        assertEquals(1, times);
      }
    }
  }

  @Test
  void aRangeOfBlocksStandsWhereItStandsInTheWhole() {
    for (int bits : ALL_BITS) {
      try (Operands operands = new Operands(bits)) {
        Floats x = operands.floats(2000);
        Bytes whole = operands.bytes(PackedCodes.bytes(bits, 2000));
        Bytes parts = operands.bytes(PackedCodes.bytes(bits, 2000));
        Floats wholeScales = operands.zeros(4);
        Floats partScales = operands.zeros(4);
        CodecOps ops = backend().codec();
        ops.quantize(bits, x, 512, whole, wholeScales, 0, 2000);
        ops.quantize(bits, x, 512, parts, partScales, 1024, 2000);
        ops.quantize(bits, x, 512, parts, partScales, 0, 1024);
        assertArrayEquals(whole.toArray(), parts.toArray());
        assertArrayEquals(wholeScales.toArray(), partScales.toArray());
        Floats sum = operands.floats(2000);
        Floats before = operands.copy(sum);
        ops.addDequantized(bits, 0.3f, whole, 512, wholeScales, sum, 512, 1999);
        for (int i = 0; i < 2000; i++) {
          float level = Levels.level(bits, PackedCodes.get(bits, whole, i));
          float added = i < 512 || i == 1999 ? 0 : 0.3f * wholeScales.get(i / 512) * level;
          assertEquals(before.get(i) + added, sum.get(i));
        }
      }
    }
  }

  @Test
  void whatIsNotFiniteDecodesToNotANumber() {
    for (int bits : ALL_BITS) {
      try (Operands operands = new Operands(bits)) {
        Floats x = operands.floats(4 * 256);
        x.set(3, Float.NaN);
        x.set(256 + 200, Float.NEGATIVE_INFINITY);
        x.slice(512, 256).fill(Float.MIN_NORMAL / 4);
        x.slice(768, 256).fill(0);
        Bytes codes = operands.bytes(PackedCodes.bytes(bits, 1024));
        codes.fill((byte) 77);
        Floats scales = operands.zeros(4);
        backend().codec().quantize(bits, x, 256, codes, scales, 0, 1024);
        assertArrayEquals(new float[] {Float.NaN, Float.NaN, 0, 0}, scales.toArray());
        Floats values = operands.zeros(1024);
        backend().codec().dequantize(bits, codes, 256, scales, values, 0, 1024);
        for (int i = 0; i < 1024; i++) {
          assertEquals(0, PackedCodes.get(bits, codes, i));
          assertEquals(i < 512 ? Float.NaN : 0, values.get(i) + 0f);
        }
      }
    }
  }

  @ParameterizedTest
  @ValueSource(ints = {0, 1, 255, 256, 257, 1000})
  void packedCodesComeBack(int n) {
    for (int bits : ALL_BITS) {
      try (Operands operands = new Operands(n + bits)) {
        Bytes codes = operands.bytes(n);
        for (int i = 0; i < n; i++) {
          codes.set(i, (byte) operands.random().nextInt());
        }
        Bytes packed = operands.bytes(PackedCodes.bytes(bits, n));
        packed.fill((byte) -1);
        Bytes back = operands.bytes(n);
        backend().codec().pack(bits, codes, packed, 0, n);
        backend().codec().unpack(bits, packed, back, 0, n);
        for (int i = 0; i < n; i++) {
          int low = codes.get(i) & (1 << bits) - 1;
          int signed = bits >= 4 ? low << (32 - bits) >> (32 - bits) : low;
          assertEquals(signed, back.get(i));
          assertEquals(signed, PackedCodes.get(bits, packed, i));
        }
      }
    }
  }

  @ParameterizedTest
  @EnumSource(Half.class)
  void everyHalfIsWidenedExactly(Half format) {
    try (Operands operands = new Operands(1)) {
      int n = 1 << 16;
      Bytes halves = operands.bytes(Half.BYTES * n);
      for (int i = 0; i < n; i++) {
        halves.set(2L * i, (byte) i);
        halves.set(2L * i + 1, (byte) (i >> 8));
      }
      Floats values = operands.zeros(n);
      Floats sum = operands.filled(n, 1);
      backend().codec().widen(format, halves, values, 0, n);
      backend().codec().addWidened(format, 0.5f, halves, sum, 0, n);
      Bytes back = operands.bytes(Half.BYTES * n);
      backend().codec().narrow(format, values, back, 0, n);
      for (int i = 0; i < n; i++) {
        float expected =
            format == Half.FLOAT16
                ? Float.float16ToFloat((short) i)
                : Float.intBitsToFloat(i << 16);
        assertEquals(expected, values.get(i), "half " + i);
        assertEquals(1 + 0.5f * expected, sum.get(i));
        if (!Float.isNaN(expected)) {
          assertEquals(halves.get(2L * i), back.get(2L * i), "half " + i);
          assertEquals(halves.get(2L * i + 1), back.get(2L * i + 1), "half " + i);
        }
      }
    }
  }

  @ParameterizedTest
  @EnumSource(Half.class)
  void narrowingRoundsHalfToEven(Half format) {
    try (Operands operands = new Operands(2)) {
      float[] edges = {
        0f,
        -0f,
        1f,
        65504f,
        65519.996f,
        65520f,
        -65520f,
        1e30f,
        3e38f,
        Float.MAX_VALUE,
        0x1p-14f,
        0x1.ffcp-15f,
        0x1p-24f,
        0x1p-25f,
        0x1.000002p-25f,
        0x1.8p-24f,
        1e-40f,
        Float.MIN_VALUE,
        1 + 0x1p-11f,
        1 + 3 * 0x1p-11f,
        1 + 0x1p-8f,
        1 + 3 * 0x1p-8f,
        Float.POSITIVE_INFINITY,
        Float.NEGATIVE_INFINITY,
        Float.NaN
      };
      int n = 100_003;
      Floats x = operands.zeros(n);
      for (int i = 0; i < n; i++) {
        int bits = operands.random().nextInt();
        x.set(
            i,
            i < 2 * edges.length
                ? edges[i / 2] * (i % 2 == 0 ? 1 : -1)
                // Every other one near or at a tie.
                : Float.intBitsToFloat(i % 2 == 0 ? bits : (bits & ~0xfff) | 0x1000));
      }
      x.set(n - 1, Float.intBitsToFloat(0xff800001));
      Bytes halves = operands.bytes(Half.BYTES * n);
      backend().codec().narrow(format, x, halves, 0, n);
      for (int i = 0; i < n; i++) {
        int half = (halves.get(2L * i) & 255) | (halves.get(2L * i + 1) & 255) << 8;
        assertEquals(nearest(format, x.get(i)), half, "of " + x.get(i));
      }
    }
  }

  /// Of the two halves around |x| the nearer one, the even one of two as near.
  private static int nearest(Half format, float x) {
    int sign = Float.floatToRawIntBits(x) >>> 16 & 0x8000;
    if (Float.isNaN(x)) {
      return sign | (format == Half.FLOAT16 ? 0x7e00 : 0x7fc0);
    }
    if (format == Half.FLOAT16) {
      return Float.floatToFloat16(x) & 0xffff;
    }
    int below = Float.floatToRawIntBits(Math.abs(x)) >>> 16;
    if (below == 0x7f80) {
      return sign | below;
    }
    double down = Float.intBitsToFloat(below << 16);
    double up = below == 0x7f7f ? 0x1p128 : Float.intBitsToFloat((below + 1) << 16);
    double size = Math.abs(x);
    boolean upper = up - size < size - down || (up - size == size - down && (below & 1) == 1);
    return sign | (upper ? below + 1 : below);
  }

  @Test
  void wrongArgumentsAreRefused() {
    try (Operands operands = new Operands(6)) {
      CodecOps ops = backend().codec();
      Floats x = operands.floats(1024);
      Bytes codes = operands.bytes(1024);
      Floats scales = operands.zeros(4);
      refused(() -> ops.quantize(3, x, 256, codes, scales, 0, 1024));
      refused(() -> ops.quantize(4, x, 100, codes, scales, 0, 1024));
      refused(() -> ops.quantize(4, x, 512, codes, scales, 256, 1024));
      refused(() -> ops.quantize(4, x, 256, codes, scales, 0, 1025));
      refused(() -> ops.quantize(4, x, 256, operands.bytes(511), scales, 0, 1024));
      refused(() -> ops.dequantize(4, codes, 256, operands.zeros(3), x, 0, 1024));
      refused(() -> ops.addDequantized(1, 1, codes, 256, scales, x, 512, 256));
      refused(() -> ops.quantizeToBytes(2, x, 256, codes, scales, 0, 1024));
      refused(() -> ops.quantizeToBytes(4, x, 256, operands.bytes(1023), scales, 0, 1024));
      refused(() -> ops.quantizeSteps(x, 0, 0.5f, codes, 0, 1024));
      refused(() -> ops.quantizeSteps(x, 1, 0.6f, codes, 0, 1024));
      refused(() -> ops.quantizeSteps(x, 1, 0.5f, operands.bytes(1023), 0, 1024));
      refused(() -> ops.addScaled(1, x, operands.zeros(1023), 0, 1023));
      refused(() -> ops.pack(4, codes, operands.bytes(511), 0, 1024));
      refused(() -> ops.unpack(4, codes, operands.bytes(10), 1, 2));
      refused(() -> ops.narrow(Half.FLOAT16, x, codes, 0, 513));
      refused(() -> ops.widen(Half.BFLOAT16, codes, x, 0, 513));
    }
  }

  private static void refused(Executable call) {
    assertThrows(IllegalArgumentException.class, call);
  }
}
