package org.strait.kernels.scalar;

import org.strait.kernels.CodecOps;
import org.strait.kernels.Lengths;
import org.strait.memory.Bytes;
import org.strait.memory.Floats;
import org.strait.memory.Ints;

/// Selection and quantisation, element after element.
final class ScalarCodecOps implements CodecOps {
  /// Below this length three narrow histograms cost less than clearing one of 65,536 counters.
  private static final long SHORT_RUN = 1 << 16;

  private static final int MAGNITUDE_BITS = 31;
  private static final int MAGNITUDE_MASK = 0x7fffffff;

  @Override
  public float maxAbs(Floats x) {
    float max = 0;
    for (long i = 0; i < x.length(); i++) {
      max = Math.max(max, Math.abs(x.get(i)));
    }
    return max;
  }

  @Override
  public long countAtLeast(Floats x, float threshold) {
    long count = 0;
    for (long i = 0; i < x.length(); i++) {
      if (Math.abs(x.get(i)) >= threshold) {
        count++;
      }
    }
    return count;
  }

  /// Radix selection: the bits of a magnitude, read as an integer, order like the magnitude. Each
  /// pass counts the next digit of the elements that share the digits found so far and walks the
  /// histogram from the top until it has passed k elements.
  @Override
  public float kthMagnitude(Floats x, long k, Ints scratch) {
    Lengths.checkSelection(x.length(), k);
    Lengths.checkAtLeast("scratch", scratch.length(), SELECT_SCRATCH);
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

  @Override
  public void select(Floats x, float threshold, long k, Ints indices, Floats values) {
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
    long filled = 0;
    for (long i = 0; filled < k && i < x.length(); i++) {
      float magnitude = Math.abs(x.get(i));
      if (magnitude > threshold || (magnitude == threshold && ties-- > 0)) {
        indices.set(filled, (int) i);
        values.set(filled, x.get(i));
        filled++;
      }
    }
    if (filled < k || above > k) {
      throw new IllegalArgumentException(
          "threshold " + threshold + " is not the magnitude of rank " + k);
    }
  }

  @Override
  public void quantize8(Floats x, long count, int block, Bytes codes, Floats scales) {
    Lengths.checkBlocks(x.length(), count, block, codes.length(), scales.length());
    long blocks = Math.ceilDiv(count, block);
    for (long b = 0; b < blocks; b++) {
      long from = b * block;
      long to = Math.min(count, from + block);
      float max = 0;
      for (long i = from; i < to; i++) {
        max = Math.max(max, Math.abs(x.get(i)));
      }
      float scale = scaleOf(max);
      scales.set(b, scale);
      for (long i = from; i < to; i++) {
        codes.set(i, scale > 0 ? (byte) Math.rint(x.get(i) / scale) : 0);
      }
    }
  }

  /// max/127; 0 for a block too small to have a normal scale, NaN for one that is not finite.
  private static float scaleOf(float max) {
    if (!Float.isFinite(max)) {
      return Float.NaN;
    }
    float scale = max / 127;
    return scale < Float.MIN_NORMAL ? 0 : scale;
  }

  @Override
  public void dequantize8(Bytes codes, long count, int block, Floats scales, Floats values) {
    Lengths.checkBlocks(values.length(), count, block, codes.length(), scales.length());
    long blocks = Math.ceilDiv(count, block);
    for (long b = 0; b < blocks; b++) {
      long to = Math.min(count, (b + 1) * block);
      float scale = scales.get(b);
      for (long i = b * block; i < to; i++) {
        values.set(i, codes.get(i) * scale);
      }
    }
  }

  @Override
  public void scatterAdd(long count, Ints indices, float weight, Floats values, Floats sum) {
    Lengths.checkAtLeast("indices", indices.length(), count);
    Lengths.checkAtLeast("values", values.length(), count);
    for (long j = 0; j < count; j++) {
      int i = indices.get(j);
      sum.set(i, sum.get(i) + weight * values.get(j));
    }
  }
}
