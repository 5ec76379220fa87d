package org.strait.kernels.scalar;

import org.strait.kernels.Levels;
import org.strait.kernels.PackedCodes;
import org.strait.memory.Bytes;
import org.strait.memory.Floats;

/// Block quantisation, element after element.
final class ScalarBlockCodes {
  void quantize(int bits, Floats x, int block, Bytes codes, Floats scales, long from, long to) {
    Levels.check(bits, x.length(), block, codes, scales, from, to);
    quantize(bits, bits, x, block, codes, scales, from, to);
  }

  void quantizeToBytes(
      int bits, Floats x, int block, Bytes codes, Floats scales, long from, long to) {
    Levels.checkBytes(bits, x.length(), block, codes, scales, from, to);
    quantize(bits, 8, x, block, codes, scales, from, to);
  }

  private static void quantize(
      int bits, int width, Floats x, int block, Bytes codes, Floats scales, long from, long to) {
    for (long start = from; start < to; start += block) {
      long end = Math.min(to, start + block);
      float max = 0;
      double sum = 0;
      for (long i = start; i < end; i++) {
        max = Math.max(max, Math.abs(x.get(i)));
        sum += Math.abs(x.get(i));
      }
      float scale = bits == 1 ? Levels.scale(sum / (end - start)) : Levels.scale(bits, max);
      scales.set(start / block, scale);
      float inverse = 1 / scale;
      for (long i = start; i < end; i++) {
        clear(width, codes, i);
        PackedCodes.put(width, codes, i, scale > 0 ? Levels.code(bits, x.get(i), inverse) : 0);
      }
    }
  }

  void quantizeSteps(Floats x, float step, float rounding, Bytes codes, long from, long to) {
    Levels.checkSteps(x.length(), step, rounding, codes, from, to);
    float inverse = 1 / step;
    for (long i = from; i < to; i++) {
      codes.set(i, (byte) Levels.steps(x.get(i), inverse, rounding - 0.5f));
    }
  }

  /// Clears a group of packed codes before its first one.
  private static void clear(int bits, Bytes codes, long i) {
    if (bits < 8 && i % PackedCodes.GROUP == 0) {
      PackedCodes.clearGroup(bits, codes, i);
    }
  }

  void dequantize(
      int bits, Bytes codes, int block, Floats scales, Floats values, long from, long to) {
    Levels.check(bits, values.length(), block, codes, scales, from, to);
    for (long i = from; i < to; i++) {
      float level = Levels.level(bits, PackedCodes.get(bits, codes, i));
      values.set(i, level * scales.get(i / block));
    }
  }

  void addDequantized(
      int bits,
      float weight,
      Bytes codes,
      int block,
      Floats scales,
      Floats sum,
      long from,
      long to) {
    Levels.check(bits, sum.length(), block, codes, scales, from, to);
    for (long i = from; i < to; i++) {
      float level = Levels.level(bits, PackedCodes.get(bits, codes, i));
      sum.set(i, sum.get(i) + weight * scales.get(i / block) * level);
    }
  }

  void pack(int bits, Bytes codes, Bytes packed, long from, long to) {
    Levels.checkPacked(bits, codes, packed, from, to);
    for (long i = from; i < to; i++) {
      clear(bits, packed, i);
      PackedCodes.put(bits, packed, i, codes.get(i));
    }
  }

  void unpack(int bits, Bytes packed, Bytes codes, long from, long to) {
    Levels.checkPacked(bits, codes, packed, from, to);
    for (long i = from; i < to; i++) {
      codes.set(i, (byte) PackedCodes.get(bits, packed, i));
    }
  }
}
