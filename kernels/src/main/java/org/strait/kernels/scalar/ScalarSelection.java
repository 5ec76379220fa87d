package org.strait.kernels.scalar;

import static org.strait.kernels.KthMagnitude.MAGNITUDE_MASK;

import org.strait.kernels.CodecOps;
import org.strait.kernels.Lengths;
import org.strait.memory.Floats;
import org.strait.memory.Ints;

/// Magnitudes and selection, element after element.
final class ScalarSelection {
  /// Below this length three narrow histograms cost less than clearing one of 65,536 counters.
  private static final long SHORT_RUN = 1 << 16;

  private static final int MAGNITUDE_BITS = 31;

  float maxAbs(Floats x, long from, long to) {
    Lengths.checkPart("x", x.length(), from, to);
    float max = 0;
    for (long i = from; i < to; i++) {
      max = Math.max(max, Math.abs(x.get(i)));
    }
    return max;
  }

  long countAtLeast(Floats x, float threshold, long from, long to) {
    Lengths.checkPart("x", x.length(), from, to);
    long count = 0;
    for (long i = from; i < to; i++) {
      if (Math.abs(x.get(i)) >= threshold) {
        count++;
      }
    }
    return count;
  }

  /// Radix selection: the bits of a magnitude, read as an integer, order like the magnitude. Each
  /// pass counts the next digit of the elements that share the digits found so far and walks the
  /// histogram from the top until it has passed k elements.
  float kthMagnitude(Floats x, long k, Ints scratch) {
    Lengths.checkSelection(x.length(), k);
    Lengths.checkAtLeast("scratch", scratch.length(), CodecOps.SELECT_SCRATCH);
    int digitBits = x.length() < SHORT_RUN ? 11 : 16;
    int found = 0;
    int shift = MAGNITUDE_BITS;
    long remaining = k;
    while (shift > 0) {
      int width = Math.min(digitBits, shift);
      countDigits(x, found, shift, width, scratch);
      int digit = (1 << width) - 1;
      while (scratch.get(digit) < remaining) {
        remaining -= scratch.get(digit);
        digit--;
      }
      shift -= width;
      found |= digit << shift;
    }
    return Float.intBitsToFloat(found);
  }

  /// Counts bits [shift - width, shift) of the magnitudes whose bits from shift on equal found's.
  private static void countDigits(Floats x, int found, int shift, int width, Ints histogram) {
    int mask = (1 << width) - 1;
    for (int digit = 0; digit <= mask; digit++) {
      histogram.set(digit, 0);
    }
    for (long i = 0; i < x.length(); i++) {
      int magnitude = Float.floatToRawIntBits(x.get(i)) & MAGNITUDE_MASK;
      if ((magnitude ^ found) >>> shift == 0) {
        int digit = magnitude >>> (shift - width) & mask;
        histogram.set(digit, histogram.get(digit) + 1);
      }
    }
  }

  long keepBetween(Floats x, int low, int high, long from, long to, Ints kept, long at, long room) {
    Lengths.checkPart("x", x.length(), from, to);
    Lengths.checkPart("kept", kept.length(), at, at + room);
    long above = 0;
    long between = 0;
    for (long i = from; i < to && between <= room; i++) {
      int magnitude = Float.floatToRawIntBits(x.get(i)) & MAGNITUDE_MASK;
      if (magnitude >= high) {
        above++;
      } else if (magnitude >= low) {
        if (between < room) {
          kept.set(at + between, magnitude);
        }
        between++;
      }
    }
    return above << 32 | between;
  }

  void select(Floats x, float threshold, long k, Ints indices, Floats values) {
    Lengths.checkSelection(x.length(), k);
    Lengths.checkAtLeast("indices", indices.length(), k);
    Lengths.checkAtLeast("values", values.length(), k);
    long above = 0;
    for (long i = 0; i < x.length(); i++) {
      if (Math.abs(x.get(i)) > threshold) {
        above++;
      }
    }
    long ties = k - above;
    if (ties < 0 || keep(x, threshold, ties, 0, x.length(), indices, values, 0, k) < k) {
      throw Lengths.notTheRank(threshold, k);
    }
  }

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
    Lengths.checkPart("x", x.length(), from, to);
    Lengths.checkPart("indices", indices.length(), at, at + room);
    Lengths.checkPart("values", values.length(), at, at + room);
    long tiesLeft = ties;
    long filled = 0;
    for (long i = from; filled < room && i < to; i++) {
      float magnitude = Math.abs(x.get(i));
      if (magnitude > threshold || (magnitude == threshold && tiesLeft-- > 0)) {
        indices.set(at + filled, (int) i);
        values.set(at + filled, x.get(i));
        filled++;
      }
    }
    return filled;
  }

  void scatterAdd(Ints indices, float weight, Floats values, Floats sum, long from, long to) {
    Lengths.checkPart("indices", indices.length(), from, to);
    Lengths.checkPart("values", values.length(), from, to);
    for (long j = from; j < to; j++) {
      int i = indices.get(j);
      sum.set(i, sum.get(i) + weight * values.get(j));
    }
  }
}
