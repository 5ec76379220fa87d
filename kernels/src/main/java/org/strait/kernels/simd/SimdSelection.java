package org.strait.kernels.simd;

import static jdk.incubator.vector.FloatVector.fromMemorySegment;
import static org.strait.kernels.KthMagnitude.MAGNITUDE_MASK;
import static org.strait.kernels.simd.Lanes.FLOATS;
import static org.strait.kernels.simd.Lanes.INTS;
import static org.strait.kernels.simd.Lanes.ORDER;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import jdk.incubator.vector.IntVector;
import jdk.incubator.vector.VectorOperators;
import org.strait.kernels.KthMagnitude;
import org.strait.kernels.Lengths;
import org.strait.memory.Floats;
import org.strait.memory.Ints;

/// The k elements of largest magnitude: their threshold, then one pass that keeps what reaches it.
final class SimdSelection {
  /// Below this length three narrow histograms cost less than clearing one of 65,536 counters.
  private static final long SHORT_RUN = 1 << 16;

  /// Bytes per kept element from which on it costs less to take elements one by one than to
  /// compress vectors: one in eight.
  private static final int FEW = 8 * (int) Floats.BYTES;

  private static final int MAGNITUDE_BITS = 31;

  /// One pass over what a sample brackets; radix selection over all if that fails or is not worth
  /// it.
  float kthMagnitude(Floats x, long k, Ints scratch) {
    if (x.length() >= KthMagnitude.LONG_RUN) {
      long bracket = KthMagnitude.bracket(x, k, scratch);
      long end = x.length() * Floats.BYTES;
      long counts =
          SimdMagnitudes.keepBetween(
              x.segment(),
              (int) bracket,
              (int) (bracket >>> 32),
              0,
              end,
              scratch.segment(),
              KthMagnitude.KEPT,
              KthMagnitude.ROOM);
      int found = KthMagnitude.find(k, bracket, counts, scratch);
      if (found >= 0) {
        return Float.intBitsToFloat(found);
      }
    }
    return radix(x, k, scratch);
  }

  /// As the plain loop, except that passes after the first look at a vector of elements at a time:
  /// few of them share the digits found so far.
  private static float radix(Floats x, long k, Ints scratch) {
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

  /// Takes all that reach the threshold first: that more tie at it than are wanted is rare, and
  /// seen where the k-th element is found before the end.
  void select(Floats x, float threshold, long k, Ints indices, Floats values) {
    long n = x.length();
    long found = keep(x, threshold, Long.MAX_VALUE, 0, n, indices, values, 0, k);
    long last = found == k ? indices.get(k - 1) + 1L : n;
    long end = n * Floats.BYTES;
    if (SimdMagnitudes.countAtLeast(x.segment(), threshold, last * Floats.BYTES, end) > 0) {
      long ties = k - countAbove(x.segment(), threshold, end);
      if (ties < 0) {
        throw Lengths.notTheRank(threshold, k);
      }
      found = keep(x, threshold, ties, 0, n, indices, values, 0, k);
    }
    if (found < k) {
      throw Lengths.notTheRank(threshold, k);
    }
  }

  private static long countAbove(MemorySegment x, float threshold, long end) {
    return threshold == Float.POSITIVE_INFINITY
        ? 0
        : SimdMagnitudes.countAtLeast(x, Math.nextUp(threshold), 0, end);
  }

  /// By pieces as long as there is room for all of one, then one by one.
  long keep(
      Floats x,
      float threshold,
      long ties,
      long from,
      long to,
      Ints indices,
      Floats values,
      long at,
      long room) {
    MemorySegment xs = x.segment();
    MemorySegment is = indices.segment();
    MemorySegment vs = values.segment();
    long i = from * Floats.BYTES;
    long end = to * Floats.BYTES;
    long next = at * Floats.BYTES;
    if (ties >= to - from) {
      long done =
          keepPieces(
              AddressSpace.of(xs),
              threshold,
              i,
              end,
              AddressSpace.of(is),
              AddressSpace.of(vs),
              next,
              next + room * Floats.BYTES);
      i += (done >>> 32) * SimdHits.GROUP;
      next += (done & 0xffffffffL) * Floats.BYTES;
    }
    return keepOneByOne(xs, threshold, ties, i, end, is, vs, next, at, room);
  }

  /// Pieces that fit into the first cache, and for all of which there is room. A piece is taken as
  /// its forerunner suggests: one by one where few reach the threshold, else by compressing.
  ///
  /// @return 2^32·(number of groups looked at) + number of elements kept
  private static long keepPieces(
      long xAt,
      float threshold,
      long from,
      long to,
      long indicesAt,
      long valuesAt,
      long at,
      long room) {
    boolean few = true;
    long next = at;
    long piece = from;
    while (true) {
      // Less and less where the room ends, as few as a group.
      int bytes = SimdHits.piece(Math.min(to - piece, room - next));
      if (bytes == 0) {
        return ((piece - from) / SimdHits.GROUP) << 32 | (next - at) / Floats.BYTES;
      }
      int first = (int) (piece / Floats.BYTES);
      long start = xAt + piece;
      int kept =
          few
              ? SimdHits.keepFew(start, bytes, threshold, first, indicesAt + next, valuesAt + next)
              : SimdHits.keepMany(
                  start, bytes, threshold, first, indicesAt + next, valuesAt + next);
      next += kept * Floats.BYTES;
      few = kept < bytes / FEW;
      piece += bytes;
    }
  }

  private static long keepOneByOne(
      MemorySegment x,
      float threshold,
      long ties,
      long from,
      long to,
      MemorySegment indices,
      MemorySegment values,
      long nextByte,
      long at,
      long room) {
    long next = nextByte;
    long stop = (at + room) * Floats.BYTES;
    long tiesLeft = ties;
    long i = from;
    while (next < stop && i < to) {
      long hits;
      if (i + Lanes.BYTES <= to) {
        hits =
            fromMemorySegment(FLOATS, x, i, ORDER)
                .abs()
                .compare(VectorOperators.GE, threshold)
                .toLong();
      } else {
        hits = (1L << ((to - i) / Floats.BYTES)) - 1;
      }
      for (; hits != 0 && next < stop; hits &= hits - 1) {
        long hit = i + Long.numberOfTrailingZeros(hits) * Floats.BYTES;
        float v = Lanes.get(x, hit);
        float magnitude = Math.abs(v);
        if (magnitude > threshold || (magnitude == threshold && tiesLeft-- > 0)) {
          Lanes.set(values, next, v);
          indices.set(ValueLayout.JAVA_INT, next, (int) (hit / Floats.BYTES));
          next += Floats.BYTES;
        }
      }
      i += Lanes.BYTES;
    }
    return next / Floats.BYTES - at;
  }
}
