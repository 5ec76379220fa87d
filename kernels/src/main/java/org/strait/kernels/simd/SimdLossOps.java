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
import org.strait.kernels.Matrix;
import org.strait.memory.Floats;

/// Losses, a vector of rows at a time in float32, summed in float64. (Every sum is folded where it
/// stands: behind a long loop the compiler no longer inlines our own methods, and a vector that
/// crosses a call becomes an object.) The last rows of a range go
/// through the same operations one by one: a row's derivative has the same bits in every range.
final class SimdLossOps implements LossOps {
  private static final FloatVector ONE = FloatVector.broadcast(FLOATS, 1);

  private static final FloatVector ZERO = FloatVector.zero(FLOATS);
  private static final int SIGN = 0x80000000;

  /// Rows that are not worth setting vectors up for: the blocks of a fused gradient.
  private static final long FEW = 4;

  /// Rows whose margins, labels and derivatives stay in the first cache.
  private static final long IN_CACHE = 2048;

  private final SimdCurvatures curvatures = new SimdCurvatures();

  /// In two loops over rows that stay in cache: exp and log1p in one are more than the compiler
  /// inlines.
  @Override
  public double logistic(Floats margins, Floats labels, Floats derivatives, long from, long to) {
    Lengths.checkRows(margins, labels, derivatives, from, to);
    if (to - from <= FEW) {
      return few(margins, labels, derivatives, from, to);
    }
    MemorySegment ms = margins.segment();
    MemorySegment ls = labels.segment();
    MemorySegment ds = derivatives.segment();
    double sum = 0;
    for (long start = from; start < to; start += IN_CACHE) {
      long first = start * Floats.BYTES;
      long end = Math.min(to, start + IN_CACHE) * Floats.BYTES;
      sum += exponentials(ms, ls, ds, first, end);
      sum += logarithms(ls, ds, first, end);
    }
    return sum;
  }

  /// The same operations row by row.
  private static double few(Floats margins, Floats labels, Floats derivatives, long from, long to) {
    long ms = AddressSpace.of(margins);
    long ls = AddressSpace.of(labels);
    long ds = AddressSpace.of(derivatives);
    double sum = 0;
    for (long i = from * Floats.BYTES; i < to * Floats.BYTES; i += Floats.BYTES) {
      float label = AddressSpace.get(ls + i);
      float z = label * AddressSpace.get(ms + i);
      float e = Elementary.exp(-Math.abs(z));
      float share = (Float.floatToRawIntBits(z) < 0 ? 1 : e) / (1 + e);
      AddressSpace.set(ds + i, -label * share);
      sum += (z < 0 ? -z : 0) + (double) Elementary.log1pOfUnit(e);
    }
    return sum;
  }

  /// es ← exp(-|z|) with the sign of z = y·m; returns Σ max(-z, 0).
  private static double exponentials(
      MemorySegment ms, MemorySegment ls, MemorySegment es, long from, long to) {
    long i = from;
    long whole = i + Lanes.whole(to - i, Lanes.BYTES);
    DoubleVector low = DoubleVector.zero(DOUBLES);
    DoubleVector high = low;
    for (; i < whole; i += Lanes.BYTES) {
      FloatVector label = fromMemorySegment(FLOATS, ls, i, ORDER);
      FloatVector z = label.mul(fromMemorySegment(FLOATS, ms, i, ORDER));
      FloatVector e = Elementary.exp(z.abs().neg());
      e.reinterpretAsInts()
          .or(z.reinterpretAsInts().and(SIGN))
          .reinterpretAsFloats()
          .intoMemorySegment(es, i, ORDER);
      FloatVector straight = ZERO.blend(z.neg(), z.compare(VectorOperators.LT, 0));
      low = low.add(straight.castShape(DOUBLES, 0));
      high = high.add(straight.castShape(DOUBLES, 1));
    }
    DoubleVector s = low.add(high);
    s = COUNT > 8 ? s.add(s.rearrange(DOUBLES_SWAP_4)) : s;
    s = COUNT > 4 ? s.add(s.rearrange(DOUBLES_SWAP_2)) : s;
    double sum = s.lane(0) + s.lane(1);
    for (; i < to; i += Floats.BYTES) {
      float z = Lanes.get(ls, i) * Lanes.get(ms, i);
      Lanes.set(es, i, Math.copySign(Elementary.exp(-Math.abs(z)), z));
      sum += z < 0 ? -z : 0;
    }
    return sum;
  }

  /// ds ← -y·(z < 0 ? 1 : e)/(1 + e) for es that stand there; returns Σ log(1 + e).
  private static double logarithms(MemorySegment ls, MemorySegment ds, long from, long to) {
    long i = from;
    long whole = i + Lanes.whole(to - i, Lanes.BYTES);
    DoubleVector low = DoubleVector.zero(DOUBLES);
    DoubleVector high = low;
    for (; i < whole; i += Lanes.BYTES) {
      FloatVector signed = fromMemorySegment(FLOATS, ds, i, ORDER);
      FloatVector e = signed.abs();
      FloatVector bend = Elementary.log1pOfUnit(e);
      low = low.add(bend.castShape(DOUBLES, 0));
      high = high.add(bend.castShape(DOUBLES, 1));
      FloatVector share =
          e.blend(1, signed.reinterpretAsInts().compare(VectorOperators.LT, 0).cast(FLOATS))
              .div(e.add(1));
      fromMemorySegment(FLOATS, ls, i, ORDER).neg().mul(share).intoMemorySegment(ds, i, ORDER);
    }
    DoubleVector s = low.add(high);
    s = COUNT > 8 ? s.add(s.rearrange(DOUBLES_SWAP_4)) : s;
    s = COUNT > 4 ? s.add(s.rearrange(DOUBLES_SWAP_2)) : s;
    double sum = s.lane(0) + s.lane(1);
    for (; i < to; i += Floats.BYTES) {
      float signed = Lanes.get(ds, i);
      float e = Math.abs(signed);
      sum += Elementary.log1pOfUnit(e);
      float share = (Float.floatToRawIntBits(signed) < 0 ? 1 : e) / (1 + e);
      Lanes.set(ds, i, -Lanes.get(ls, i) * share);
    }
    return sum;
  }

  @Override
  public double squaredHinge(
      Floats margins, Floats labels, Floats derivatives, long from, long to) {
    Lengths.checkRows(margins, labels, derivatives, from, to);
    MemorySegment ms = margins.segment();
    MemorySegment ls = labels.segment();
    MemorySegment ds = derivatives.segment();
    long i = from * Floats.BYTES;
    long end = to * Floats.BYTES;
    long whole = i + Lanes.whole(end - i, Lanes.BYTES);
    DoubleVector low = DoubleVector.zero(DOUBLES);
    DoubleVector high = low;
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
    for (; i < end; i += Floats.BYTES) {
      float label = Lanes.get(ls, i);
      float missing = Math.max(0, 1 - label * Lanes.get(ms, i));
      Lanes.set(ds, i, -2 * label * missing);
      sum += (double) missing * missing;
    }
    return sum;
  }

  @Override
  public double squared(Floats margins, Floats labels, Floats derivatives, long from, long to) {
    Lengths.checkRows(margins, labels, derivatives, from, to);
    MemorySegment ms = margins.segment();
    MemorySegment ls = labels.segment();
    MemorySegment ds = derivatives.segment();
    long i = from * Floats.BYTES;
    long end = to * Floats.BYTES;
    long whole = i + Lanes.whole(end - i, Lanes.BYTES);
    DoubleVector low = DoubleVector.zero(DOUBLES);
    DoubleVector high = low;
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
    for (; i < end; i += Floats.BYTES) {
      float difference = Lanes.get(ms, i) - Lanes.get(ls, i);
      Lanes.set(ds, i, difference);
      sum += (double) difference * difference;
    }
    return sum / 2;
  }

  /// With the slope s, the difference cut off at ± delta, both pieces are s·(d - s/2).
  @Override
  public double huber(
      float delta, Floats margins, Floats labels, Floats derivatives, long from, long to) {
    Lengths.checkRows(margins, labels, derivatives, from, to);
    Lengths.checkDelta(delta);
    MemorySegment ms = margins.segment();
    MemorySegment ls = labels.segment();
    MemorySegment ds = derivatives.segment();
    long i = from * Floats.BYTES;
    long end = to * Floats.BYTES;
    long whole = i + Lanes.whole(end - i, Lanes.BYTES);
    DoubleVector low = DoubleVector.zero(DOUBLES);
    DoubleVector high = low;
    for (; i < whole; i += Lanes.BYTES) {
      FloatVector difference =
          fromMemorySegment(FLOATS, ms, i, ORDER).sub(fromMemorySegment(FLOATS, ls, i, ORDER));
      FloatVector slope = difference.min(delta).max(-delta);
      slope.intoMemorySegment(ds, i, ORDER);
      FloatVector arm = difference.sub(slope.mul(0.5f));
      low = low.add(slope.castShape(DOUBLES, 0).mul(arm.castShape(DOUBLES, 0)));
      high = high.add(slope.castShape(DOUBLES, 1).mul(arm.castShape(DOUBLES, 1)));
    }
    DoubleVector s = low.add(high);
    s = COUNT > 8 ? s.add(s.rearrange(DOUBLES_SWAP_4)) : s;
    s = COUNT > 4 ? s.add(s.rearrange(DOUBLES_SWAP_2)) : s;
    double sum = s.lane(0) + s.lane(1);
    for (; i < end; i += Floats.BYTES) {
      float difference = Lanes.get(ms, i) - Lanes.get(ls, i);
      float slope = Math.max(Math.min(difference, delta), -delta);
      Lanes.set(ds, i, slope);
      sum += (double) slope * (difference - slope * 0.5f);
    }
    return sum;
  }

  @Override
  public double softmax(Matrix scores, Floats labels, Matrix derivatives, int from, int to) {
    return SimdSoftmax.loss(scores, labels, derivatives, from, to);
  }

  @Override
  public void logisticCurvatures(Floats margins, Floats labels, Floats out, long from, long to) {
    curvatures.logistic(margins, labels, out, from, to);
  }

  @Override
  public void squaredHingeCurvatures(
      Floats margins, Floats labels, Floats out, long from, long to) {
    curvatures.squaredHinge(margins, labels, out, from, to);
  }

  @Override
  public void squaredCurvatures(Floats margins, Floats labels, Floats out, long from, long to) {
    curvatures.squared(margins, labels, out, from, to);
  }

  @Override
  public void huberCurvatures(
      float delta, Floats margins, Floats labels, Floats out, long from, long to) {
    curvatures.huber(delta, margins, labels, out, from, to);
  }

  @Override
  public void softmaxCurvatures(Matrix scores, Matrix out, int from, int to) {
    SimdSoftmax.curvatures(scores, out, from, to);
  }

  @Override
  public void exp(Floats x, Floats y, long from, long to) {
    Lengths.checkPart("x", x.length(), from, to);
    Lengths.checkPart("y", y.length(), from, to);
    long at = from * Floats.BYTES;
    Elementary.exp(x.segment(), at, y.segment(), at, (to - from) * Floats.BYTES);
  }

  @Override
  public void log1p(Floats x, Floats y, long from, long to) {
    Lengths.checkPart("x", x.length(), from, to);
    Lengths.checkPart("y", y.length(), from, to);
    long at = from * Floats.BYTES;
    Elementary.log1p(x.segment(), y.segment(), at, (to - from) * Floats.BYTES);
  }
}
