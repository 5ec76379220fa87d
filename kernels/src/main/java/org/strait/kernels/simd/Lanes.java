package org.strait.kernels.simd;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteOrder;
import jdk.incubator.vector.ByteVector;
import jdk.incubator.vector.DoubleVector;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.IntVector;
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

  /// As many bytes as {@link #FLOATS} has lanes; for 128 bits twice as many, because no vector is
  /// narrower than 64 bits (callers leave that width to the plain loop).
  static final VectorSpecies<Byte> QUARTER_BYTES =
      VectorSpecies.of(byte.class, VectorShape.forBitSize(Math.max(64, BITS / 4)));

  /// Floats in a vector.
  static final int COUNT = BITS / Float.SIZE;

  /// Bytes in a vector.
  static final int BYTES = BITS / Byte.SIZE;

  private static final VectorShuffle<Float> FLOATS_SWAP_8 = swap(FLOATS, 8);
  private static final VectorShuffle<Float> FLOATS_SWAP_4 = swap(FLOATS, 4);
  private static final VectorShuffle<Float> FLOATS_SWAP_2 = swap(FLOATS, 2);
  private static final VectorShuffle<Float> FLOATS_SWAP_1 = swap(FLOATS, 1);
  private static final VectorShuffle<Double> DOUBLES_SWAP_4 = swap(DOUBLES, 4);
  private static final VectorShuffle<Double> DOUBLES_SWAP_2 = swap(DOUBLES, 2);
  private static final VectorShuffle<Double> DOUBLES_SWAP_1 = swap(DOUBLES, 1);

  static final ByteOrder ORDER = ByteOrder.nativeOrder();

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

  static FloatVector load(MemorySegment segment, long offset) {
    return FloatVector.fromMemorySegment(FLOATS, segment, offset, ORDER);
  }

  static IntVector loadInts(MemorySegment segment, long offset) {
    return IntVector.fromMemorySegment(INTS, segment, offset, ORDER);
  }

  static ByteVector loadBytes(MemorySegment segment, long offset) {
    return ByteVector.fromMemorySegment(QUARTER_BYTES, segment, offset, ORDER);
  }

  static void store(FloatVector vector, MemorySegment segment, long offset) {
    vector.intoMemorySegment(segment, offset, ORDER);
  }

  static void store(IntVector vector, MemorySegment segment, long offset) {
    vector.intoMemorySegment(segment, offset, ORDER);
  }

  static void store(ByteVector vector, MemorySegment segment, long offset) {
    vector.intoMemorySegment(segment, offset, ORDER);
  }

  /// Half a vector of floats, widened to float64.
  static DoubleVector loadWide(MemorySegment segment, long offset) {
    return (DoubleVector)
        FloatVector.fromMemorySegment(HALF_FLOATS, segment, offset, ORDER).castShape(DOUBLES, 0);
  }

  /// Lanes [0, COUNT/2) widened to float64 for part 0, the others for part 1.
  static DoubleVector widen(FloatVector vector, int part) {
    return (DoubleVector) vector.castShape(DOUBLES, part);
  }

  /// The low byte of each lane.
  static ByteVector narrow(IntVector vector) {
    return (ByteVector) vector.castShape(QUARTER_BYTES, 0);
  }

  static FloatVector toFloats(ByteVector vector) {
    return (FloatVector) vector.castShape(FLOATS, 0);
  }

  /// Sum of the lanes, folded by halves: the same bits whether compiled or interpreted.
  static float sum(FloatVector vector) {
    return foldBelow4(foldBelow16(vector)).lane(0);
  }

  // Folds are short so that the compiler inlines them wherever a sum stands.

  private static FloatVector foldBelow16(FloatVector v) {
    FloatVector w = COUNT > 8 ? v.add(v.rearrange(FLOATS_SWAP_8)) : v;
    return COUNT > 4 ? w.add(w.rearrange(FLOATS_SWAP_4)) : w;
  }

  private static FloatVector foldBelow4(FloatVector v) {
    FloatVector w = v.add(v.rearrange(FLOATS_SWAP_2));
    return w.add(w.rearrange(FLOATS_SWAP_1));
  }

  /// Sum of the lanes, folded by halves: the same bits whether compiled or interpreted.
  static double sum(DoubleVector vector) {
    DoubleVector v = foldBelow8(vector);
    return v.add(v.rearrange(DOUBLES_SWAP_1)).lane(0);
  }

  private static DoubleVector foldBelow8(DoubleVector v) {
    DoubleVector w = COUNT > 8 ? v.add(v.rearrange(DOUBLES_SWAP_4)) : v;
    return COUNT > 4 ? w.add(w.rearrange(DOUBLES_SWAP_2)) : w;
  }

  static float get(MemorySegment segment, long offset) {
    return segment.get(ValueLayout.JAVA_FLOAT, offset);
  }

  static void set(MemorySegment segment, long offset, float value) {
    segment.set(ValueLayout.JAVA_FLOAT, offset, value);
  }
}
