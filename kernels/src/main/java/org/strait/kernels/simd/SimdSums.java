package org.strait.kernels.simd;

import static jdk.incubator.vector.FloatVector.fromMemorySegment;
import static org.strait.kernels.simd.AddressSpace.ALL;
import static org.strait.kernels.simd.AddressSpace.BASE;
import static org.strait.kernels.simd.AddressSpace.REACH;
import static org.strait.kernels.simd.Lanes.FLOATS;
import static org.strait.kernels.simd.Lanes.ORDER;

import jdk.incubator.vector.FloatVector;
import org.strait.memory.Floats;

/// Sums of two, three or four runs in registers, stored to all of them, by address. More runs are
/// summed in pieces that stay in the first-level cache: four, then three more at a time, with the
/// sum so far waiting in the first run.
final class SimdSums {
  /// Bytes of every run that one call takes.
  static final int MOST_BYTES = 1 << 20;

  private static final int PIECE_BYTES = 1 << 12;

  private SimdSums() {}

  /// Sums so many bytes of every run, from the same offset in all.
  static void sumAll(Floats[] runs, long offset, int bytes) {
    switch (runs.length) {
      case 1 -> {}
      case 2 -> two(at(runs, 0, offset), at(runs, 1, offset), bytes);
      case 3 -> three(at(runs, 0, offset), at(runs, 1, offset), at(runs, 2, offset), bytes);
      case 4 ->
          four(
              at(runs, 0, offset),
              at(runs, 1, offset),
              at(runs, 2, offset),
              at(runs, 3, offset),
              bytes);
      default -> {
        for (int i = 0; i < bytes; i += PIECE_BYTES) {
          many(runs, offset + i, Math.min(PIECE_BYTES, bytes - i));
        }
      }
    }
  }

  private static long at(Floats[] runs, int k, long offset) {
    return runs[k].address() + offset;
  }

  /// A group's members all get the sum so far; those of earlier groups are behind then, and get it
  /// at the end.
  private static void many(Floats[] runs, long offset, int bytes) {
    long first = at(runs, 0, offset);
    four(first, at(runs, 1, offset), at(runs, 2, offset), at(runs, 3, offset), bytes);
    int k = 4;
    for (; k + 3 <= runs.length; k += 3) {
      four(first, at(runs, k, offset), at(runs, k + 1, offset), at(runs, k + 2, offset), bytes);
    }
    switch (runs.length - k) {
      case 1 -> two(first, at(runs, k, offset), bytes);
      case 2 -> three(first, at(runs, k, offset), at(runs, k + 1, offset), bytes);
      default -> k -= 3;
    }
    for (int behind = 1; behind < k; behind++) {
      copy(first, at(runs, behind, offset), bytes);
    }
  }

  private static void two(long aAt, long bAt, int bytes) {
    long a = aAt & BASE;
    long b = bAt & BASE;
    int whole = bytes & -Lanes.BYTES;
    for (int i = 0; i < whole; i += Lanes.BYTES) {
      FloatVector sum =
          fromMemorySegment(FLOATS, ALL, (a + i) & REACH, ORDER)
              .add(fromMemorySegment(FLOATS, ALL, (b + i) & REACH, ORDER));
      sum.intoMemorySegment(ALL, (a + i) & REACH, ORDER);
      sum.intoMemorySegment(ALL, (b + i) & REACH, ORDER);
    }
    for (int i = whole; i < bytes; i += (int) Floats.BYTES) {
      float sum = AddressSpace.get(a + i) + AddressSpace.get(b + i);
      AddressSpace.set(a + i, sum);
      AddressSpace.set(b + i, sum);
    }
  }

  private static void three(long aAt, long bAt, long cAt, int bytes) {
    long a = aAt & BASE;
    long b = bAt & BASE;
    long c = cAt & BASE;
    int whole = bytes & -Lanes.BYTES;
    for (int i = 0; i < whole; i += Lanes.BYTES) {
      FloatVector sum =
          fromMemorySegment(FLOATS, ALL, (a + i) & REACH, ORDER)
              .add(fromMemorySegment(FLOATS, ALL, (b + i) & REACH, ORDER))
              .add(fromMemorySegment(FLOATS, ALL, (c + i) & REACH, ORDER));
      sum.intoMemorySegment(ALL, (a + i) & REACH, ORDER);
      sum.intoMemorySegment(ALL, (b + i) & REACH, ORDER);
      sum.intoMemorySegment(ALL, (c + i) & REACH, ORDER);
    }
    for (int i = whole; i < bytes; i += (int) Floats.BYTES) {
      float sum = AddressSpace.get(a + i) + AddressSpace.get(b + i) + AddressSpace.get(c + i);
      AddressSpace.set(a + i, sum);
      AddressSpace.set(b + i, sum);
      AddressSpace.set(c + i, sum);
    }
  }

  private static void four(long aAt, long bAt, long cAt, long dAt, int bytes) {
    long a = aAt & BASE;
    long b = bAt & BASE;
    long c = cAt & BASE;
    long d = dAt & BASE;
    int whole = bytes & -Lanes.BYTES;
    for (int i = 0; i < whole; i += Lanes.BYTES) {
      FloatVector sum =
          fromMemorySegment(FLOATS, ALL, (a + i) & REACH, ORDER)
              .add(fromMemorySegment(FLOATS, ALL, (b + i) & REACH, ORDER))
              .add(fromMemorySegment(FLOATS, ALL, (c + i) & REACH, ORDER))
              .add(fromMemorySegment(FLOATS, ALL, (d + i) & REACH, ORDER));
      sum.intoMemorySegment(ALL, (a + i) & REACH, ORDER);
      sum.intoMemorySegment(ALL, (b + i) & REACH, ORDER);
      sum.intoMemorySegment(ALL, (c + i) & REACH, ORDER);
      sum.intoMemorySegment(ALL, (d + i) & REACH, ORDER);
    }
    for (int i = whole; i < bytes; i += (int) Floats.BYTES) {
      float sum =
          AddressSpace.get(a + i)
              + AddressSpace.get(b + i)
              + AddressSpace.get(c + i)
              + AddressSpace.get(d + i);
      AddressSpace.set(a + i, sum);
      AddressSpace.set(b + i, sum);
      AddressSpace.set(c + i, sum);
      AddressSpace.set(d + i, sum);
    }
  }

  /// Sums so many bytes of every run, from the same offset in all, into a target.
  static void sumInto(Floats[] runs, long offset, long targetAt, int bytes) {
    switch (runs.length) {
      case 1 -> copy(at(runs, 0, offset), targetAt, bytes);
      case 2 -> twoInto(at(runs, 0, offset), at(runs, 1, offset), targetAt, bytes);
      default -> {
        for (int i = 0; i < bytes; i += PIECE_BYTES) {
          manyInto(runs, offset + i, targetAt + i, Math.min(PIECE_BYTES, bytes - i));
        }
      }
    }
  }

  private static void manyInto(Floats[] runs, long offset, long targetAt, int bytes) {
    int k = runs.length % 2 == 0 ? 2 : 3;
    if (k == 2) {
      twoInto(at(runs, 0, offset), at(runs, 1, offset), targetAt, bytes);
    } else {
      threeInto(at(runs, 0, offset), at(runs, 1, offset), at(runs, 2, offset), targetAt, bytes);
    }
    for (; k < runs.length; k += 2) {
      threeInto(targetAt, at(runs, k, offset), at(runs, k + 1, offset), targetAt, bytes);
    }
  }

  private static void twoInto(long aAt, long bAt, long targetAt, int bytes) {
    long a = aAt & BASE;
    long b = bAt & BASE;
    long t = targetAt & BASE;
    int whole = bytes & -Lanes.BYTES;
    for (int i = 0; i < whole; i += Lanes.BYTES) {
      fromMemorySegment(FLOATS, ALL, (a + i) & REACH, ORDER)
          .add(fromMemorySegment(FLOATS, ALL, (b + i) & REACH, ORDER))
          .intoMemorySegment(ALL, (t + i) & REACH, ORDER);
    }
    for (int i = whole; i < bytes; i += (int) Floats.BYTES) {
      AddressSpace.set(t + i, AddressSpace.get(a + i) + AddressSpace.get(b + i));
    }
  }

  private static void threeInto(long aAt, long bAt, long cAt, long targetAt, int bytes) {
    long a = aAt & BASE;
    long b = bAt & BASE;
    long c = cAt & BASE;
    long t = targetAt & BASE;
    int whole = bytes & -Lanes.BYTES;
    for (int i = 0; i < whole; i += Lanes.BYTES) {
      fromMemorySegment(FLOATS, ALL, (a + i) & REACH, ORDER)
          .add(fromMemorySegment(FLOATS, ALL, (b + i) & REACH, ORDER))
          .add(fromMemorySegment(FLOATS, ALL, (c + i) & REACH, ORDER))
          .intoMemorySegment(ALL, (t + i) & REACH, ORDER);
    }
    for (int i = whole; i < bytes; i += (int) Floats.BYTES) {
      AddressSpace.set(
          t + i, AddressSpace.get(a + i) + AddressSpace.get(b + i) + AddressSpace.get(c + i));
    }
  }

  private static void copy(long fromAt, long toAt, int bytes) {
    long from = fromAt & BASE;
    long to = toAt & BASE;
    int whole = bytes & -Lanes.BYTES;
    for (int i = 0; i < whole; i += Lanes.BYTES) {
      fromMemorySegment(FLOATS, ALL, (from + i) & REACH, ORDER)
          .intoMemorySegment(ALL, (to + i) & REACH, ORDER);
    }
    for (int i = whole; i < bytes; i += (int) Floats.BYTES) {
      AddressSpace.set(to + i, AddressSpace.get(from + i));
    }
  }
}
