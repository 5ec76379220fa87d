package org.strait.kernels.simd;

import static jdk.incubator.vector.FloatVector.fromMemorySegment;
import static org.strait.kernels.KthMagnitude.MAGNITUDE_MASK;
import static org.strait.kernels.simd.AddressSpace.ALL;
import static org.strait.kernels.simd.AddressSpace.BASE;
import static org.strait.kernels.simd.AddressSpace.REACH;
import static org.strait.kernels.simd.Lanes.COUNT;
import static org.strait.kernels.simd.Lanes.DOUBLES;
import static org.strait.kernels.simd.Lanes.DOUBLES_SWAP_2;
import static org.strait.kernels.simd.Lanes.DOUBLES_SWAP_4;
import static org.strait.kernels.simd.Lanes.FLOATS;
import static org.strait.kernels.simd.Lanes.INTS;
import static org.strait.kernels.simd.Lanes.ORDER;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import jdk.incubator.vector.DoubleVector;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.IntVector;
import jdk.incubator.vector.VectorOperators;
import org.strait.memory.Floats;
import org.strait.memory.Ints;

/// What one pass over magnitudes finds. Offsets are in bytes.
final class SimdMagnitudes {
  private static final long FOUR_VECTORS = 4L * Lanes.BYTES;

  private SimdMagnitudes() {}

  /// Magnitudes order like their bits read as integers, and NaN is above infinity there.
  static float max(MemorySegment x, long from, long to) {
    long at = AddressSpace.of(x) & BASE;
    IntVector max0 = IntVector.zero(INTS);
    IntVector max1 = max0;
    IntVector max2 = max0;
    IntVector max3 = max0;
    long i = from;
    long whole = from + Lanes.whole(to - from, FOUR_VECTORS);
    for (; i < whole; i += FOUR_VECTORS) {
      max0 = max0.max(magnitudes(at + i));
      max1 = max1.max(magnitudes(at + i + Lanes.BYTES));
      max2 = max2.max(magnitudes(at + i + 2L * Lanes.BYTES));
      max3 = max3.max(magnitudes(at + i + 3L * Lanes.BYTES));
    }
    for (; i + Lanes.BYTES <= to; i += Lanes.BYTES) {
      max0 = max0.max(magnitudes(at + i));
    }
    int max = max0.max(max1).max(max2.max(max3)).reduceLanes(VectorOperators.MAX);
    for (; i < to; i += Floats.BYTES) {
      max = Math.max(max, AddressSpace.getInt(at + i) & MAGNITUDE_MASK);
    }
    return Float.intBitsToFloat(max);
  }

  private static IntVector magnitudes(long at) {
    return IntVector.fromMemorySegment(INTS, ALL, at & REACH, ORDER).and(MAGNITUDE_MASK);
  }

  /// Σ|x(i)| in float64.
  static double sum(MemorySegment x, long from, long to) {
    DoubleVector low = DoubleVector.zero(DOUBLES);
    DoubleVector high = low;
    long i = from;
    for (; i + Lanes.BYTES <= to; i += Lanes.BYTES) {
      FloatVector v = fromMemorySegment(FLOATS, x, i, ORDER).abs();
      low = low.add(v.castShape(DOUBLES, 0));
      high = high.add(v.castShape(DOUBLES, 1));
    }
    DoubleVector s = low.add(high);
    s = COUNT > 8 ? s.add(s.rearrange(DOUBLES_SWAP_4)) : s;
    s = COUNT > 4 ? s.add(s.rearrange(DOUBLES_SWAP_2)) : s;
    double sum = s.lane(0) + s.lane(1);
    for (; i < to; i += Floats.BYTES) {
      sum += Math.abs(Lanes.get(x, i));
    }
    return sum;
  }

  static long countAtLeast(MemorySegment x, float threshold, long from, long to) {
    long whole = from + Lanes.whole(to - from, Lanes.BYTES);
    long count = 0;
    long i = from;
    for (; i < whole; i += Lanes.BYTES) {
      count +=
          fromMemorySegment(FLOATS, x, i, ORDER)
              .abs()
              .compare(VectorOperators.GE, threshold)
              .trueCount();
    }
    for (; i < to; i += Floats.BYTES) {
      if (Math.abs(Lanes.get(x, i)) >= threshold) {
        count++;
      }
    }
    return count;
  }

  /// As {@link org.strait.kernels.CodecOps#keepBetween}; at and room are in elements.
  static long keepBetween(
      MemorySegment x,
      int low,
      int high,
      long from,
      long to,
      MemorySegment kept,
      long at,
      long room) {
    long end = (at + room) * Ints.BYTES;
    long next = at * Ints.BYTES;
    long above = 0;
    long i = from;
    long xAt = AddressSpace.of(x);
    long keptAt = AddressSpace.of(kept);
    int bytes;
    while ((bytes = SimdHits.piece(Math.min(to - i, end - next))) > 0) {
      long counts = SimdHits.keepBetween(xAt + i, bytes, low, high, keptAt + next);
      next += (counts & 0xffffffffL) * Ints.BYTES;
      above += counts >>> 32;
      i += bytes;
    }
    for (; i < to && next <= end; i += Floats.BYTES) {
      int v = x.get(ValueLayout.JAVA_INT, i) & MAGNITUDE_MASK;
      if (v >= high) {
        above++;
      } else if (v >= low) {
        if (next < end) {
          kept.set(ValueLayout.JAVA_INT, next, v);
        }
        next += Ints.BYTES;
      }
    }
    return above << 32 | next / Ints.BYTES - at;
  }
}
