package org.strait.kernels.simd;

import static jdk.incubator.vector.FloatVector.fromMemorySegment;
import static org.strait.kernels.simd.Lanes.FLOATS;
import static org.strait.kernels.simd.Lanes.ORDER;

import java.lang.foreign.MemorySegment;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorOperators;
import org.strait.kernels.Lengths;
import org.strait.memory.Floats;

/// Second derivatives of the losses of one margin, a vector of rows at a time.
final class SimdCurvatures {
  private static final FloatVector ZERO = FloatVector.zero(FLOATS);

  /// With e = exp(-|m|), p·(1 - p) = e/(1 + e)².
  void logistic(Floats margins, Floats labels, Floats curvatures, long from, long to) {
    Lengths.checkRows(margins, labels, curvatures, from, to);
    MemorySegment ms = margins.segment();
    MemorySegment cs = curvatures.segment();
    long i = from * Floats.BYTES;
    long end = to * Floats.BYTES;
    long whole = i + Lanes.whole(end - i, Lanes.BYTES);
    for (; i < whole; i += Lanes.BYTES) {
      FloatVector e = Elementary.exp(fromMemorySegment(FLOATS, ms, i, ORDER).abs().neg());
      FloatVector total = e.add(1);
      e.div(total.mul(total)).intoMemorySegment(cs, i, ORDER);
    }
    for (; i < end; i += Floats.BYTES) {
      float e = Elementary.exp(-Math.abs(Lanes.get(ms, i)));
      Lanes.set(cs, i, e / ((1 + e) * (1 + e)));
    }
  }

  void squaredHinge(Floats margins, Floats labels, Floats curvatures, long from, long to) {
    Lengths.checkRows(margins, labels, curvatures, from, to);
    MemorySegment ms = margins.segment();
    MemorySegment ls = labels.segment();
    MemorySegment cs = curvatures.segment();
    long i = from * Floats.BYTES;
    long end = to * Floats.BYTES;
    long whole = i + Lanes.whole(end - i, Lanes.BYTES);
    for (; i < whole; i += Lanes.BYTES) {
      FloatVector z =
          fromMemorySegment(FLOATS, ls, i, ORDER).mul(fromMemorySegment(FLOATS, ms, i, ORDER));
      ZERO.blend(2, z.compare(VectorOperators.LT, 1)).intoMemorySegment(cs, i, ORDER);
    }
    for (; i < end; i += Floats.BYTES) {
      Lanes.set(cs, i, Lanes.get(ls, i) * Lanes.get(ms, i) < 1 ? 2 : 0);
    }
  }

  void squared(Floats margins, Floats labels, Floats curvatures, long from, long to) {
    Lengths.checkRows(margins, labels, curvatures, from, to);
    MemorySegment cs = curvatures.segment();
    long i = from * Floats.BYTES;
    long end = to * Floats.BYTES;
    long whole = i + Lanes.whole(end - i, Lanes.BYTES);
    for (; i < whole; i += Lanes.BYTES) {
      ZERO.add(1).intoMemorySegment(cs, i, ORDER);
    }
    for (; i < end; i += Floats.BYTES) {
      Lanes.set(cs, i, 1);
    }
  }

  void huber(float delta, Floats margins, Floats labels, Floats curvatures, long from, long to) {
    Lengths.checkRows(margins, labels, curvatures, from, to);
    Lengths.checkDelta(delta);
    MemorySegment ms = margins.segment();
    MemorySegment ls = labels.segment();
    MemorySegment cs = curvatures.segment();
    long i = from * Floats.BYTES;
    long end = to * Floats.BYTES;
    long whole = i + Lanes.whole(end - i, Lanes.BYTES);
    for (; i < whole; i += Lanes.BYTES) {
      FloatVector difference =
          fromMemorySegment(FLOATS, ms, i, ORDER).sub(fromMemorySegment(FLOATS, ls, i, ORDER));
      ZERO.blend(1, difference.abs().compare(VectorOperators.LE, delta))
          .intoMemorySegment(cs, i, ORDER);
    }
    for (; i < end; i += Floats.BYTES) {
      Lanes.set(cs, i, Math.abs(Lanes.get(ms, i) - Lanes.get(ls, i)) <= delta ? 1 : 0);
    }
  }
}
