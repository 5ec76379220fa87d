package org.strait.kernels.simd;

import static jdk.incubator.vector.FloatVector.fromMemorySegment;
import static org.strait.kernels.simd.AddressSpace.ALL;
import static org.strait.kernels.simd.AddressSpace.BASE;
import static org.strait.kernels.simd.AddressSpace.REACH;
import static org.strait.kernels.simd.Lanes.FLOATS;
import static org.strait.kernels.simd.Lanes.ORDER;

import java.lang.foreign.MemorySegment;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorOperators;
import org.strait.kernels.Lengths;
import org.strait.kernels.Matrix;
import org.strait.memory.Floats;

/// The softmax of rows of scores, in passes over as many rows as stay in the first cache: what each
/// score lies below its row's largest, the exponentials of all of them in one run of vectors
/// however short a row is, then sums in float64 and quotients. A row's results have the same bits
/// in every range.
final class SimdSoftmax {
  /// Scores of a pass.
  private static final int IN_CACHE = 2048;

  /// A product of sums is turned into a logarithm from here on; a row's sum is below 2^31.
  private static final double LARGE = 1e200;

  private SimdSoftmax() {}

  /// See {@link org.strait.kernels.LossOps#softmax}. One logarithm for many rows: Σ log s = log Π
  /// s.
  static double loss(Matrix scores, Floats labels, Matrix derivatives, int from, int to) {
    Lengths.checkScores(scores, derivatives, from, to);
    Lengths.checkPart("labels", labels.length(), from, to);
    int classes = scores.cols();
    int bytes = (int) (classes * Floats.BYTES);
    long outAt = AddressSpace.of(derivatives.values());
    long outRow = derivatives.stride() * Floats.BYTES;
    int block = Math.max(1, IN_CACHE / classes);
    double loss = 0;
    double product = 1;
    int first = from;
    while (first < to) {
      int end = first + Math.min(block, to - first);
      for (int r = first; r < end; r++) {
        Lengths.checkClass(labels.get(r), classes, r);
      }
      begin(scores, derivatives, first, end);
      for (int r = first; r < end; r++) {
        loss -= AddressSpace.get(outAt + r * outRow + ((int) labels.get(r)) * Floats.BYTES);
      }
      powers(derivatives, first, end);
      for (int r = first; r < end; r++) {
        long row = outAt + r * outRow;
        long own = row + ((int) labels.get(r)) * Floats.BYTES;
        double sum = sum(row, bytes);
        double ownPower = AddressSpace.get(own);
        scale((float) (1 / sum), row, bytes);
        AddressSpace.set(own, (float) ((ownPower - sum) / sum));
        product *= sum;
        if (product > LARGE) {
          loss += Math.log(product);
          product = 1;
        }
      }
      first = end;
    }
    return loss + Math.log(product);
  }

  /// See {@link org.strait.kernels.LossOps#softmaxCurvatures}.
  static void curvatures(Matrix scores, Matrix out, int from, int to) {
    Lengths.checkScores(scores, out, from, to);
    int bytes = (int) (scores.cols() * Floats.BYTES);
    long outAt = AddressSpace.of(out.values());
    long outRow = out.stride() * Floats.BYTES;
    int block = Math.max(1, IN_CACHE / scores.cols());
    int first = from;
    while (first < to) {
      int end = first + Math.min(block, to - first);
      begin(scores, out, first, end);
      powers(out, first, end);
      for (int r = first; r < end; r++) {
        curvature(outAt + r * outRow, bytes);
      }
      first = end;
    }
  }

  /// p·(1 - p) in float64: next to 1 the difference has no digits in float32.
  private static void curvature(long rowAt, int bytes) {
    double sum = sum(rowAt, bytes);
    double share = 1 / (sum * sum);
    for (int i = 0; i < bytes; i += (int) Floats.BYTES) {
      double power = AddressSpace.get(rowAt + i);
      AddressSpace.set(rowAt + i, (float) (power * (sum - power) * share));
    }
  }

  /// out ← scores less the largest of their row.
  private static void begin(Matrix scores, Matrix out, int from, int to) {
    int bytes = (int) (scores.cols() * Floats.BYTES);
    long at = AddressSpace.of(scores.values());
    long outAt = AddressSpace.of(out.values());
    long row = scores.stride() * Floats.BYTES;
    long outRow = out.stride() * Floats.BYTES;
    for (int r = from; r < to; r++) {
      subtract(at + r * row, largest(at + r * row, bytes), outAt + r * outRow, bytes);
    }
  }

  /// out ← exp(out), without regard to rows where they have no gaps.
  private static void powers(Matrix out, int from, int to) {
    MemorySegment run = out.values().segment();
    long row = out.stride() * Floats.BYTES;
    long bytes = out.cols() * Floats.BYTES;
    if (row == bytes) {
      Elementary.exp(run, from * row, run, from * row, (to - from) * row);
    } else {
      for (int r = from; r < to; r++) {
        Elementary.exp(run, r * row, run, r * row, bytes);
      }
    }
  }

  /// The largest of a row. One that is not a number may be passed over: its own difference is none
  /// either, and spoils the row's sum.
  private static float largest(long rowAt, int bytes) {
    long x = rowAt & BASE;
    int whole = bytes & -Lanes.BYTES;
    float largest = Float.NEGATIVE_INFINITY;
    if (whole > 0) {
      FloatVector most = fromMemorySegment(FLOATS, ALL, x & REACH, ORDER);
      for (int i = Lanes.BYTES; i < whole; i += Lanes.BYTES) {
        FloatVector next = fromMemorySegment(FLOATS, ALL, (x + i) & REACH, ORDER);
        most = most.blend(next, next.compare(VectorOperators.GT, most));
      }
      largest = most.reduceLanes(VectorOperators.MAX);
    }
    int bits = ordered(Float.floatToRawIntBits(largest));
    for (int i = whole; i < bytes; i += (int) Floats.BYTES) {
      bits = Math.max(bits, ordered(AddressSpace.getInt(x + i)));
    }
    return Float.intBitsToFloat(ordered(bits));
  }

  /// Bits of a float as an integer of the same order, and back: the maximum of integers is one
  /// instruction, that of floats several and a branch.
  private static int ordered(int bits) {
    return bits ^ (bits >> 31 & Integer.MAX_VALUE);
  }

  private static void subtract(long rowAt, float from, long outAt, int bytes) {
    long x = rowAt & BASE;
    long y = outAt & BASE;
    int whole = bytes & -Lanes.BYTES;
    for (int i = 0; i < whole; i += Lanes.BYTES) {
      fromMemorySegment(FLOATS, ALL, (x + i) & REACH, ORDER)
          .sub(from)
          .intoMemorySegment(ALL, (y + i) & REACH, ORDER);
    }
    for (int i = whole; i < bytes; i += (int) Floats.BYTES) {
      AddressSpace.set(y + i, AddressSpace.get(x + i) - from);
    }
  }

  /// Rows shorter than a vector in a loop of their own, which is small enough to be inlined.
  private static void scale(float by, long rowAt, int bytes) {
    if (bytes >= Lanes.BYTES) {
      SimdRows.scale(by, rowAt, bytes);
      return;
    }
    for (int i = 0; i < bytes; i += (int) Floats.BYTES) {
      AddressSpace.set(rowAt + i, by * AddressSpace.get(rowAt + i));
    }
  }

  /// The sum of a row in float64, two sums side by side.
  private static double sum(long rowAt, int bytes) {
    double even = 0;
    double odd = 0;
    int i = 0;
    for (; i + 8 <= bytes; i += 8) {
      even += AddressSpace.get(rowAt + i);
      odd += AddressSpace.get(rowAt + i + 4);
    }
    if (i < bytes) {
      even += AddressSpace.get(rowAt + i);
    }
    return even + odd;
  }
}
