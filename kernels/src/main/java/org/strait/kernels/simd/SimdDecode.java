package org.strait.kernels.simd;

import static jdk.incubator.vector.FloatVector.fromMemorySegment;
import static org.strait.kernels.simd.Lanes.COUNT;
import static org.strait.kernels.simd.Lanes.FLOATS;
import static org.strait.kernels.simd.Lanes.INTS;
import static org.strait.kernels.simd.Lanes.LITTLE;
import static org.strait.kernels.simd.Lanes.ORDER;
import static org.strait.kernels.simd.Lanes.QUARTER_BYTES;

import java.lang.foreign.MemorySegment;
import jdk.incubator.vector.ByteVector;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.IntVector;
import jdk.incubator.vector.VectorMask;
import jdk.incubator.vector.VectorOperators;
import org.strait.kernels.Levels;
import org.strait.kernels.PackedCodes;
import org.strait.memory.Bytes;
import org.strait.memory.Floats;
import org.strait.memory.Ints;

/// The values of packed codes, a vector at a time: the inverse of {@link SimdEncode}. With {@code
/// add} the values are added to what is there, else they replace it.
final class SimdDecode {
  /// Bytes from element e to element e + 16.
  private static final long ROW = 16 * Floats.BYTES;

  /// How far each byte of a word is from its top.
  private static final IntVector TO_TOP =
      IntVector.broadcast(INTS, 24)
          .sub(IntVector.zero(INTS).addIndex(1).and(3).lanewise(VectorOperators.LSHL, 3));

  void decode(
      int bits,
      Bytes codes,
      int block,
      Floats scales,
      float weight,
      Floats out,
      boolean add,
      long from,
      long to) {
    Levels.check(bits, out.length(), block, codes, scales, from, to);
    MemorySegment cs = codes.segment();
    MemorySegment os = out.segment();
    for (long start = from; start < to; start += block) {
      long end = Math.min(to, start + block);
      float factor = weight * scales.get(start / block);
      long whole = start + Lanes.whole(end - start, bits == 8 ? COUNT : PackedCodes.GROUP);
      switch (bits) {
        case 8 -> decode8(cs, start, whole, factor, os, add);
        case 6 -> decode6(cs, start, whole, factor, os, add);
        case 5 -> decode5(cs, start, whole, factor, os, add);
        case 4 -> decode4(cs, start, whole, factor, os, add);
        case 2 -> decode2(cs, start, whole, factor, os, add);
        default -> decode1(cs, start, whole, factor, os, add);
      }
      for (long i = whole; i < end; i++) {
        float value = factor * Levels.level(bits, PackedCodes.get(bits, codes, i));
        out.set(i, add ? out.get(i) + value : value);
      }
    }
  }

  private static void decode8(
      MemorySegment codes, long from, long to, float factor, MemorySegment out, boolean add) {
    for (long i = from; i < to; i += COUNT) {
      FloatVector value;
      if (COUNT > 4) {
        value =
            (FloatVector)
                ByteVector.fromMemorySegment(QUARTER_BYTES, codes, i, LITTLE).castShape(FLOATS, 0);
      } else {
        value =
            (FloatVector)
                IntVector.broadcast(INTS, codes.get(Lanes.WORD, i))
                    .lanewise(VectorOperators.LSHL, TO_TOP)
                    .lanewise(VectorOperators.ASHR, 24)
                    .castShape(FLOATS, 0);
      }
      value = value.mul(factor);
      if (add) {
        value = fromMemorySegment(FLOATS, out, i * Floats.BYTES, ORDER).add(value);
      }
      value.intoMemorySegment(out, i * Floats.BYTES, ORDER);
    }
  }

  private static void decode6(
      MemorySegment codes, long from, long to, float factor, MemorySegment out, boolean add) {
    long group = from / PackedCodes.GROUP * PackedCodes.groupBytes(6);
    for (long e = from; e < to; e += PackedCodes.GROUP) {
      for (int lane = 0; lane < 16; lane += COUNT) {
        long topAt = group + PackedCodes.PLANE_4 + lane * Ints.BYTES;
        IntVector top = IntVector.fromMemorySegment(INTS, codes, topAt, LITTLE);
        for (int half = 0; half < 2; half++) {
          long lowAt = group + 64L * half + lane * Ints.BYTES;
          IntVector low = IntVector.fromMemorySegment(INTS, codes, lowAt, LITTLE);
          long at = (e + 128L * half + lane) * Floats.BYTES;
          for (int m = 0; m < 8; m++) {
            IntVector code =
                top.lanewise(VectorOperators.LSHL, 30 - 2 * (8 * half + m))
                    .lanewise(VectorOperators.ASHR, 26)
                    .and(-16)
                    .or(low.lanewise(VectorOperators.LSHR, 4 * m).and(15));
            FloatVector value = ((FloatVector) code.convert(VectorOperators.I2F, 0)).mul(factor);
            if (add) {
              value = fromMemorySegment(FLOATS, out, at + m * ROW, ORDER).add(value);
            }
            value.intoMemorySegment(out, at + m * ROW, ORDER);
          }
        }
      }
      group += PackedCodes.groupBytes(6);
    }
  }

  private static void decode5(
      MemorySegment codes, long from, long to, float factor, MemorySegment out, boolean add) {
    long group = from / PackedCodes.GROUP * PackedCodes.groupBytes(5);
    for (long e = from; e < to; e += PackedCodes.GROUP) {
      for (int word = 0; word < 32; word += COUNT) {
        int first = word / 16 * 128 + word % 16;
        long at = (e + first) * Floats.BYTES;
        IntVector low = IntVector.fromMemorySegment(INTS, codes, group + word * Ints.BYTES, LITTLE);
        for (int m = 0; m < 8; m++) {
          long signAt = group + PackedCodes.PLANE_4 + (first / 16 + m) * 2L;
          long signs = (long) codes.get(Lanes.SHORT, signAt) >>> word % 16;
          VectorMask<Integer> negative = VectorMask.fromLong(INTS, signs);
          IntVector code = low.lanewise(VectorOperators.LSHR, 4 * m).and(15);
          code = code.blend(code.sub(16), negative);
          FloatVector value = ((FloatVector) code.convert(VectorOperators.I2F, 0)).mul(factor);
          if (add) {
            value = fromMemorySegment(FLOATS, out, at + m * ROW, ORDER).add(value);
          }
          value.intoMemorySegment(out, at + m * ROW, ORDER);
        }
      }
      group += PackedCodes.groupBytes(5);
    }
  }

  private static void decode4(
      MemorySegment codes, long from, long to, float factor, MemorySegment out, boolean add) {
    long group = from / PackedCodes.GROUP * PackedCodes.groupBytes(4);
    for (long e = from; e < to; e += PackedCodes.GROUP) {
      for (int word = 0; word < 32; word += COUNT) {
        long at = (e + word / 16 * 128L + word % 16) * Floats.BYTES;
        IntVector low = IntVector.fromMemorySegment(INTS, codes, group + word * Ints.BYTES, LITTLE);
        for (int m = 0; m < 8; m++) {
          IntVector code =
              low.lanewise(VectorOperators.LSHL, 28 - 4 * m).lanewise(VectorOperators.ASHR, 28);
          FloatVector value = ((FloatVector) code.convert(VectorOperators.I2F, 0)).mul(factor);
          if (add) {
            value = fromMemorySegment(FLOATS, out, at + m * ROW, ORDER).add(value);
          }
          value.intoMemorySegment(out, at + m * ROW, ORDER);
        }
      }
      group += PackedCodes.groupBytes(4);
    }
  }

  private static void decode2(
      MemorySegment codes, long from, long to, float factor, MemorySegment out, boolean add) {
    long group = from / PackedCodes.GROUP * PackedCodes.groupBytes(2);
    for (long e = from; e < to; e += PackedCodes.GROUP) {
      for (int lane = 0; lane < 16; lane += COUNT) {
        long at = (e + lane) * Floats.BYTES;
        IntVector word =
            IntVector.fromMemorySegment(INTS, codes, group + lane * Ints.BYTES, LITTLE);
        for (int m = 0; m < 16; m++) {
          IntVector code = word.lanewise(VectorOperators.LSHR, 2 * m).and(3);
          FloatVector value =
              ((FloatVector) code.convert(VectorOperators.I2F, 0)).sub(1.5f).mul(factor);
          if (add) {
            value = fromMemorySegment(FLOATS, out, at + m * ROW, ORDER).add(value);
          }
          value.intoMemorySegment(out, at + m * ROW, ORDER);
        }
      }
      group += PackedCodes.groupBytes(2);
    }
  }

  private static void decode1(
      MemorySegment codes, long from, long to, float factor, MemorySegment out, boolean add) {
    FloatVector plus = FloatVector.broadcast(FLOATS, factor);
    for (long i = from; i < to; i += COUNT) {
      // 16 signs, of which a narrow vector takes its part.
      long signs = (long) codes.get(Lanes.SHORT, i / 16 * 2) >>> (int) i % 16;
      VectorMask<Float> negative = VectorMask.fromLong(FLOATS, signs);
      FloatVector value = plus.blend(-factor, negative);
      if (add) {
        value = fromMemorySegment(FLOATS, out, i * Floats.BYTES, ORDER).add(value);
      }
      value.intoMemorySegment(out, i * Floats.BYTES, ORDER);
    }
  }
}
