package org.strait.kernels.simd;

import static jdk.incubator.vector.FloatVector.fromMemorySegment;
import static org.strait.kernels.simd.AddressSpace.ALL;
import static org.strait.kernels.simd.AddressSpace.BASE;
import static org.strait.kernels.simd.AddressSpace.REACH;
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
import jdk.incubator.vector.VectorOperators;
import org.strait.kernels.CodecOps;
import org.strait.kernels.Levels;
import org.strait.kernels.PackedCodes;
import org.strait.memory.Bytes;
import org.strait.memory.Floats;
import org.strait.memory.Ints;

/// Block quantisation, a vector of elements at a time; the codes are those of the plain loops.
/// Within a group of {@link PackedCodes}, element 16m + j has lane j: a word of 4-bit codes takes 8
/// elements of its lane, highest first, by shifting what it has.
final class SimdEncode {
  /// Adding 1.5·2^23 to a float32 below 2^22 rounds it half to even to an integer, which then
  /// stands in the low bits.
  private static final float ROUNDER = 0x1.8p23f;

  private static final int ROUNDER_BITS = Float.floatToRawIntBits(ROUNDER);

  /// Elements of a piece of a code without blocks: a loop counter of 32 bits reaches them.
  private static final int PIECE = 1 << 20;

  /// Bytes from element e to element e + 16.
  private static final long ROW = 16 * Floats.BYTES;

  /// Where the bytes of a word go when four lanes become one word.
  private static final IntVector BYTE_PLACES =
      IntVector.zero(INTS).addIndex(1).and(3).lanewise(VectorOperators.LSHL, 3);

  void quantize(int bits, Floats x, int block, Bytes codes, Floats scales, long from, long to) {
    Levels.check(bits, x.length(), block, codes, scales, from, to);
    MemorySegment xs = x.segment();
    for (long start = from; start < to; start += block) {
      long end = Math.min(to, start + block);
      float scale = scale(bits, xs, start, end);
      scales.set(start / block, scale);
      if (scale > 0) {
        encode(bits, x, start, end, scale, codes);
      } else {
        long bytes = PackedCodes.bytes(bits, end - start);
        long at = PackedCodes.bytes(bits, start);
        for (long i = at; i < at + bytes; i++) {
          codes.set(i, (byte) 0);
        }
      }
    }
  }

  void quantizeToBytes(
      int bits, Floats x, int block, Bytes codes, Floats scales, long from, long to) {
    Levels.checkBytes(bits, x.length(), block, codes, scales, from, to);
    MemorySegment xs = x.segment();
    long xAt = AddressSpace.of(x);
    long codesAt = AddressSpace.of(codes.segment());
    for (long start = from; start < to; start += block) {
      long end = Math.min(to, start + block);
      float scale = scale(bits, xs, start, end);
      scales.set(start / block, scale);
      if (scale > 0) {
        float inverse = 1 / scale;
        int whole = (int) Lanes.whole(end - start, COUNT);
        encode8(xAt + start * Floats.BYTES, codesAt + start, whole, inverse);
        for (long i = start + whole; i < end; i++) {
          codes.set(i, (byte) Levels.code(bits, x.get(i), inverse));
        }
      } else {
        for (long i = start; i < end; i++) {
          codes.set(i, (byte) 0);
        }
      }
    }
  }

  void quantizeSteps(Floats x, float step, float rounding, Bytes codes, long from, long to) {
    Levels.checkSteps(x.length(), step, rounding, codes, from, to);
    float inverse = 1 / step;
    float offset = rounding - 0.5f;
    long xAt = AddressSpace.of(x);
    long codesAt = AddressSpace.of(codes.segment());
    for (long start = from; start < to; start += PIECE) {
      long end = Math.min(to, start + PIECE);
      int whole = (int) Lanes.whole(end - start, COUNT);
      encodeSteps(xAt + start * Floats.BYTES, codesAt + start, whole, inverse, offset);
      for (long i = start + whole; i < end; i++) {
        codes.set(i, (byte) Levels.steps(x.get(i), inverse, offset));
      }
    }
  }

  private static void encodeSteps(
      long xAt, long codesAt, int elements, float inverse, float offset) {
    long x = xAt & BASE;
    long codes = codesAt & BASE;
    for (int i = 0; i < elements; i += COUNT) {
      FloatVector v = fromMemorySegment(FLOATS, ALL, (x + i * Floats.BYTES) & REACH, ORDER);
      IntVector code =
          v.abs()
              .mul(inverse)
              .add(offset)
              .min(CodecOps.MOST_STEPS)
              .add(ROUNDER)
              .reinterpretAsInts()
              .sub(ROUNDER_BITS);
      IntVector sign = v.reinterpretAsInts().lanewise(VectorOperators.ASHR, 31);
      store8(code.lanewise(VectorOperators.XOR, sign).sub(sign), (codes + i) & REACH);
    }
  }

  private static float scale(int bits, MemorySegment x, long from, long to) {
    long first = from * Floats.BYTES;
    long end = to * Floats.BYTES;
    return bits == 1
        ? Levels.scale(SimdMagnitudes.sum(x, first, end) / (to - from))
        : Levels.scale(bits, SimdMagnitudes.max(x, first, end));
  }

  private static void encode(int bits, Floats x, long from, long to, float scale, Bytes codes) {
    MemorySegment xs = x.segment();
    MemorySegment cs = codes.segment();
    float inverse = 1 / scale;
    long whole = from + Lanes.whole(to - from, bits == 8 ? COUNT : PackedCodes.GROUP);
    switch (bits) {
      case 8 ->
          encode8(
              AddressSpace.of(x) + from * Floats.BYTES,
              AddressSpace.of(codes.segment()) + from,
              (int) (whole - from),
              inverse);
      case 6 -> encode6(xs, from, whole, inverse, cs);
      case 5 -> {
        encode4(xs, from, whole, inverse, cs, PackedCodes.groupBytes(5));
        encodeTop1(xs, from, whole, inverse, cs);
      }
      case 4 -> encode4(xs, from, whole, inverse, cs, PackedCodes.groupBytes(4));
      case 2 -> encode2(xs, from, whole, inverse, cs);
      default -> encode1(xs, from, whole, cs);
    }
    if (whole < to && bits < 8) {
      PackedCodes.clearGroup(bits, codes, whole);
    }
    for (long i = whole; i < to; i++) {
      PackedCodes.put(bits, codes, i, Levels.code(bits, x.get(i), inverse));
    }
  }

  private static void encode8(long xAt, long codesAt, int elements, float inverse) {
    long x = xAt & BASE;
    long codes = codesAt & BASE;
    for (int i = 0; i < elements; i += COUNT) {
      IntVector code =
          fromMemorySegment(FLOATS, ALL, (x + i * Floats.BYTES) & REACH, ORDER)
              .mul(inverse)
              .add(ROUNDER)
              .reinterpretAsInts();
      // The low byte of 1.5·2^23 is 0.
      store8(code, (codes + i) & REACH);
    }
  }

  /// The low bytes.
  private static void store8(IntVector code, long at) {
    if (COUNT > 4) {
      ((ByteVector) code.castShape(QUARTER_BYTES, 0)).intoMemorySegment(ALL, at, LITTLE);
    } else {
      IntVector placed = code.and(255).lanewise(VectorOperators.LSHL, BYTE_PLACES);
      ALL.set(Lanes.WORD, at, placed.reduceLanes(VectorOperators.OR));
    }
  }

  private static void encode6(
      MemorySegment x, long from, long to, float inverse, MemorySegment codes) {
    long group = from / PackedCodes.GROUP * PackedCodes.groupBytes(6);
    for (long e = from; e < to; e += PackedCodes.GROUP) {
      for (int lane = 0; lane < 16; lane += COUNT) {
        IntVector top = IntVector.zero(INTS);
        for (int half = 1; half >= 0; half--) {
          IntVector low = IntVector.zero(INTS);
          long at = (e + 128L * half + lane) * Floats.BYTES;
          for (int m = 7; m >= 0; m--) {
            IntVector code =
                fromMemorySegment(FLOATS, x, at + m * ROW, ORDER)
                    .mul(inverse)
                    .add(ROUNDER)
                    .reinterpretAsInts();
            low = low.lanewise(VectorOperators.LSHL, 4).or(code.and(15));
            top =
                top.lanewise(VectorOperators.LSHL, 2)
                    .or(code.lanewise(VectorOperators.LSHR, 4).and(3));
          }
          low.intoMemorySegment(codes, group + half * 64L + lane * Ints.BYTES, LITTLE);
        }
        top.intoMemorySegment(codes, group + PackedCodes.PLANE_4 + lane * Ints.BYTES, LITTLE);
      }
      group += PackedCodes.groupBytes(6);
    }
  }

  private static void encode4(
      MemorySegment x, long from, long to, float inverse, MemorySegment codes, long groupBytes) {
    long group = from / PackedCodes.GROUP * groupBytes;
    for (long e = from; e < to; e += PackedCodes.GROUP) {
      for (int word = 0; word < 32; word += COUNT) {
        long at = (e + word / 16 * 128L + word % 16) * Floats.BYTES;
        IntVector low = IntVector.zero(INTS);
        for (int m = 7; m >= 0; m--) {
          IntVector code =
              fromMemorySegment(FLOATS, x, at + m * ROW, ORDER)
                  .mul(inverse)
                  .add(ROUNDER)
                  .reinterpretAsInts();
          low = low.lanewise(VectorOperators.LSHL, 4).or(code.and(15));
        }
        low.intoMemorySegment(codes, group + word * Ints.BYTES, LITTLE);
      }
      group += groupBytes;
    }
  }

  /// The top bits of codes of 5 bits: their signs.
  private static void encodeTop1(
      MemorySegment x, long from, long to, float inverse, MemorySegment codes) {
    long group = from / PackedCodes.GROUP * PackedCodes.groupBytes(5);
    for (long e = from; e < to; e += PackedCodes.GROUP) {
      for (int m = 0; m < 16; m++) {
        long bits = 0;
        for (int lane = 0; lane < 16; lane += COUNT) {
          bits |=
              fromMemorySegment(FLOATS, x, (e + lane) * Floats.BYTES + m * ROW, ORDER)
                      .mul(inverse)
                      .add(ROUNDER)
                      .compare(VectorOperators.LT, ROUNDER)
                      .toLong()
                  << lane;
        }
        codes.set(Lanes.SHORT, group + PackedCodes.PLANE_4 + 2L * m, (short) bits);
      }
      group += PackedCodes.groupBytes(5);
    }
  }

  private static void encode2(
      MemorySegment x, long from, long to, float inverse, MemorySegment codes) {
    long group = from / PackedCodes.GROUP * PackedCodes.groupBytes(2);
    for (long e = from; e < to; e += PackedCodes.GROUP) {
      for (int lane = 0; lane < 16; lane += COUNT) {
        IntVector word = IntVector.zero(INTS);
        for (int m = 15; m >= 0; m--) {
          IntVector code =
              fromMemorySegment(FLOATS, x, (e + lane) * Floats.BYTES + m * ROW, ORDER)
                  .mul(inverse)
                  .add(1.5f)
                  .add(ROUNDER)
                  .reinterpretAsInts()
                  .sub(ROUNDER_BITS);
          word = word.lanewise(VectorOperators.LSHL, 2).or(code.max(0).min(3));
        }
        word.intoMemorySegment(codes, group + lane * Ints.BYTES, LITTLE);
      }
      group += PackedCodes.groupBytes(2);
    }
  }

  private static void encode1(MemorySegment x, long from, long to, MemorySegment codes) {
    for (long i = from; i < to; i += 16) {
      long bits = 0;
      for (int lane = 0; lane < 16; lane += COUNT) {
        bits |=
            IntVector.fromMemorySegment(INTS, x, (i + lane) * Floats.BYTES, ORDER)
                    .compare(VectorOperators.LT, 0)
                    .toLong()
                << lane;
      }
      codes.set(Lanes.SHORT, i / Byte.SIZE, (short) bits);
    }
  }
}
