package org.strait.kernels.simd;

import static jdk.incubator.vector.FloatVector.fromMemorySegment;
import static jdk.incubator.vector.VectorOperators.GE;
import static org.strait.kernels.KthMagnitude.MAGNITUDE_MASK;
import static org.strait.kernels.simd.AddressSpace.ALL;
import static org.strait.kernels.simd.AddressSpace.BASE;
import static org.strait.kernels.simd.AddressSpace.REACH;
import static org.strait.kernels.simd.Lanes.COUNT;
import static org.strait.kernels.simd.Lanes.FLOATS;
import static org.strait.kernels.simd.Lanes.INTS;
import static org.strait.kernels.simd.Lanes.ORDER;

import jdk.incubator.vector.IntVector;
import jdk.incubator.vector.VectorMask;
import org.strait.memory.Floats;
import org.strait.memory.Ints;

/// Elements of a piece whose magnitude lies where it is looked for. Addresses have been checked,
/// and there is room for a whole piece: what is stored beyond the last hit, the next one
/// overwrites.
final class SimdHits {
  /// Most bytes of a piece; it stays in the first cache.
  private static final int PIECE = 1 << 14;

  /// Bytes that one word of hits stands for; a piece has a multiple of it.
  static final int GROUP = 4 * Lanes.BYTES;

  /// Keeps an offset into a group within it, so that a hit that is not there reads what is.
  private static final int IN_GROUP = 4 * COUNT - 1;

  private SimdHits() {}

  /// The longest piece of so many bytes; 0 if there is none.
  static int piece(long most) {
    return (int) Lanes.whole(Math.min(most, PIECE), GROUP);
  }

  /// For a threshold that few reach. Of each group, the first four hits are stored whether there
  /// are so many or not, the others by a loop: at one hit in a hundred a branch for each is guessed
  /// wrong, and one for the fifth of a group never.
  ///
  /// @param first index of the piece's first element
  /// @return how many
  static int keepFew(
      long xAt, int bytes, float threshold, int first, long indicesAt, long valuesAt) {
    long x = xAt & BASE;
    int next = 0;
    for (int j = 0; j < bytes; j += GROUP) {
      long hits =
          fromMemorySegment(FLOATS, ALL, (x + j) & REACH, ORDER)
                  .abs()
                  .compare(GE, threshold)
                  .toLong()
              | fromMemorySegment(FLOATS, ALL, (x + j + Lanes.BYTES) & REACH, ORDER)
                      .abs()
                      .compare(GE, threshold)
                      .toLong()
                  << COUNT
              | fromMemorySegment(FLOATS, ALL, (x + j + 2L * Lanes.BYTES) & REACH, ORDER)
                      .abs()
                      .compare(GE, threshold)
                      .toLong()
                  << (2 * COUNT)
              | fromMemorySegment(FLOATS, ALL, (x + j + 3L * Lanes.BYTES) & REACH, ORDER)
                      .abs()
                      .compare(GE, threshold)
                      .toLong()
                  << (3 * COUNT);
      int start = j / (int) Floats.BYTES;
      int count = Long.bitCount(hits);
      long i = indicesAt + next;
      long v = valuesAt + next;
      for (int taken = 0; taken < 4 || taken < count; taken++) {
        int hit = start + (Long.numberOfTrailingZeros(hits) & IN_GROUP);
        AddressSpace.setInt(i + taken * Ints.BYTES, first + hit);
        AddressSpace.set(v + taken * Floats.BYTES, AddressSpace.get(x + hit * Floats.BYTES));
        hits &= hits - 1;
      }
      next += count * (int) Ints.BYTES;
    }
    return next / (int) Ints.BYTES;
  }

  /// For a threshold that many reach. Indices are compressed in the register and stored as a whole
  /// vector (a compressing store is ten times slower on Zen 4), for every vector: branches would be
  /// guessed wrong. Then their values are fetched, while they are in cache.
  ///
  /// @param first index of the piece's first element
  /// @return how many
  static int keepMany(
      long xAt, int bytes, float threshold, int first, long indicesAt, long valuesAt) {
    long x = xAt & BASE;
    long indices = indicesAt & BASE;
    IntVector lane = IntVector.zero(INTS).addIndex(1).add(first);
    int next = 0;
    for (int j = 0; j < bytes; j += Lanes.BYTES) {
      VectorMask<Float> kept =
          fromMemorySegment(FLOATS, ALL, (x + j) & REACH, ORDER).abs().compare(GE, threshold);
      // As floats, so that the mask need not be cast.
      lane.add(j / (int) Floats.BYTES)
          .reinterpretAsFloats()
          .compress(kept)
          .intoMemorySegment(ALL, (indices + next) & REACH, ORDER);
      next += kept.trueCount() * (int) Ints.BYTES;
    }
    for (int j = 0; j < next; j += (int) Ints.BYTES) {
      int hit = AddressSpace.getInt(indices + j) - first;
      AddressSpace.set(valuesAt + j, AddressSpace.get(x + hit * Floats.BYTES));
    }
    return next / (int) Ints.BYTES;
  }

  /// Stores the bits of the magnitudes that lie in [low, high), few of all, and counts those above;
  /// as {@link #keepFew} does, with two of each group.
  ///
  /// @return 2^32·(number above) + number stored
  static long keepBetween(long xAt, int bytes, int low, int high, long keptAt) {
    long x = xAt & BASE;
    int next = 0;
    int above = 0;
    for (int j = 0; j < bytes; j += GROUP) {
      IntVector v0 =
          IntVector.fromMemorySegment(INTS, ALL, (x + j) & REACH, ORDER).and(MAGNITUDE_MASK);
      IntVector v1 =
          IntVector.fromMemorySegment(INTS, ALL, (x + j + Lanes.BYTES) & REACH, ORDER)
              .and(MAGNITUDE_MASK);
      IntVector v2 =
          IntVector.fromMemorySegment(INTS, ALL, (x + j + 2L * Lanes.BYTES) & REACH, ORDER)
              .and(MAGNITUDE_MASK);
      IntVector v3 =
          IntVector.fromMemorySegment(INTS, ALL, (x + j + 3L * Lanes.BYTES) & REACH, ORDER)
              .and(MAGNITUDE_MASK);
      long reaching =
          v0.compare(GE, low).toLong()
              | v1.compare(GE, low).toLong() << COUNT
              | v2.compare(GE, low).toLong() << (2 * COUNT)
              | v3.compare(GE, low).toLong() << (3 * COUNT);
      long over =
          v0.compare(GE, high).toLong()
              | v1.compare(GE, high).toLong() << COUNT
              | v2.compare(GE, high).toLong() << (2 * COUNT)
              | v3.compare(GE, high).toLong() << (3 * COUNT);
      above += Long.bitCount(over);
      long hits = reaching & ~over;
      int count = Long.bitCount(hits);
      int start = j / (int) Floats.BYTES;
      for (int taken = 0; taken < 2 || taken < count; taken++) {
        int hit = start + (Long.numberOfTrailingZeros(hits) & IN_GROUP);
        int magnitude = AddressSpace.getInt(x + hit * Floats.BYTES) & MAGNITUDE_MASK;
        AddressSpace.setInt(keptAt + next + taken * Ints.BYTES, magnitude);
        hits &= hits - 1;
      }
      next += count * (int) Ints.BYTES;
    }
    return (long) above << 32 | next / Ints.BYTES;
  }
}
