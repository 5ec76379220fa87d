package org.strait.kernels.simd;

import static jdk.incubator.vector.FloatVector.fromMemorySegment;
import static org.strait.kernels.simd.Lanes.FLOATS;
import static org.strait.kernels.simd.Lanes.ORDER;

import java.lang.foreign.MemorySegment;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.IntVector;
import jdk.incubator.vector.VectorOperators;
import org.strait.memory.Floats;

/// exp and log(1 + x) in float32, within 2 units of the last place. Each is written twice, for a
/// vector and for one number, with the same operations in the same order: an element has the same
/// bits wherever it stands and for every width. (The JVM's own vector functions give other bits
/// before and after compilation.)
///
/// A body that calls these must call them early: the compiler stops inlining our own methods, other
/// than the Vector API's, when a body has grown large, and a vector that crosses a call becomes an
/// object.
@SuppressWarnings("FloatingPointLiteralPrecision") // coefficients as their source prints them
final class Elementary {
  /// exp of anything beyond is 0 or infinity.
  private static final float EXP_LOWEST = -104;

  private static final float EXP_HIGHEST = 89;

  private static final float LOG2_OF_E = 1.442695f;

  /// log(2) in two parts; the first has so few bits that n times it is exact.
  private static final float LN2_HIGH = 0x1.63p-1f;

  private static final float LN2_LOW = -2.1219444e-4f;

  /// Adding 1.5·2^23 to a small float32 rounds it to the nearest integer, which then stands in the
  /// low bits.
  private static final float ROUNDER = 0x1.8p23f;

  private static final int ROUNDER_BITS = Float.floatToRawIntBits(ROUNDER);
  private static final int EXPONENT_BIAS = 127;
  private static final int FRACTION_BITS = 23;
  private static final int ONE_BITS = Float.floatToRawIntBits(1);

  /// Bits of √½: the fraction's exponent changes there.
  private static final int ROOT_HALF_BITS = 0x3f3504f3;

  /// Below it log(1 + x) is x.
  private static final float TINY = 0x1p-26f;

  /// exp(r) by its series to r^7/7!.
  private static final float E7 = 1f / 5040;

  private static final float E6 = 1f / 720;
  private static final float E5 = 1f / 120;
  private static final float E4 = 1f / 24;
  private static final float E3 = 1f / 6;

  /// (log(1 + f) - f + f²/2)/f³ for √½ ≤ 1 + f ≤ √2, the polynomial of Cephes' logf (Moshier 1988).
  private static final float L8 = 7.0376836292e-2f;

  private static final float L7 = -1.1514610310e-1f;
  private static final float L6 = 1.1676998740e-1f;
  private static final float L5 = -1.2420140846e-1f;
  private static final float L4 = 1.4249322787e-1f;
  private static final float L3 = -1.6668057665e-1f;
  private static final float L2 = 2.0000714765e-1f;
  private static final float L1 = -2.4999993993e-1f;
  private static final float L0 = 3.3333331174e-1f;

  // The same as vectors: broadcasting each where it is used is more than the compiler inlines.
  private static final FloatVector LN2_HIGHS = splat(LN2_HIGH);
  private static final FloatVector LN2_LOWS = splat(LN2_LOW);
  private static final FloatVector MINUS_LN2_HIGHS = splat(-LN2_HIGH);
  private static final FloatVector MINUS_LN2_LOWS = splat(-LN2_LOW);
  private static final FloatVector ONES = splat(1);
  private static final FloatVector HALVES = splat(0.5f);
  private static final FloatVector MINUS_HALVES = splat(-0.5f);
  private static final FloatVector E3S = splat(E3);
  private static final FloatVector E4S = splat(E4);
  private static final FloatVector E5S = splat(E5);
  private static final FloatVector E6S = splat(E6);
  private static final FloatVector E7S = splat(E7);
  private static final FloatVector L0S = splat(L0);
  private static final FloatVector L1S = splat(L1);
  private static final FloatVector L2S = splat(L2);
  private static final FloatVector L3S = splat(L3);
  private static final FloatVector L4S = splat(L4);
  private static final FloatVector L5S = splat(L5);
  private static final FloatVector L6S = splat(L6);
  private static final FloatVector L7S = splat(L7);
  private static final FloatVector L8S = splat(L8);

  private Elementary() {}

  /// x = n·log 2 + r with |r| ≤ log(2)/2; then n goes into the exponent, in two halves, because 2^n
  /// alone need not be a normal number.
  static FloatVector exp(FloatVector x) {
    // Not min and max, which take several instructions each for the sake of NaN and -0.
    FloatVector clamped = x.blend(EXP_LOWEST, x.compare(VectorOperators.LT, EXP_LOWEST));
    clamped = clamped.blend(EXP_HIGHEST, x.compare(VectorOperators.GT, EXP_HIGHEST));
    FloatVector shifted = clamped.mul(LOG2_OF_E).add(ROUNDER);
    FloatVector n = shifted.sub(ROUNDER);
    FloatVector r = n.fma(MINUS_LN2_LOWS, n.fma(MINUS_LN2_HIGHS, clamped));
    FloatVector p = E7S.fma(r, E6S).fma(r, E5S).fma(r, E4S).fma(r, E3S);
    p = p.fma(r, HALVES).fma(r, ONES).fma(r, ONES);
    IntVector exponent = shifted.reinterpretAsInts().sub(ROUNDER_BITS);
    IntVector half = exponent.lanewise(VectorOperators.ASHR, 1);
    return p.mul(powerOf2(half)).mul(powerOf2(exponent.sub(half)));
  }

  private static FloatVector powerOf2(IntVector n) {
    return n.add(EXPONENT_BIAS).lanewise(VectorOperators.LSHL, FRACTION_BITS).reinterpretAsFloats();
  }

  static float exp(float x) {
    float clamped = Math.min(Math.max(x, EXP_LOWEST), EXP_HIGHEST);
    float shifted = clamped * LOG2_OF_E + ROUNDER;
    float n = shifted - ROUNDER;
    float r = Math.fma(n, -LN2_LOW, Math.fma(n, -LN2_HIGH, clamped));
    float p = Math.fma(Math.fma(Math.fma(E7, r, E6), r, E5), r, E4);
    p = Math.fma(Math.fma(p, r, E3), r, 0.5f);
    p = Math.fma(Math.fma(p, r, 1), r, 1);
    int exponent = Float.floatToRawIntBits(shifted) - ROUNDER_BITS;
    int half = exponent >> 1;
    return p * powerOf2(half) * powerOf2(exponent - half);
  }

  private static float powerOf2(int n) {
    return Float.intBitsToFloat((n + EXPONENT_BIAS) << FRACTION_BITS);
  }

  /// log(1 + x) for 0 ≤ x ≤ 1, where nothing can go wrong: 1 + x = 2^n·(1 + f) with √½ ≤ 1 + f ≤
  /// √2.
  static FloatVector log1pOfUnit(FloatVector x) {
    IntVector n = exponent(x);
    FloatVector scale = powerOf2(n.neg());
    return logarithm(n, x.fma(scale, scale.sub(1)));
  }

  static float log1pOfUnit(float x) {
    int n = exponent(x);
    float scale = powerOf2(-n);
    return logarithm(n, Math.fma(x, scale, scale - 1));
  }

  /// As {@link #log1pOfUnit(FloatVector)}, with 2^-n in two halves, and with what is left of x
  /// where 1 + x is not a number or not positive.
  static FloatVector log1p(FloatVector x) {
    IntVector n = exponent(x);
    IntVector half = n.lanewise(VectorOperators.ASHR, 1);
    FloatVector first = powerOf2(half.neg());
    FloatVector second = powerOf2(half.sub(n));
    FloatVector y = logarithm(n, x.mul(first).fma(second, first.mul(second).sub(1)));
    y = y.blend(x, x.abs().compare(VectorOperators.LT, TINY));
    y = y.blend(x, x.compare(VectorOperators.EQ, Float.POSITIVE_INFINITY));
    y = y.blend(Float.NEGATIVE_INFINITY, x.compare(VectorOperators.EQ, -1));
    return y.blend(Float.NaN, x.compare(VectorOperators.LT, -1));
  }

  static float log1p(float x) {
    if (Math.abs(x) < TINY || x == Float.POSITIVE_INFINITY) {
      return x;
    }
    if (x <= -1) {
      return x == -1 ? Float.NEGATIVE_INFINITY : Float.NaN;
    }
    int n = exponent(x);
    int half = n >> 1;
    float first = powerOf2(-half);
    float second = powerOf2(half - n);
    return logarithm(n, Math.fma(x * first, second, first * second - 1));
  }

  private static IntVector exponent(FloatVector x) {
    return x.add(1)
        .reinterpretAsInts()
        .add(ONE_BITS - ROOT_HALF_BITS)
        .lanewise(VectorOperators.ASHR, FRACTION_BITS)
        .sub(EXPONENT_BIAS);
  }

  private static int exponent(float x) {
    int bits = Float.floatToRawIntBits(x + 1);
    return ((bits + (ONE_BITS - ROOT_HALF_BITS)) >> FRACTION_BITS) - EXPONENT_BIAS;
  }

  /// n·log 2 + log(1 + f).
  private static FloatVector logarithm(IntVector exponent, FloatVector f) {
    FloatVector n = (FloatVector) exponent.convert(VectorOperators.I2F, 0);
    FloatVector p = L8S.fma(f, L7S).fma(f, L6S).fma(f, L5S).fma(f, L4S);
    p = p.fma(f, L3S).fma(f, L2S).fma(f, L1S).fma(f, L0S);
    FloatVector square = f.mul(f);
    FloatVector rest = f.mul(square).mul(p);
    rest = square.fma(MINUS_HALVES, n.fma(LN2_LOWS, rest));
    return n.fma(LN2_HIGHS, f.add(rest));
  }

  private static float logarithm(int exponent, float f) {
    float n = exponent;
    float p = Math.fma(Math.fma(Math.fma(L8, f, L7), f, L6), f, L5);
    p = Math.fma(Math.fma(Math.fma(Math.fma(p, f, L4), f, L3), f, L2), f, L1);
    p = Math.fma(p, f, L0);
    float square = f * f;
    float rest = f * square * p;
    rest = Math.fma(square, -0.5f, Math.fma(n, LN2_LOW, rest));
    return Math.fma(n, LN2_HIGH, f + rest);
  }

  private static FloatVector splat(float value) {
    return FloatVector.broadcast(FLOATS, value);
  }

  /// y ← exp(x) for so many bytes from the given offsets on. Two vectors a turn, written out: too
  /// long to be inlined, so that large callers leave it whole.
  static void exp(MemorySegment x, long xAt, MemorySegment y, long yAt, long bytes) {
    long whole = Lanes.whole(bytes, Lanes.BYTES);
    for (long i = 0; i < whole; i += 2L * Lanes.BYTES) {
      long j = Math.min(i + Lanes.BYTES, whole - Lanes.BYTES); // the same one, if it is the last
      FloatVector a = fromMemorySegment(FLOATS, x, xAt + i, ORDER);
      FloatVector b = fromMemorySegment(FLOATS, x, xAt + j, ORDER);
      FloatVector inA = a.blend(EXP_LOWEST, a.compare(VectorOperators.LT, EXP_LOWEST));
      FloatVector inB = b.blend(EXP_LOWEST, b.compare(VectorOperators.LT, EXP_LOWEST));
      inA = inA.blend(EXP_HIGHEST, a.compare(VectorOperators.GT, EXP_HIGHEST));
      inB = inB.blend(EXP_HIGHEST, b.compare(VectorOperators.GT, EXP_HIGHEST));
      FloatVector shiftedA = inA.mul(LOG2_OF_E).add(ROUNDER);
      FloatVector shiftedB = inB.mul(LOG2_OF_E).add(ROUNDER);
      FloatVector nA = shiftedA.sub(ROUNDER);
      FloatVector nB = shiftedB.sub(ROUNDER);
      FloatVector rA = nA.fma(MINUS_LN2_LOWS, nA.fma(MINUS_LN2_HIGHS, inA));
      FloatVector rB = nB.fma(MINUS_LN2_LOWS, nB.fma(MINUS_LN2_HIGHS, inB));
      FloatVector pA = E7S.fma(rA, E6S).fma(rA, E5S).fma(rA, E4S).fma(rA, E3S);
      FloatVector pB = E7S.fma(rB, E6S).fma(rB, E5S).fma(rB, E4S).fma(rB, E3S);
      pA = pA.fma(rA, HALVES).fma(rA, ONES).fma(rA, ONES);
      pB = pB.fma(rB, HALVES).fma(rB, ONES).fma(rB, ONES);
      IntVector exponentA = shiftedA.reinterpretAsInts().sub(ROUNDER_BITS);
      IntVector exponentB = shiftedB.reinterpretAsInts().sub(ROUNDER_BITS);
      IntVector halfA = exponentA.lanewise(VectorOperators.ASHR, 1);
      IntVector halfB = exponentB.lanewise(VectorOperators.ASHR, 1);
      IntVector restA = exponentA.sub(halfA).add(EXPONENT_BIAS);
      IntVector restB = exponentB.sub(halfB).add(EXPONENT_BIAS);
      halfA = halfA.add(EXPONENT_BIAS).lanewise(VectorOperators.LSHL, FRACTION_BITS);
      halfB = halfB.add(EXPONENT_BIAS).lanewise(VectorOperators.LSHL, FRACTION_BITS);
      restA = restA.lanewise(VectorOperators.LSHL, FRACTION_BITS);
      restB = restB.lanewise(VectorOperators.LSHL, FRACTION_BITS);
      pA.mul(halfA.reinterpretAsFloats())
          .mul(restA.reinterpretAsFloats())
          .intoMemorySegment(y, yAt + i, ORDER);
      pB.mul(halfB.reinterpretAsFloats())
          .mul(restB.reinterpretAsFloats())
          .intoMemorySegment(y, yAt + j, ORDER);
    }
    for (long i = whole; i < bytes; i += Floats.BYTES) {
      Lanes.set(y, yAt + i, exp(Lanes.get(x, xAt + i)));
    }
  }

  /// y ← log(1 + x) for so many bytes from the given offset on.
  static void log1p(MemorySegment x, MemorySegment y, long at, long bytes) {
    long whole = Lanes.whole(bytes, Lanes.BYTES);
    long i = 0;
    for (; i < whole; i += Lanes.BYTES) {
      log1p(fromMemorySegment(FLOATS, x, at + i, ORDER)).intoMemorySegment(y, at + i, ORDER);
    }
    for (; i < bytes; i += Floats.BYTES) {
      Lanes.set(y, at + i, log1p(Lanes.get(x, at + i)));
    }
  }
}
