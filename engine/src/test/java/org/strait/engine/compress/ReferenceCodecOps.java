package org.strait.engine.compress;

import org.strait.kernels.CodecOps;
import org.strait.memory.Bytes;
import org.strait.memory.Floats;
import org.strait.memory.Ints;

/// A reference for tests only, straight from the comments of {@link CodecOps}; no product code uses
/// it.
final class ReferenceCodecOps implements CodecOps {
  @Override
  public float maxAbs(Floats x) {
    float most = 0;
    int n = (int) x.length();
    for (int i = 0; i < n; i++) {
      most = Math.max(most, Math.abs(x.get(i)));
    }
    return most;
  }

  @Override
  public long countAtLeast(Floats x, float threshold) {
    long count = 0;
    for (long i = 0; i < x.length(); i++) {
      count += Math.abs(x.get(i)) >= threshold ? 1 : 0;
    }
    return count;
  }

  /// Counts the high 16 bits of the magnitudes, then the low 16 bits of those that share the high
  /// bits of the k-th.
  @Override
  public float kthMagnitude(Floats x, long k, Ints scratch) {
    int n = (int) x.length();
    scratch.fill(0);
    for (int i = 0; i < n; i++) {
      int high = magnitudeBits(x.get(i)) >>> 16;
      scratch.set(high, scratch.get(high) + 1);
    }
    int high = (1 << 16) - 1;
    long left = k;
    while (scratch.get(high) < left) {
      left -= scratch.get(high--);
    }
    scratch.fill(0);
    for (int i = 0; i < n; i++) {
      int bits = magnitudeBits(x.get(i));
      if (bits >>> 16 == high) {
        scratch.set(bits & 0xffff, scratch.get(bits & 0xffff) + 1);
      }
    }
    int low = (1 << 16) - 1;
    while (scratch.get(low) < left) {
      left -= scratch.get(low--);
    }
    return Float.intBitsToFloat(high << 16 | low);
  }

  @Override
  public void select(Floats x, float threshold, long k, Ints indices, Floats values) {
    int n = (int) x.length();
    long above = 0;
    for (int i = 0; i < n; i++) {
      above += Math.abs(x.get(i)) > threshold ? 1 : 0;
    }
    long ties = k - above;
    long j = 0;
    for (int i = 0; i < n; i++) {
      float value = x.get(i);
      float magnitude = Math.abs(value);
      if (magnitude > threshold || (magnitude == threshold && ties-- > 0)) {
        indices.set(j, i);
        values.set(j++, value);
      }
    }
  }

  @Override
  public void quantize8(Floats x, int block, Bytes codes, Floats scales) {
    long n = x.length();
    for (long start = 0; start < n; start += block) {
      long end = Math.min(n, start + block);
      float most = 0;
      for (long i = start; i < end; i++) {
        most = Math.max(most, Math.abs(x.get(i)));
      }
      float scale = most / 127;
      scales.set(start / block, scale);
      for (long i = start; i < end; i++) {
        double code = scale == 0 ? 0 : Math.rint(x.get(i) / scale);
        codes.set(i, (byte) Math.max(-127, Math.min(127, code)));
      }
    }
  }

  @Override
  public void dequantize8(Bytes codes, int block, Floats scales, Floats values) {
    int n = (int) codes.length();
    for (int i = 0; i < n; i++) {
      values.set(i, codes.get(i) * scales.get(i / block));
    }
  }

  @Override
  public void scatterAdd(long count, Ints indices, float weight, Floats values, Floats sum) {
    for (long j = 0; j < count; j++) {
      int i = indices.get(j);
      sum.set(i, sum.get(i) + weight * values.get(j));
    }
  }

  private static int magnitudeBits(float value) {
    return Float.floatToRawIntBits(value) & 0x7fff_ffff;
  }
}
