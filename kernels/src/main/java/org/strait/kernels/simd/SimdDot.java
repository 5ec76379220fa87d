package org.strait.kernels.simd;

import static jdk.incubator.vector.FloatVector.fromMemorySegment;
import static org.strait.kernels.simd.AddressSpace.ALL;
import static org.strait.kernels.simd.AddressSpace.BASE;
import static org.strait.kernels.simd.AddressSpace.REACH;
import static org.strait.kernels.simd.Lanes.DOUBLES;
import static org.strait.kernels.simd.Lanes.DOUBLES_SWAP_2;
import static org.strait.kernels.simd.Lanes.DOUBLES_SWAP_4;
import static org.strait.kernels.simd.Lanes.HALF_FLOATS;
import static org.strait.kernels.simd.Lanes.ORDER;

import jdk.incubator.vector.DoubleVector;
import jdk.incubator.vector.Vector;

/// The dot product in the order that {@link org.strait.kernels.DenseOps#dot} prescribes: sixteen
/// sums, element i into sum i mod 16, which are two vectors of 512 bits, four of 256 or eight of
/// 128. Products of two float32 are exact in float64, so fused or not makes no difference.
final class SimdDot {
  private static final int BLOCK_BYTES = 64;

  private SimdDot() {}

  /// Σ x·y over so many bytes, one piece.
  static double dot(long xAt, long yAt, int bytes) {
    long x = xAt & BASE;
    long y = yAt & BASE;
    int whole = bytes & -BLOCK_BYTES;
    double sum =
        switch (Lanes.BITS) {
          case 512 -> by8(x, y, whole);
          case 256 -> by4(x, y, whole);
          default -> by2(x, y, whole);
        };
    for (int i = whole; i < bytes; i += Float.BYTES) {
      sum += (double) AddressSpace.get(x + i) * AddressSpace.get(y + i);
    }
    return sum;
  }

  private static double by8(long xAt, long yAt, int whole) {
    long x = xAt & BASE;
    long y = yAt & BASE;
    DoubleVector s0 = DoubleVector.zero(DOUBLES);
    DoubleVector s1 = DoubleVector.zero(DOUBLES);
    for (int i = 0; i < whole; i += BLOCK_BYTES) {
      Vector<Double> y0 =
          fromMemorySegment(HALF_FLOATS, ALL, (y + i) & REACH, ORDER).castShape(DOUBLES, 0);
      s0 =
          s0.add(
              fromMemorySegment(HALF_FLOATS, ALL, (x + i) & REACH, ORDER)
                  .castShape(DOUBLES, 0)
                  .mul(y0));
      Vector<Double> y1 =
          fromMemorySegment(HALF_FLOATS, ALL, (y + i + 32) & REACH, ORDER).castShape(DOUBLES, 0);
      s1 =
          s1.add(
              fromMemorySegment(HALF_FLOATS, ALL, (x + i + 32) & REACH, ORDER)
                  .castShape(DOUBLES, 0)
                  .mul(y1));
    }
    DoubleVector s = s0.add(s1);
    s = s.add(s.rearrange(DOUBLES_SWAP_4));
    s = s.add(s.rearrange(DOUBLES_SWAP_2));
    return s.lane(0) + s.lane(1);
  }

  private static double by4(long xAt, long yAt, int whole) {
    long x = xAt & BASE;
    long y = yAt & BASE;
    DoubleVector s0 = DoubleVector.zero(DOUBLES);
    DoubleVector s1 = DoubleVector.zero(DOUBLES);
    DoubleVector s2 = DoubleVector.zero(DOUBLES);
    DoubleVector s3 = DoubleVector.zero(DOUBLES);
    for (int i = 0; i < whole; i += BLOCK_BYTES) {
      Vector<Double> y0 =
          fromMemorySegment(HALF_FLOATS, ALL, (y + i) & REACH, ORDER).castShape(DOUBLES, 0);
      s0 =
          s0.add(
              fromMemorySegment(HALF_FLOATS, ALL, (x + i) & REACH, ORDER)
                  .castShape(DOUBLES, 0)
                  .mul(y0));
      Vector<Double> y1 =
          fromMemorySegment(HALF_FLOATS, ALL, (y + i + 16) & REACH, ORDER).castShape(DOUBLES, 0);
      s1 =
          s1.add(
              fromMemorySegment(HALF_FLOATS, ALL, (x + i + 16) & REACH, ORDER)
                  .castShape(DOUBLES, 0)
                  .mul(y1));
      Vector<Double> y2 =
          fromMemorySegment(HALF_FLOATS, ALL, (y + i + 32) & REACH, ORDER).castShape(DOUBLES, 0);
      s2 =
          s2.add(
              fromMemorySegment(HALF_FLOATS, ALL, (x + i + 32) & REACH, ORDER)
                  .castShape(DOUBLES, 0)
                  .mul(y2));
      Vector<Double> y3 =
          fromMemorySegment(HALF_FLOATS, ALL, (y + i + 48) & REACH, ORDER).castShape(DOUBLES, 0);
      s3 =
          s3.add(
              fromMemorySegment(HALF_FLOATS, ALL, (x + i + 48) & REACH, ORDER)
                  .castShape(DOUBLES, 0)
                  .mul(y3));
    }
    DoubleVector s = s0.add(s2).add(s1.add(s3));
    s = s.add(s.rearrange(DOUBLES_SWAP_2));
    return s.lane(0) + s.lane(1);
  }

  private static double by2(long xAt, long yAt, int whole) {
    long x = xAt & BASE;
    long y = yAt & BASE;
    DoubleVector s0 = DoubleVector.zero(DOUBLES);
    DoubleVector s1 = DoubleVector.zero(DOUBLES);
    DoubleVector s2 = DoubleVector.zero(DOUBLES);
    DoubleVector s3 = DoubleVector.zero(DOUBLES);
    DoubleVector s4 = DoubleVector.zero(DOUBLES);
    DoubleVector s5 = DoubleVector.zero(DOUBLES);
    DoubleVector s6 = DoubleVector.zero(DOUBLES);
    DoubleVector s7 = DoubleVector.zero(DOUBLES);
    for (int i = 0; i < whole; i += BLOCK_BYTES) {
      Vector<Double> y0 =
          fromMemorySegment(HALF_FLOATS, ALL, (y + i) & REACH, ORDER).castShape(DOUBLES, 0);
      s0 =
          s0.add(
              fromMemorySegment(HALF_FLOATS, ALL, (x + i) & REACH, ORDER)
                  .castShape(DOUBLES, 0)
                  .mul(y0));
      Vector<Double> y1 =
          fromMemorySegment(HALF_FLOATS, ALL, (y + i + 8) & REACH, ORDER).castShape(DOUBLES, 0);
      s1 =
          s1.add(
              fromMemorySegment(HALF_FLOATS, ALL, (x + i + 8) & REACH, ORDER)
                  .castShape(DOUBLES, 0)
                  .mul(y1));
      Vector<Double> y2 =
          fromMemorySegment(HALF_FLOATS, ALL, (y + i + 16) & REACH, ORDER).castShape(DOUBLES, 0);
      s2 =
          s2.add(
              fromMemorySegment(HALF_FLOATS, ALL, (x + i + 16) & REACH, ORDER)
                  .castShape(DOUBLES, 0)
                  .mul(y2));
      Vector<Double> y3 =
          fromMemorySegment(HALF_FLOATS, ALL, (y + i + 24) & REACH, ORDER).castShape(DOUBLES, 0);
      s3 =
          s3.add(
              fromMemorySegment(HALF_FLOATS, ALL, (x + i + 24) & REACH, ORDER)
                  .castShape(DOUBLES, 0)
                  .mul(y3));
      Vector<Double> y4 =
          fromMemorySegment(HALF_FLOATS, ALL, (y + i + 32) & REACH, ORDER).castShape(DOUBLES, 0);
      s4 =
          s4.add(
              fromMemorySegment(HALF_FLOATS, ALL, (x + i + 32) & REACH, ORDER)
                  .castShape(DOUBLES, 0)
                  .mul(y4));
      Vector<Double> y5 =
          fromMemorySegment(HALF_FLOATS, ALL, (y + i + 40) & REACH, ORDER).castShape(DOUBLES, 0);
      s5 =
          s5.add(
              fromMemorySegment(HALF_FLOATS, ALL, (x + i + 40) & REACH, ORDER)
                  .castShape(DOUBLES, 0)
                  .mul(y5));
      Vector<Double> y6 =
          fromMemorySegment(HALF_FLOATS, ALL, (y + i + 48) & REACH, ORDER).castShape(DOUBLES, 0);
      s6 =
          s6.add(
              fromMemorySegment(HALF_FLOATS, ALL, (x + i + 48) & REACH, ORDER)
                  .castShape(DOUBLES, 0)
                  .mul(y6));
      Vector<Double> y7 =
          fromMemorySegment(HALF_FLOATS, ALL, (y + i + 56) & REACH, ORDER).castShape(DOUBLES, 0);
      s7 =
          s7.add(
              fromMemorySegment(HALF_FLOATS, ALL, (x + i + 56) & REACH, ORDER)
                  .castShape(DOUBLES, 0)
                  .mul(y7));
    }
    DoubleVector s = s0.add(s4).add(s2.add(s6)).add(s1.add(s5).add(s3.add(s7)));
    return s.lane(0) + s.lane(1);
  }
}
