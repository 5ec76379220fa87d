package org.strait.kernels.simd;

import static jdk.incubator.vector.FloatVector.fromMemorySegment;
import static org.strait.kernels.simd.Lanes.COUNT;
import static org.strait.kernels.simd.Lanes.FLOATS;
import static org.strait.kernels.simd.Lanes.HALF_SHORTS;
import static org.strait.kernels.simd.Lanes.INTS;
import static org.strait.kernels.simd.Lanes.LITTLE;
import static org.strait.kernels.simd.Lanes.ORDER;

import java.lang.foreign.MemorySegment;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.IntVector;
import jdk.incubator.vector.ShortVector;
import jdk.incubator.vector.Vector;
import jdk.incubator.vector.VectorMask;
import jdk.incubator.vector.VectorOperators;
import org.strait.kernels.CodecOps;
import org.strait.kernels.Half;
import org.strait.kernels.Lengths;
import org.strait.memory.Bytes;
import org.strait.memory.Floats;

/// Numbers of 16 bits, a vector at a time, with integer operations (the Vector API has no
/// half-precision lanes). The float16 of numbers below 2^-14 comes from a float32 addition that
/// leaves the right number of bits, as shown by Giesen ("float->half variants", 2012).
final class SimdHalves {
  private static final int MAGNITUDE = 0x7fffffff;
  private static final int SIGN = 0x8000;

  /// Float16: infinity, and by how much its exponents differ from those of float32.
  private static final int FLOAT16_INFINITY = 0x7c00;

  private static final int FLOAT16_NAN = 0x7e00;
  private static final int BFLOAT16_NAN = 0x7fc0;
  private static final int DROPPED = 13;
  private static final int REBIAS = (127 - 15) << 23;

  /// Bits of 2^16, from which on float16 is infinite, of 2^-14, below which it is subnormal, and of
  /// float32 infinity.
  private static final int TOO_LARGE = (127 + 16) << 23;

  private static final int SMALL = (127 - 14) << 23;
  private static final int INFINITY = 0x7f800000;

  /// 2^-1, whose last bit is float16's smallest number.
  private static final float ALIGNER = 0.5f;

  private final CodecOps plain;

  SimdHalves(CodecOps plain) {
    this.plain = plain;
  }

  void narrow(Half format, Floats x, Bytes halves, long from, long to) {
    Lengths.checkHalves(x, halves, from, to);
    long whole = from + Lanes.whole(to - from, COUNT);
    MemorySegment xs = x.segment();
    MemorySegment hs = halves.segment();
    switch (format) {
      case FLOAT16 -> narrow16(xs, hs, from, whole);
      case BFLOAT16 -> narrowB16(xs, hs, from, whole);
    }
    plain.narrow(format, x, halves, whole, to);
  }

  private static void narrow16(MemorySegment x, MemorySegment halves, long from, long to) {
    IntVector aligner = FloatVector.broadcast(FLOATS, ALIGNER).reinterpretAsInts();
    for (long i = from; i < to; i += COUNT) {
      IntVector bits = IntVector.fromMemorySegment(INTS, x, i * Floats.BYTES, ORDER);
      IntVector size = bits.and(MAGNITUDE);
      IntVector odd = size.lanewise(VectorOperators.LSHR, DROPPED).and(1);
      IntVector rounded = size.sub(REBIAS - 0xfff).add(odd);
      IntVector half = rounded.lanewise(VectorOperators.LSHR, DROPPED);
      IntVector small = size.reinterpretAsFloats().add(ALIGNER).reinterpretAsInts().sub(aligner);
      half = half.blend(small, size.compare(VectorOperators.LT, SMALL));
      half = half.blend(FLOAT16_INFINITY, size.compare(VectorOperators.GE, TOO_LARGE));
      half = half.blend(FLOAT16_NAN, size.compare(VectorOperators.GT, INFINITY));
      half = half.or(bits.lanewise(VectorOperators.LSHR, 16).and(SIGN));
      ((ShortVector) half.castShape(HALF_SHORTS, 0))
          .intoMemorySegment(halves, i * Half.BYTES, LITTLE);
    }
  }

  private static void narrowB16(MemorySegment x, MemorySegment halves, long from, long to) {
    for (long i = from; i < to; i += COUNT) {
      IntVector bits = IntVector.fromMemorySegment(INTS, x, i * Floats.BYTES, ORDER);
      IntVector upper = bits.lanewise(VectorOperators.LSHR, 16);
      IntVector half = bits.add(0x7fff).add(upper.and(1)).lanewise(VectorOperators.LSHR, 16);
      VectorMask<Integer> notANumber = bits.and(MAGNITUDE).compare(VectorOperators.GT, INFINITY);
      half = half.blend(upper.and(SIGN).or(BFLOAT16_NAN), notANumber);
      ((ShortVector) half.castShape(HALF_SHORTS, 0))
          .intoMemorySegment(halves, i * Half.BYTES, LITTLE);
    }
  }

  void widen(Half format, Bytes halves, Floats values, long from, long to) {
    Lengths.checkHalves(values, halves, from, to);
    long whole = from + Lanes.whole(to - from, COUNT);
    switch (format) {
      case FLOAT16 -> widen16(halves.segment(), 1, values.segment(), false, from, whole);
      case BFLOAT16 -> widenB16(halves.segment(), 1, values.segment(), false, from, whole);
    }
    plain.widen(format, halves, values, whole, to);
  }

  void addWidened(Half format, float weight, Bytes halves, Floats sum, long from, long to) {
    Lengths.checkHalves(sum, halves, from, to);
    long whole = from + Lanes.whole(to - from, COUNT);
    switch (format) {
      case FLOAT16 -> widen16(halves.segment(), weight, sum.segment(), true, from, whole);
      case BFLOAT16 -> widenB16(halves.segment(), weight, sum.segment(), true, from, whole);
    }
    plain.addWidened(format, weight, halves, sum, whole, to);
  }

  private static void widen16(
      MemorySegment halves, float weight, MemorySegment out, boolean add, long from, long to) {
    IntVector aligner = IntVector.broadcast(INTS, SMALL);
    for (long i = from; i < to; i += COUNT) {
      Vector<Short> loaded =
          ShortVector.fromMemorySegment(HALF_SHORTS, halves, i * Half.BYTES, LITTLE);
      IntVector half = (IntVector) loaded.castShape(INTS, 0);
      IntVector size = half.and(SIGN - 1).lanewise(VectorOperators.LSHL, DROPPED);
      IntVector bits = size.add(REBIAS);
      bits =
          bits.blend(size.or(INFINITY), size.compare(VectorOperators.GE, FLOAT16_INFINITY << 13));
      // A subnormal's bits under the exponent of 2^-14, less 2^-14.
      IntVector small =
          size.or(SMALL)
              .reinterpretAsFloats()
              .sub(aligner.reinterpretAsFloats())
              .reinterpretAsInts();
      bits = bits.blend(small, size.compare(VectorOperators.LT, 1 << 23));
      bits = bits.or(half.and(SIGN).lanewise(VectorOperators.LSHL, 16));
      FloatVector value = bits.reinterpretAsFloats();
      if (add) {
        value = fromMemorySegment(FLOATS, out, i * Floats.BYTES, ORDER).add(value.mul(weight));
      }
      value.intoMemorySegment(out, i * Floats.BYTES, ORDER);
    }
  }

  private static void widenB16(
      MemorySegment halves, float weight, MemorySegment out, boolean add, long from, long to) {
    for (long i = from; i < to; i += COUNT) {
      Vector<Short> loaded =
          ShortVector.fromMemorySegment(HALF_SHORTS, halves, i * Half.BYTES, LITTLE);
      IntVector half = (IntVector) loaded.castShape(INTS, 0);
      FloatVector value = half.lanewise(VectorOperators.LSHL, 16).reinterpretAsFloats();
      if (add) {
        value = fromMemorySegment(FLOATS, out, i * Floats.BYTES, ORDER).add(value.mul(weight));
      }
      value.intoMemorySegment(out, i * Floats.BYTES, ORDER);
    }
  }
}
