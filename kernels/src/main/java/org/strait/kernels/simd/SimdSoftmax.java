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
import jdk.incubator.vector.VectorMask;
import jdk.incubator.vector.VectorOperators;
import org.strait.kernels.Lengths;
import org.strait.kernels.Matrix;
import org.strait.memory.Floats;

/// The softmax of rows of scores. A row is a number of whole vectors and a masked one; what a row
/// gives does not depend on the other rows.
final class SimdSoftmax {
  private static final FloatVector LOWEST = FloatVector.broadcast(FLOATS, Float.NEGATIVE_INFINITY);

  double loss(Matrix scores, Floats labels, Matrix derivatives, int from, int to) {
    Lengths.checkScores(scores, derivatives, from, to);
    Lengths.checkPart("labels", labels.length(), from, to);
    MemorySegment ss = scores.values().segment();
    MemorySegment ds = derivatives.values().segment();
    int classes = scores.cols();
    double loss = 0;
    for (int r = from; r < to; r++) {
      int own = Lengths.checkClass(labels.get(r), classes, r);
      long row = (long) r * scores.stride() * Floats.BYTES;
      long out = (long) r * derivatives.stride() * Floats.BYTES;
      float score = Lanes.get(ss, row + own * Floats.BYTES);
      float max = max(ss, row, classes);
      double sum = powers(ss, row, ds, out, classes, max);
      double ownPower = Lanes.get(ds, out + own * Floats.BYTES);
      divide(ds, out, classes, (float) (1 / sum));
      Lanes.set(ds, out + own * Floats.BYTES, (float) ((ownPower - sum) / sum));
      loss += Math.log(sum) + max - score;
    }
    return loss;
  }

  void curvatures(Matrix scores, Matrix curvatures, int from, int to) {
    Lengths.checkScores(scores, curvatures, from, to);
    MemorySegment ss = scores.values().segment();
    MemorySegment cs = curvatures.values().segment();
    int classes = scores.cols();
    for (int r = from; r < to; r++) {
      long row = (long) r * scores.stride() * Floats.BYTES;
      long out = (long) r * curvatures.stride() * Floats.BYTES;
      double sum = powers(ss, row, cs, out, classes, max(ss, row, classes));
      for (int k = 0; k < classes; k++) {
        double power = Lanes.get(cs, out + k * Floats.BYTES);
        Lanes.set(cs, out + k * Floats.BYTES, (float) (power / sum * ((sum - power) / sum)));
      }
    }
  }

  private static float max(MemorySegment scores, long row, int classes) {
    int whole = classes & -COUNT;
    FloatVector max = LOWEST;
    for (int k = 0; k < whole; k += COUNT) {
      max = max.max(fromMemorySegment(FLOATS, scores, row + k * Floats.BYTES, ORDER));
    }
    if (whole < classes) {
      VectorMask<Float> rest = FLOATS.indexInRange(whole, classes);
      FloatVector last = fromMemorySegment(FLOATS, scores, row + whole * Floats.BYTES, ORDER, rest);
      max = max.max(LOWEST.blend(last, rest));
    }
    return max.reduceLanes(VectorOperators.MAX);
  }

  /// out ← exp(score - max); returns the sum.
  private static double powers(
      MemorySegment scores, long row, MemorySegment ps, long out, int classes, float max) {
    DoubleVector low = DoubleVector.zero(DOUBLES);
    DoubleVector high = low;
    // Masked throughout: a second body for the last lanes is more than the compiler inlines.
    for (int k = 0; k < classes; k += COUNT) {
      long at = k * Floats.BYTES;
      VectorMask<Float> inRow = FLOATS.indexInRange(k, classes);
      FloatVector score = fromMemorySegment(FLOATS, scores, row + at, ORDER, inRow);
      FloatVector power = Elementary.exp(score.sub(max));
      power.intoMemorySegment(ps, out + at, ORDER, inRow);
      FloatVector counted = FloatVector.zero(FLOATS).blend(power, inRow);
      low = low.add(counted.castShape(DOUBLES, 0));
      high = high.add(counted.castShape(DOUBLES, 1));
    }
    DoubleVector s = low.add(high);
    s = COUNT > 8 ? s.add(s.rearrange(DOUBLES_SWAP_4)) : s;
    s = COUNT > 4 ? s.add(s.rearrange(DOUBLES_SWAP_2)) : s;
    return s.lane(0) + s.lane(1);
  }

  private static void divide(MemorySegment ps, long row, int classes, float share) {
    int whole = classes & -COUNT;
    for (int k = 0; k < whole; k += COUNT) {
      long at = row + k * Floats.BYTES;
      fromMemorySegment(FLOATS, ps, at, ORDER).mul(share).intoMemorySegment(ps, at, ORDER);
    }
    if (whole < classes) {
      long at = row + whole * Floats.BYTES;
      VectorMask<Float> rest = FLOATS.indexInRange(whole, classes);
      fromMemorySegment(FLOATS, ps, at, ORDER, rest)
          .mul(share)
          .intoMemorySegment(ps, at, ORDER, rest);
    }
  }
}
