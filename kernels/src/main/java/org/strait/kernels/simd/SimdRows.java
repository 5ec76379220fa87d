package org.strait.kernels.simd;

import static jdk.incubator.vector.FloatVector.fromMemorySegment;
import static org.strait.kernels.simd.AddressSpace.ALL;
import static org.strait.kernels.simd.AddressSpace.BASE;
import static org.strait.kernels.simd.AddressSpace.REACH;
import static org.strait.kernels.simd.Lanes.COUNT;
import static org.strait.kernels.simd.Lanes.FLOATS;
import static org.strait.kernels.simd.Lanes.FLOATS_SWAP_2;
import static org.strait.kernels.simd.Lanes.FLOATS_SWAP_4;
import static org.strait.kernels.simd.Lanes.FLOATS_SWAP_8;
import static org.strait.kernels.simd.Lanes.ORDER;

import jdk.incubator.vector.FloatVector;
import org.strait.memory.Floats;

/// Loops over rows of a matrix, by address; lengths are in bytes, and what they cover has been
/// checked. What is left of a row after whole vectors is fused too, so that an element's bits do
/// not depend on which of the two loops it falls into.
final class SimdRows {
  /// Most columns of a row that these loops can count.
  static final int MOST_COLS = 1 << 28;

  private static final int FOUR = 4 * Lanes.BYTES;

  private SimdRows() {}

  /// Row · weights. Two sums, not four: C2 orders independent loads as it likes, and two it leaves
  /// in the order of memory, which the processor needs to see what comes next. Short enough in
  /// bytecodes (below 325) to be inlined where it is hot.
  static float dot(long rowAt, long weightsAt, int bytes) {
    long x = rowAt & BASE;
    long w = weightsAt & BASE;
    int whole = bytes & -(2 * Lanes.BYTES);
    FloatVector even = FloatVector.zero(FLOATS);
    FloatVector odd = even;
    for (int i = 0; i < whole; i += 2 * Lanes.BYTES) {
      even =
          fromMemorySegment(FLOATS, ALL, (x + i) & REACH, ORDER)
              .fma(fromMemorySegment(FLOATS, ALL, (w + i) & REACH, ORDER), even);
      odd =
          fromMemorySegment(FLOATS, ALL, (x + i + Lanes.BYTES) & REACH, ORDER)
              .fma(fromMemorySegment(FLOATS, ALL, (w + i + Lanes.BYTES) & REACH, ORDER), odd);
    }
    FloatVector s = even.add(odd);
    s = COUNT > 8 ? s.add(s.rearrange(FLOATS_SWAP_8)) : s;
    s = COUNT > 4 ? s.add(s.rearrange(FLOATS_SWAP_4)) : s;
    s = s.add(s.rearrange(FLOATS_SWAP_2));
    float sum = s.lane(0) + s.lane(1);
    return whole == bytes ? sum : rest(x + whole, w + whole, bytes - whole, sum);
  }

  /// The last products of a row, fewer than two vectors, and the sum before them.
  private static float rest(long rowAt, long weightsAt, int bytes, float before) {
    float sum = before;
    int i = 0;
    if (bytes >= Lanes.BYTES) {
      FloatVector s =
          fromMemorySegment(FLOATS, ALL, rowAt & BASE, ORDER)
              .mul(fromMemorySegment(FLOATS, ALL, weightsAt & BASE, ORDER));
      s = COUNT > 8 ? s.add(s.rearrange(FLOATS_SWAP_8)) : s;
      s = COUNT > 4 ? s.add(s.rearrange(FLOATS_SWAP_4)) : s;
      s = s.add(s.rearrange(FLOATS_SWAP_2));
      sum += s.lane(0) + s.lane(1);
      i = Lanes.BYTES;
    }
    for (; i < bytes; i += (int) Floats.BYTES) {
      sum = Math.fma(AddressSpace.get(rowAt + i), AddressSpace.get(weightsAt + i), sum);
    }
    return sum;
  }

  /// Target += Σ alpha·factor(j)·row j over rows that follow each other and are in the cache: four
  /// at a time, so that the target is loaded and stored once for four. Eight would need more
  /// registers for addresses than there are.
  ///
  /// @param rowsAt first byte of the first row's part
  /// @param stride bytes from row to row
  /// @param factorsAt a float per row
  static void addRows(
      long rowsAt, long stride, int rows, long factorsAt, float alpha, long targetAt, int bytes) {
    int r = 0;
    for (; r + 4 <= rows; r += 4) {
      addFour(rowsAt + r * stride, stride, factorsAt + r * Floats.BYTES, alpha, targetAt, bytes);
    }
    for (; r < rows; r++) {
      float factor = alpha * AddressSpace.get(factorsAt + r * Floats.BYTES);
      addOne(rowsAt + r * stride, factor, targetAt, bytes);
    }
  }

  private static void addFour(
      long rowsAt, long stride, long factorsAt, float alpha, long targetAt, int bytes) {
    long g = targetAt & BASE;
    long a0 = rowsAt & BASE;
    long a1 = (a0 + stride) & BASE;
    long a2 = (a1 + stride) & BASE;
    long a3 = (a2 + stride) & BASE;
    float c0 = alpha * AddressSpace.get(factorsAt);
    float c1 = alpha * AddressSpace.get(factorsAt + 4);
    float c2 = alpha * AddressSpace.get(factorsAt + 8);
    float c3 = alpha * AddressSpace.get(factorsAt + 12);
    FloatVector v0 = FloatVector.broadcast(FLOATS, c0);
    FloatVector v1 = FloatVector.broadcast(FLOATS, c1);
    FloatVector v2 = FloatVector.broadcast(FLOATS, c2);
    FloatVector v3 = FloatVector.broadcast(FLOATS, c3);
    int whole = bytes & -Lanes.BYTES;
    for (int i = 0; i < whole; i += Lanes.BYTES) {
      FloatVector low =
          fromMemorySegment(FLOATS, ALL, (a0 + i) & REACH, ORDER)
              .fma(v0, fromMemorySegment(FLOATS, ALL, (g + i) & REACH, ORDER));
      FloatVector high = fromMemorySegment(FLOATS, ALL, (a1 + i) & REACH, ORDER).mul(v1);
      low = fromMemorySegment(FLOATS, ALL, (a2 + i) & REACH, ORDER).fma(v2, low);
      high = fromMemorySegment(FLOATS, ALL, (a3 + i) & REACH, ORDER).fma(v3, high);
      low.add(high).intoMemorySegment(ALL, (g + i) & REACH, ORDER);
    }
    for (int i = whole; i < bytes; i += (int) Floats.BYTES) {
      float low = Math.fma(AddressSpace.get(a0 + i), c0, AddressSpace.get(g + i));
      float high = AddressSpace.get(a1 + i) * c1;
      low = Math.fma(AddressSpace.get(a2 + i), c2, low);
      high = Math.fma(AddressSpace.get(a3 + i), c3, high);
      AddressSpace.set(g + i, low + high);
    }
  }

  private static void addOne(long rowAt, float factor, long targetAt, int bytes) {
    long x = rowAt & BASE;
    long g = targetAt & BASE;
    FloatVector v = FloatVector.broadcast(FLOATS, factor);
    int whole = bytes & -Lanes.BYTES;
    for (int i = 0; i < whole; i += Lanes.BYTES) {
      fromMemorySegment(FLOATS, ALL, (x + i) & REACH, ORDER)
          .fma(v, fromMemorySegment(FLOATS, ALL, (g + i) & REACH, ORDER))
          .intoMemorySegment(ALL, (g + i) & REACH, ORDER);
    }
    for (int i = whole; i < bytes; i += (int) Floats.BYTES) {
      AddressSpace.set(g + i, Math.fma(AddressSpace.get(x + i), factor, AddressSpace.get(g + i)));
    }
  }

  /// y += alpha·x, rounded twice as the specification does. Four vectors a turn: the body is then
  /// too long to be inlined into a caller, in whose big methods the vectors became objects.
  static void axpy(float alpha, long xAt, long yAt, int bytes) {
    long x = xAt & BASE;
    long y = yAt & BASE;
    int fours = bytes & -FOUR;
    int whole = bytes & -Lanes.BYTES;
    int i = 0;
    for (; i < fours; i += FOUR) {
      int j = i + Lanes.BYTES;
      int k = j + Lanes.BYTES;
      int l = k + Lanes.BYTES;
      fromMemorySegment(FLOATS, ALL, (x + i) & REACH, ORDER)
          .mul(alpha)
          .add(fromMemorySegment(FLOATS, ALL, (y + i) & REACH, ORDER))
          .intoMemorySegment(ALL, (y + i) & REACH, ORDER);
      fromMemorySegment(FLOATS, ALL, (x + j) & REACH, ORDER)
          .mul(alpha)
          .add(fromMemorySegment(FLOATS, ALL, (y + j) & REACH, ORDER))
          .intoMemorySegment(ALL, (y + j) & REACH, ORDER);
      fromMemorySegment(FLOATS, ALL, (x + k) & REACH, ORDER)
          .mul(alpha)
          .add(fromMemorySegment(FLOATS, ALL, (y + k) & REACH, ORDER))
          .intoMemorySegment(ALL, (y + k) & REACH, ORDER);
      fromMemorySegment(FLOATS, ALL, (x + l) & REACH, ORDER)
          .mul(alpha)
          .add(fromMemorySegment(FLOATS, ALL, (y + l) & REACH, ORDER))
          .intoMemorySegment(ALL, (y + l) & REACH, ORDER);
    }
    for (; i < whole; i += Lanes.BYTES) {
      fromMemorySegment(FLOATS, ALL, (x + i) & REACH, ORDER)
          .mul(alpha)
          .add(fromMemorySegment(FLOATS, ALL, (y + i) & REACH, ORDER))
          .intoMemorySegment(ALL, (y + i) & REACH, ORDER);
    }
    for (; i < bytes; i += (int) Floats.BYTES) {
      AddressSpace.set(y + i, AddressSpace.get(y + i) + alpha * AddressSpace.get(x + i));
    }
  }

  /// x *= alpha; four vectors a turn, as {@link #axpy}.
  static void scale(float alpha, long xAt, int bytes) {
    long x = xAt & BASE;
    int fours = bytes & -FOUR;
    int whole = bytes & -Lanes.BYTES;
    int i = 0;
    for (; i < fours; i += FOUR) {
      int j = i + Lanes.BYTES;
      int k = j + Lanes.BYTES;
      int l = k + Lanes.BYTES;
      fromMemorySegment(FLOATS, ALL, (x + i) & REACH, ORDER)
          .mul(alpha)
          .intoMemorySegment(ALL, (x + i) & REACH, ORDER);
      fromMemorySegment(FLOATS, ALL, (x + j) & REACH, ORDER)
          .mul(alpha)
          .intoMemorySegment(ALL, (x + j) & REACH, ORDER);
      fromMemorySegment(FLOATS, ALL, (x + k) & REACH, ORDER)
          .mul(alpha)
          .intoMemorySegment(ALL, (x + k) & REACH, ORDER);
      fromMemorySegment(FLOATS, ALL, (x + l) & REACH, ORDER)
          .mul(alpha)
          .intoMemorySegment(ALL, (x + l) & REACH, ORDER);
    }
    for (; i < whole; i += Lanes.BYTES) {
      fromMemorySegment(FLOATS, ALL, (x + i) & REACH, ORDER)
          .mul(alpha)
          .intoMemorySegment(ALL, (x + i) & REACH, ORDER);
    }
    for (; i < bytes; i += (int) Floats.BYTES) {
      AddressSpace.set(x + i, alpha * AddressSpace.get(x + i));
    }
  }
}
