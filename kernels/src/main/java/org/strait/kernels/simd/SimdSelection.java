package org.strait.kernels.simd;

import static jdk.incubator.vector.FloatVector.fromMemorySegment;
import static org.strait.kernels.simd.Lanes.FLOATS;
import static org.strait.kernels.simd.Lanes.INTS;
import static org.strait.kernels.simd.Lanes.ORDER;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.IntVector;
import jdk.incubator.vector.VectorMask;
import jdk.incubator.vector.VectorOperators;
import org.strait.memory.Floats;
import org.strait.memory.Ints;

/// The k elements of largest magnitude: radix selection of the threshold, then one pass that keeps
/// what reaches it.
final class SimdSelection {
  /// Below this length three narrow histograms cost less than clearing one of 65,536 counters.
  private static final long SHORT_RUN = 1 << 16;

  private static final int MAGNITUDE_BITS = 31;
  private static final int MAGNITUDE_MASK = 0x7fffffff;

  long countAtLeast(Floats x, float threshold) {
    MemorySegment xs = x.segment();
    long bytes = x.length() * Floats.BYTES;
    long whole = Lanes.whole(bytes, Lanes.BYTES);
    long count = 0;
    long i = 0;
    for (; i < whole; i += Lanes.BYTES) {
      count +=
          fromMemorySegment(FLOATS, xs, i, ORDER)
              .abs()
              .compare(VectorOperators.GE, threshold)
              .trueCount();
    }
    for (; i < bytes; i += Floats.BYTES) {
      if (Math.abs(Lanes.get(xs, i)) >= threshold) {
        count++;
      }
    }
    return count;
  }

  /// As the plain loop, except that passes after the first look at a vector of elements at a time:
  /// few of them share the digits found so far.
  float kthMagnitude(Floats x, long k, Ints scratch) {
    MemorySegment xs = x.segment();
    MemorySegment histogram = scratch.segment();
    int digitBits = x.length() < SHORT_RUN ? 11 : 16;
    int found = 0;
    int shift = MAGNITUDE_BITS;
    long remaining = k;
    while (shift > 0) {
      int width = Math.min(digitBits, shift);
      clear(histogram, 1L << width);
      shift -= width;
      if (shift + width == MAGNITUDE_BITS) {
        countFirstDigits(xs, shift, histogram);
      } else {
        countDigits(xs, found, shift, width, histogram);
      }
      int digit = (1 << width) - 1;
      while (scratch.get(digit) < remaining) {
        remaining -= scratch.get(digit);
        digit--;
      }
      found |= digit << shift;
    }
    return Float.intBitsToFloat(found);
  }

  private static void clear(MemorySegment histogram, long counters) {
    long bytes = counters * Ints.BYTES;
    for (long i = 0; i < bytes; i += Lanes.BYTES) {
      IntVector.zero(INTS).intoMemorySegment(histogram, i, ORDER);
    }
  }

  private static void countFirstDigits(MemorySegment x, int shift, MemorySegment histogram) {
    long bytes = x.byteSize();
    for (long i = 0; i < bytes; i += Floats.BYTES) {
      count(histogram, (x.get(ValueLayout.JAVA_INT, i) & MAGNITUDE_MASK) >>> shift);
    }
  }

  /// Counts bits [shift, shift + width) of the magnitudes whose higher bits equal found's.
  private static void countDigits(
      MemorySegment x, int found, int shift, int width, MemorySegment histogram) {
    int above = shift + width;
    int prefix = found >>> above;
    int digitMask = (1 << width) - 1;
    long bytes = x.byteSize();
    long whole = Lanes.whole(bytes, Lanes.BYTES);
    long i = 0;
    for (; i < whole; i += Lanes.BYTES) {
      long hits =
          IntVector.fromMemorySegment(INTS, x, i, ORDER)
              .and(MAGNITUDE_MASK)
              .lanewise(VectorOperators.LSHR, above)
              .compare(VectorOperators.EQ, prefix)
              .toLong();
      for (; hits != 0; hits &= hits - 1) {
        long at = i + Long.numberOfTrailingZeros(hits) * Floats.BYTES;
        count(histogram, x.get(ValueLayout.JAVA_INT, at) >>> shift & digitMask);
      }
    }
    for (; i < bytes; i += Floats.BYTES) {
      int magnitude = x.get(ValueLayout.JAVA_INT, i) & MAGNITUDE_MASK;
      if (magnitude >>> above == prefix) {
        count(histogram, magnitude >>> shift & digitMask);
      }
    }
  }

  private static void count(MemorySegment histogram, int digit) {
    long at = digit * Ints.BYTES;
    histogram.set(ValueLayout.JAVA_INT, at, histogram.get(ValueLayout.JAVA_INT, at) + 1);
  }

  /// Keeps the elements that reach the threshold, exactly k of them. Lanes are compressed in the
  /// register and stored as a whole vector, whose surplus the next store overwrites (a compressing
  /// store is ten times slower on Zen 4); the last few elements, for which a whole vector has no
  /// room, are stored one by one.
  void compress(Floats x, float threshold, long k, Ints indices, Floats values) {
    MemorySegment xs = x.segment();
    MemorySegment is = indices.segment();
    MemorySegment vs = values.segment();
    long bytes = x.length() * Floats.BYTES;
    long whole = Lanes.whole(bytes, Lanes.BYTES);
    long lastRoom = (k - Lanes.COUNT) * Floats.BYTES;
    IntVector lane = IntVector.zero(INTS).addIndex(1);
    long filled = 0;
    long i = 0;
    for (; i < whole && filled <= lastRoom; i += Lanes.BYTES) {
      FloatVector v = fromMemorySegment(FLOATS, xs, i, ORDER);
      VectorMask<Float> kept = v.abs().compare(VectorOperators.GE, threshold);
      if (kept.anyTrue()) {
        v.compress(kept).intoMemorySegment(vs, filled, ORDER);
        IntVector index = lane.add((int) (i / Floats.BYTES));
        index.compress(kept.cast(INTS)).intoMemorySegment(is, filled, ORDER);
        filled += kept.trueCount() * Floats.BYTES;
      }
    }
    for (; i < bytes; i += Floats.BYTES) {
      float v = Lanes.get(xs, i);
      if (Math.abs(v) >= threshold) {
        Lanes.set(vs, filled, v);
        is.set(ValueLayout.JAVA_INT, filled, (int) (i / Floats.BYTES));
        filled += Floats.BYTES;
      }
    }
  }
}
