package org.strait.engine.collective;

import java.lang.foreign.MemorySegment;

/// Vectors cut into parts, at whole units. Cutting makes objects, so what was cut last is kept;
/// vectors are told apart by identity.
final class Parts {
  private static final int KEPT = 32;

  private final int count;
  private final long unitBytes;
  private final MemorySegment[] vectors = new MemorySegment[KEPT];
  private final MemorySegment[][] cut = new MemorySegment[KEPT][];
  private int next;

  Parts(int count, long unitBytes) {
    this.count = count;
    this.unitBytes = unitBytes;
  }

  MemorySegment[] of(MemorySegment vector) {
    for (int i = 0; i < KEPT; i++) {
      if (vectors[i] == vector) {
        return cut[i];
      }
    }
    MemorySegment[] made = new MemorySegment[count];
    for (int i = 0; i < count; i++) {
      long from = bound(vector.byteSize(), i);
      made[i] = vector.asSlice(from, bound(vector.byteSize(), i + 1) - from);
    }
    vectors[next] = vector;
    cut[next] = made;
    next = (next + 1) % KEPT;
    return made;
  }

  private long bound(long bytes, int part) {
    long units = Math.ceilDiv(bytes, unitBytes);
    return Math.min(bytes, units * part / count * unitBytes);
  }
}
