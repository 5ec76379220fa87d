package org.strait.kernels.simd;

import static jdk.incubator.vector.FloatVector.fromMemorySegment;
import static org.strait.kernels.simd.Lanes.COUNT;
import static org.strait.kernels.simd.Lanes.DOUBLES;
import static org.strait.kernels.simd.Lanes.DOUBLES_SWAP_2;
import static org.strait.kernels.simd.Lanes.DOUBLES_SWAP_4;
import static org.strait.kernels.simd.Lanes.FLOATS;
import static org.strait.kernels.simd.Lanes.ORDER;

import java.lang.foreign.MemorySegment;
import jdk.incubator.vector.DoubleVector;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.Vector;
import jdk.incubator.vector.VectorOperators;
import org.strait.kernels.Lengths;
import org.strait.kernels.LossOps;
import org.strait.memory.Floats;

/// Losses, a vector of rows at a time in float32, summed in float64.
final class SimdLossOps implements LossOps {
  /// exp of anything below underflows to 0 here: e^-87 is about the smallest normal float32.
  private static final float EXP_LOWEST = -87f;

  private static final float LOG2_OF_E = 1.442695f;

  /// log(2) in two parts; the first has so few bits that n times it is exact.
  private static final FloatVector MINUS_LN2_HIGH = broadcast(-0x1.63p-1f);

  private static final FloatVector MINUS_LN2_LOW = broadcast(2.1219444e-4f);

  private static final FloatVector ONE = broadcast(1);
  private static final FloatVector HALF = broadcast(0.5f);
  private static final FloatVector OVER_3 = broadcast(1f / 3);
  private static final FloatVector OVER_5 = broadcast(1f / 5);
  private static final FloatVector OVER_6 = broadcast(1f / 6);
  private static final FloatVector OVER_7 = broadcast(1f / 7);
  private static final FloatVector OVER_9 = broadcast(1f / 9);
  private static final FloatVector OVER_11 = broadcast(1f / 11);
  private static final FloatVector OVER_13 = broadcast(1f / 13);
  private static final FloatVector OVER_15 = broadcast(1f / 15);
  private static final FloatVector OVER_24 = broadcast(1f / 24);
  private static final FloatVector OVER_120 = broadcast(1f / 120);
  private static final FloatVector OVER_720 = broadcast(1f / 720);
  private static final FloatVector OVER_5040 = broadcast(1f / 5040);

  /// Adding 1.5·2^23 to a small float32 rounds it to the nearest integer, which then stands in the
  /// low bits.
  private static final float ROUNDER = 0x1.8p23f;

  private static final int ROUNDER_BITS = Float.floatToRawIntBits(ROUNDER);
  private static final int EXPONENT_BIAS = 127;
  private static final int FRACTION_BITS = 23;

  /// e = exp(-|z|) within 2 units of the last place, 0 below {@link #EXP_LOWEST}: -|z| = n·log 2 +
  /// r with |r| ≤ log(2)/2, exp(r) by its series to r^7/7!, then n goes into the exponent. log(1 +
  /// e) within 3 units: 2·artanh(h) with h = e/(2 + e) ≤ 1/3, by its series to s^15/15.
  ///
  /// One long body: a vector that crosses a call the compiler does not inline becomes an object,
  /// and it stops inlining our own methods, other than the Vector API's, when a body has grown
  /// large.
  @Override
  public double logistic(Floats margins, Floats labels, Floats derivatives) {
    checkRows(margins, labels, derivatives);
    MemorySegment ms = margins.segment();
    MemorySegment ls = labels.segment();
    MemorySegment ds = derivatives.segment();
    long bytes = margins.length() * Floats.BYTES;
    long whole = Lanes.whole(bytes, Lanes.BYTES);
    DoubleVector low = DoubleVector.zero(DOUBLES);
    DoubleVector high = low;
    long i = 0;
    for (; i < whole; i += Lanes.BYTES) {
      FloatVector label = fromMemorySegment(FLOATS, ls, i, ORDER);
      FloatVector z = label.mul(fromMemorySegment(FLOATS, ms, i, ORDER));

      FloatVector x = z.abs().neg();
      FloatVector clamped = x.max(EXP_LOWEST);
      FloatVector shifted = clamped.mul(LOG2_OF_E).add(ROUNDER);
      FloatVector n = shifted.sub(ROUNDER);
      FloatVector r = n.fma(MINUS_LN2_LOW, n.fma(MINUS_LN2_HIGH, clamped));
      FloatVector p = OVER_5040.fma(r, OVER_720).fma(r, OVER_120).fma(r, OVER_24);
      p = p.fma(r, OVER_6).fma(r, HALF).fma(r, ONE).fma(r, ONE);
      FloatVector power =
          shifted
              .reinterpretAsInts()
              .sub(ROUNDER_BITS - EXPONENT_BIAS)
              .lanewise(VectorOperators.LSHL, FRACTION_BITS)
              .reinterpretAsFloats();
      FloatVector e = p.mul(power).blend(0, x.compare(VectorOperators.LT, EXP_LOWEST));

      FloatVector h = e.div(e.add(2));
      FloatVector q = h.mul(h);
      FloatVector t = OVER_15.fma(q, OVER_13).fma(q, OVER_11).fma(q, OVER_9);
      t = t.fma(q, OVER_7).fma(q, OVER_5).fma(q, OVER_3).fma(q, ONE);
      FloatVector loss = z.neg().max(0).add(h.add(h).mul(t));
      low = low.add(loss.castShape(DOUBLES, 0));
      high = high.add(loss.castShape(DOUBLES, 1));

      FloatVector share = ONE.blend(e, z.compare(VectorOperators.GE, 0)).div(e.add(1));
      label.neg().mul(share).intoMemorySegment(ds, i, ORDER);
    }
    DoubleVector s = low.add(high);
    s = COUNT > 8 ? s.add(s.rearrange(DOUBLES_SWAP_4)) : s;
    s = COUNT > 4 ? s.add(s.rearrange(DOUBLES_SWAP_2)) : s;
    double sum = s.lane(0) + s.lane(1);
    for (; i < bytes; i += Floats.BYTES) {
      double label = Lanes.get(ls, i);
      double z = label * Lanes.get(ms, i);
      double e = Math.exp(-Math.abs(z));
      sum += Math.max(-z, 0) + Math.log1p(e);
      Lanes.set(ds, i, (float) (-label * (z >= 0 ? e : 1) / (1 + e)));
    }
    return sum;
  }

  @Override
  public double squaredHinge(Floats margins, Floats labels, Floats derivatives) {
    checkRows(margins, labels, derivatives);
    MemorySegment ms = margins.segment();
    MemorySegment ls = labels.segment();
    MemorySegment ds = derivatives.segment();
    long bytes = margins.length() * Floats.BYTES;
    long whole = Lanes.whole(bytes, Lanes.BYTES);
    DoubleVector low = DoubleVector.zero(DOUBLES);
    DoubleVector high = low;
    long i = 0;
    for (; i < whole; i += Lanes.BYTES) {
      FloatVector label = fromMemorySegment(FLOATS, ls, i, ORDER);
      FloatVector missing = ONE.sub(label.mul(fromMemorySegment(FLOATS, ms, i, ORDER))).max(0);
      label.mul(-2).mul(missing).intoMemorySegment(ds, i, ORDER);
      Vector<Double> first = missing.castShape(DOUBLES, 0);
      Vector<Double> second = missing.castShape(DOUBLES, 1);
      low = low.add(first.mul(first));
      high = high.add(second.mul(second));
    }
    DoubleVector s = low.add(high);
    s = COUNT > 8 ? s.add(s.rearrange(DOUBLES_SWAP_4)) : s;
    s = COUNT > 4 ? s.add(s.rearrange(DOUBLES_SWAP_2)) : s;
    double sum = s.lane(0) + s.lane(1);
    for (; i < bytes; i += Floats.BYTES) {
      float label = Lanes.get(ls, i);
      float missing = Math.max(0, 1 - label * Lanes.get(ms, i));
      Lanes.set(ds, i, -2 * label * missing);
      sum += (double) missing * missing;
    }
    return sum;
  }

  @Override
  public double squared(Floats margins, Floats labels, Floats derivatives) {
    checkRows(margins, labels, derivatives);
    MemorySegment ms = margins.segment();
    MemorySegment ls = labels.segment();
    MemorySegment ds = derivatives.segment();
    long bytes = margins.length() * Floats.BYTES;
    long whole = Lanes.whole(bytes, Lanes.BYTES);
    DoubleVector low = DoubleVector.zero(DOUBLES);
    DoubleVector high = low;
    long i = 0;
    for (; i < whole; i += Lanes.BYTES) {
      FloatVector difference =
          fromMemorySegment(FLOATS, ms, i, ORDER).sub(fromMemorySegment(FLOATS, ls, i, ORDER));
      difference.intoMemorySegment(ds, i, ORDER);
      Vector<Double> first = difference.castShape(DOUBLES, 0);
      Vector<Double> second = difference.castShape(DOUBLES, 1);
      low = low.add(first.mul(first));
      high = high.add(second.mul(second));
    }
    DoubleVector s = low.add(high);
    s = COUNT > 8 ? s.add(s.rearrange(DOUBLES_SWAP_4)) : s;
    s = COUNT > 4 ? s.add(s.rearrange(DOUBLES_SWAP_2)) : s;
    double sum = s.lane(0) + s.lane(1);
    for (; i < bytes; i += Floats.BYTES) {
      float difference = Lanes.get(ms, i) - Lanes.get(ls, i);
      Lanes.set(ds, i, difference);
      sum += (double) difference * difference;
    }
    return sum / 2;
  }

  private static FloatVector broadcast(float value) {
    return FloatVector.broadcast(FLOATS, value);
  }

  private static void checkRows(Floats margins, Floats labels, Floats derivatives) {
    Lengths.check("labels", labels.length(), margins.length());
    Lengths.check("derivatives", derivatives.length(), margins.length());
  }
}
