package org.strait.kernels;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import org.strait.memory.Floats;
import org.strait.memory.Ints;

/// The k-th largest magnitude of a long vector in one pass: a sample brackets it, {@link
/// CodecOps#keepBetween} keeps what lies in the bracket and counts what lies above, and radix
/// selection among the kept finds it. The bits of a magnitude, read as an integer, order like the
/// magnitude. Nothing depends on luck but the time: if the bracket misses, or more lies in it than
/// there is room for, whoever asked must look at all magnitudes.
public final class KthMagnitude {
  /// Where in scratch the kept magnitudes begin; the counters lie before.
  public static final int KEPT = 1 << 16;

  /// Kept magnitudes there is room for.
  public static final int ROOM = 1 << 18;

  /// Elements of scratch.
  static final int SCRATCH = KEPT + ROOM;

  /// Below this length a sample is hardly smaller than the vector.
  public static final long LONG_RUN = 1 << 18;

  /// The sample: as many pieces, each a cache line.
  private static final int PIECES = 1 << 11;

  private static final int PIECE = 16;
  private static final double SAMPLES = (double) PIECES * PIECE;

  /// Half the bracket in standard deviations of a sample's rank; neighbours are alike, so a piece
  /// says less than its length.
  private static final double DEVIATIONS = 8;

  /// All bits of a float but the sign: magnitudes have the order of these.
  public static final int MAGNITUDE_MASK = 0x7fffffff;

  /// Bits of a sample's magnitude that are counted by.
  private static final int SAMPLE_SHIFT = 17;

  private static final int TOP_COUNTER = MAGNITUDE_MASK >>> SAMPLE_SHIFT;
  /// Bits of a kept magnitude that are counted by.
  private static final int DIGIT_BITS = 11;

  /// Bits of the smallest magnitude but 0. A bracket never holds the zeros of a sparse vector:
  /// where all else is too little, the answer is 0.
  private static final int NOT_ZERO = 1;

  /// Spreads the pieces within their cells, so that no period of the data meets them all.
  private static final long SPREAD = 0x9e3779b97f4a7c15L;

  private KthMagnitude() {}

  /// Brackets the k-th largest magnitude of x, which has at least {@link #LONG_RUN} elements.
  /// Modified: scratch.
  ///
  /// @return 2^32·high + low, bits of magnitudes: probably low ≤ the k-th largest < high
  public static long bracket(Floats x, long k, Ints scratch) {
    MemorySegment counters = scratch.segment();
    for (int digit = 0; digit <= TOP_COUNTER; digit++) {
      counters.setAtIndex(ValueLayout.JAVA_INT, digit, 0);
    }
    MemorySegment xs = x.segment();
    long cell = x.length() / PIECES;
    for (int piece = 0; piece < PIECES; piece++) {
      long start = piece * cell + ((piece * SPREAD) >>> 33) % (cell - PIECE + 1);
      for (long i = start; i < start + PIECE; i++) {
        int digit = (xs.getAtIndex(ValueLayout.JAVA_INT, i) & MAGNITUDE_MASK) >>> SAMPLE_SHIFT;
        count(counters, digit);
      }
    }
    double share = (double) k / x.length();
    double rank = share * SAMPLES;
    double margin =
        Math.min(
            PIECE + DEVIATIONS * Math.sqrt(rank * (1 - share)), 0.4 * ROOM * SAMPLES / x.length());
    int digit = TOP_COUNTER;
    double passed = 0;
    while (passed + counter(counters, digit) < rank - margin) {
      passed += counter(counters, digit--);
    }
    // The bits beyond the top digit would be a negative number, and no magnitude has all bits set.
    int high = digit == TOP_COUNTER ? MAGNITUDE_MASK : (digit + 1) << SAMPLE_SHIFT;
    while (digit > 0 && passed < rank + margin) {
      passed += counter(counters, digit--);
    }
    int low = digit == 0 ? NOT_ZERO : (digit + 1) << SAMPLE_SHIFT;
    return (long) high << 32 | low;
  }

  /// The bits of the k-th largest magnitude, or a negative number if the bracket does not hold it
  /// or not all it holds was kept. Modified: scratch before {@link #KEPT}.
  ///
  /// @param bracket what {@link #bracket} returned
  /// @param counts sum of what {@link CodecOps#keepBetween} returned
  /// @param scratch the kept magnitudes, from {@link #KEPT} on
  public static int find(long k, long bracket, long counts, Ints scratch) {
    int low = (int) bracket;
    long above = counts >>> 32;
    long between = counts & 0xffffffffL;
    if (between > ROOM || above >= k) {
      return -1;
    }
    if (above + between < k) {
      return low == NOT_ZERO ? 0 : -1;
    }
    return kth(scratch, KEPT + between, k - above, low, (int) (bracket >>> 32));
  }

  /// The k-th largest of scratch(KEPT) … scratch(end - 1), all low or above and below high, by
  /// digits of what they are above low: their first bits are all alike. Modified: scratch before
  /// {@link #KEPT}.
  private static int kth(Ints scratch, long end, long k, int low, int high) {
    MemorySegment segment = scratch.segment();
    int found = 0;
    long remaining = k;
    for (int shift = Integer.SIZE - Integer.numberOfLeadingZeros(high - low); shift > 0; ) {
      int width = Math.min(DIGIT_BITS, shift);
      int above = shift;
      shift -= width;
      int mask = (1 << width) - 1;
      for (int digit = 0; digit <= mask; digit++) {
        segment.setAtIndex(ValueLayout.JAVA_INT, digit, 0);
      }
      for (long i = KEPT; i < end; i++) {
        int distance = segment.getAtIndex(ValueLayout.JAVA_INT, i) - low;
        if ((distance ^ found) >>> above == 0) {
          count(segment, distance >>> shift & mask);
        }
      }
      int digit = mask;
      while (counter(segment, digit) < remaining) {
        remaining -= counter(segment, digit--);
      }
      found |= digit << shift;
    }
    return low + found;
  }

  private static int counter(MemorySegment counters, int digit) {
    return counters.getAtIndex(ValueLayout.JAVA_INT, digit);
  }

  private static void count(MemorySegment counters, int digit) {
    long at = digit * Ints.BYTES;
    counters.set(ValueLayout.JAVA_INT, at, counters.get(ValueLayout.JAVA_INT, at) + 1);
  }
}
