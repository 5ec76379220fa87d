package org.strait.kernels.simd;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteOrder;
import jdk.incubator.vector.VectorShape;
import jdk.incubator.vector.VectorShuffle;
import jdk.incubator.vector.VectorSpecies;

/// Everything that follows from the vector width. The width is the number at the end of the name of
/// the class loader that loaded this class ({@code simd-256}), so that each width has its own copy
/// of the package in which the width is a compile-time constant: with a width that is a variable
/// the Vector API is some 50 times slower and allocates every vector.
final class Lanes {
  /// Width of a vector.
  static final int BITS = bits(Lanes.class.getClassLoader().getName());

  private static final VectorShape SHAPE = VectorShape.forBitSize(BITS);

  static final VectorSpecies<Float> FLOATS = VectorSpecies.of(float.class, SHAPE);
  static final VectorSpecies<Integer> INTS = VectorSpecies.of(int.class, SHAPE);
  static final VectorSpecies<Double> DOUBLES = VectorSpecies.of(double.class, SHAPE);

  /// As many floats as {@link #DOUBLES} has lanes.
  static final VectorSpecies<Float> HALF_FLOATS =
      VectorSpecies.of(float.class, VectorShape.forBitSize(BITS / 2));

  /// As many shorts as {@link #INTS} has lanes.
  static final VectorSpecies<Short> HALF_SHORTS =
      VectorSpecies.of(short.class, VectorShape.forBitSize(BITS / 2));

  /// As many bytes as {@link #FLOATS} has lanes; for 128 bits twice as many, because no vector is
  /// narrower than 64 bits.
  static final VectorSpecies<Byte> QUARTER_BYTES =
      VectorSpecies.of(byte.class, VectorShape.forBitSize(Math.max(64, BITS / 4)));

  /// Floats in a vector.
  static final int COUNT = BITS / Float.SIZE;

  /// Bytes in a vector.
  static final int BYTES = BITS / Byte.SIZE;

  static final VectorShuffle<Float> FLOATS_SWAP_8 = swap(FLOATS, 8);
  static final VectorShuffle<Float> FLOATS_SWAP_4 = swap(FLOATS, 4);
  static final VectorShuffle<Float> FLOATS_SWAP_2 = swap(FLOATS, 2);
  static final VectorShuffle<Double> DOUBLES_SWAP_4 = swap(DOUBLES, 4);
  static final VectorShuffle<Double> DOUBLES_SWAP_2 = swap(DOUBLES, 2);

  static final ByteOrder ORDER = ByteOrder.nativeOrder();

  /// The order of packed codes, which is that of the wire.
  static final ByteOrder LITTLE = ByteOrder.LITTLE_ENDIAN;

  /// 4 and 2 bytes of packed codes, wherever they lie.
  static final ValueLayout.OfInt WORD = ValueLayout.JAVA_INT_UNALIGNED.withOrder(LITTLE);

  static final ValueLayout.OfShort SHORT = ValueLayout.JAVA_SHORT_UNALIGNED.withOrder(LITTLE);

  private Lanes() {}

  private static int bits(String loaderName) {
    return Integer.parseInt(loaderName.substring(loaderName.lastIndexOf('-') + 1));
  }

  /// The shuffle that exchanges lanes whose numbers differ in the given bit.
  private static <E> VectorShuffle<E> swap(VectorSpecies<E> species, int distance) {
    return VectorShuffle.fromOp(
        species, lane -> distance < species.length() ? lane ^ distance : lane);
  }

  /// The largest multiple of stride that is not above bytes; stride is a power of two.
  static long whole(long bytes, long stride) {
    return bytes & -stride;
  }

  static float get(MemorySegment segment, long offset) {
    return segment.get(ValueLayout.JAVA_FLOAT, offset);
  }

  static void set(MemorySegment segment, long offset, float value) {
    segment.set(ValueLayout.JAVA_FLOAT, offset, value);
  }
}
