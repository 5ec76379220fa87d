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
import jdk.incubator.vector.VectorOperators;
import org.strait.kernels.Lengths;
import org.strait.kernels.Matrix;
import org.strait.memory.Floats;

/// The softmax of rows of scores. As many rows as stay in cache have their largest scores taken
/// off, then all of them go through exp in one run, however short a row is, then each is divided by
/// its sum. What a row gives does not depend on the others.
final class SimdSoftmax {
  private static final FloatVector LOWEST = FloatVector.broadcast(FLOATS, Float.NEGATIVE_INFINITY);

  /// Scores that stay in the first cache.
  private static final int IN_CACHE = 4096;

  double loss(Matrix scores, Floats labels, Matrix derivatives, int from, int to) {
    Lengths.checkScores(scores, derivatives, from, to);
    Lengths.checkPart("labels", labels.length(), from, to);
    int step = Math.max(1, IN_CACHE / scores.cols());
    double loss = 0;
    for (int start = from; start < to; start += step) {
      int end = Math.min(to, start + step);
      for (int r = start; r < end; r++) {
        int own = Lengths.checkClass(labels.get(r), scores.cols(), r);
        float score = scores.values().get((long) r * scores.stride() + own);
        loss += (double) shift(scores, derivatives, r) - score;
      }
      exponentiate(derivatives, start, end);
      for (int r = start; r < end; r++) {
        loss += normalise(derivatives, r, (int) labels.get(r));
      }
    }
    return loss;
  }

  void curvatures(Matrix scores, Matrix curvatures, int from, int to) {
    Lengths.checkScores(scores, curvatures, from, to);
    int step = Math.max(1, IN_CACHE / scores.cols());
    for (int start = from; start < to; start += step) {
      int end = Math.min(to, start + step);
      for (int r = start; r < end; r++) {
        shift(scores, curvatures, r);
      }
      exponentiate(curvatures, start, end);
      for (int r = start; r < end; r++) {
        curve(curvatures, r);
      }
    }
  }

  /// out ← score - the row's largest; returns that.
  private static float shift(Matrix scores, Matrix out, int row) {
    MemorySegment ss = scores.values().segment();
    MemorySegment os = out.values().segment();
    long scoresAt = (long) row * scores.stride() * Floats.BYTES;
    long outAt = (long) row * out.stride() * Floats.BYTES;
    long bytes = scores.cols() * Floats.BYTES;
    float max = max(ss, scoresAt, scoresAt + bytes);
    long whole = Lanes.whole(bytes, Lanes.BYTES);
    long i = 0;
    for (; i < whole; i += Lanes.BYTES) {
      fromMemorySegment(FLOATS, ss, scoresAt + i, ORDER)
          .sub(max)
          .intoMemorySegment(os, outAt + i, ORDER);
    }
    for (; i < bytes; i += Floats.BYTES) {
      Lanes.set(os, outAt + i, Lanes.get(ss, scoresAt + i) - max);
    }
    return max;
  }

  private static float max(MemorySegment scores, long from, long to) {
    long i = from;
    float max = Float.NEGATIVE_INFINITY;
    if (to - from >= Lanes.BYTES) {
      FloatVector maxima = LOWEST;
      for (; i + Lanes.BYTES <= to; i += Lanes.BYTES) {
        maxima = maxima.max(fromMemorySegment(FLOATS, scores, i, ORDER));
      }
      max = maxima.reduceLanes(VectorOperators.MAX);
    }
    for (; i < to; i += Floats.BYTES) {
      max = Math.max(max, Lanes.get(scores, i));
    }
    return max;
  }

  private static void exponentiate(Matrix x, int from, int to) {
    MemorySegment xs = x.values().segment();
    long rowBytes = x.stride() * Floats.BYTES;
    if (x.stride() == x.cols()) {
      Elementary.exp(xs, from * rowBytes, xs, from * rowBytes, (to - from) * rowBytes);
      return;
    }
    for (long at = from * rowBytes; at < to * rowBytes; at += rowBytes) {
      Elementary.exp(xs, at, xs, at, x.cols() * Floats.BYTES);
    }
  }

  /// The exponentials of a row become derivatives; returns the logarithm of their sum.
  private static double normalise(Matrix powers, int row, int own) {
    MemorySegment ps = powers.values().segment();
    long from = (long) row * powers.stride() * Floats.BYTES;
    long to = from + powers.cols() * Floats.BYTES;
    long ownAt = from + own * Floats.BYTES;
    double sum = sum(ps, from, to);
    // Less what all others are, and exact where that is little.
    float ownDerivative = (float) ((Lanes.get(ps, ownAt) - sum) / sum);
    float share = (float) (1 / sum);
    long i = from;
    for (; i + Lanes.BYTES <= to; i += Lanes.BYTES) {
      fromMemorySegment(FLOATS, ps, i, ORDER).mul(share).intoMemorySegment(ps, i, ORDER);
    }
    for (; i < to; i += Floats.BYTES) {
      Lanes.set(ps, i, Lanes.get(ps, i) * share);
    }
    Lanes.set(ps, ownAt, ownDerivative);
    return Math.log(sum);
  }

  private static void curve(Matrix powers, int row) {
    MemorySegment ps = powers.values().segment();
    long from = (long) row * powers.stride() * Floats.BYTES;
    long to = from + powers.cols() * Floats.BYTES;
    double sum = sum(ps, from, to);
    for (long i = from; i < to; i += Floats.BYTES) {
      double power = Lanes.get(ps, i);
      Lanes.set(ps, i, (float) (power / sum * ((sum - power) / sum)));
    }
  }

  private static double sum(MemorySegment x, long from, long to) {
    long i = from;
    double sum = 0;
    if (to - from >= Lanes.BYTES) {
      DoubleVector low = DoubleVector.zero(DOUBLES);
      DoubleVector high = low;
      for (; i + Lanes.BYTES <= to; i += Lanes.BYTES) {
        FloatVector v = fromMemorySegment(FLOATS, x, i, ORDER);
        low = low.add(v.castShape(DOUBLES, 0));
        high = high.add(v.castShape(DOUBLES, 1));
      }
      DoubleVector s = low.add(high);
      s = COUNT > 8 ? s.add(s.rearrange(DOUBLES_SWAP_4)) : s;
      s = COUNT > 4 ? s.add(s.rearrange(DOUBLES_SWAP_2)) : s;
      sum = s.lane(0) + s.lane(1);
    }
    for (; i < to; i += Floats.BYTES) {
      sum += Lanes.get(x, i);
    }
    return sum;
  }
}
