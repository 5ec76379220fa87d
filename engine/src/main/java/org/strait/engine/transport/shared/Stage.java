package org.strait.engine.transport.shared;

import java.lang.foreign.MemorySegment;
import org.strait.memory.Floats;

/// Memory through which members hand each other bytes that do not lie in shared vectors: two halves
/// per member, used in turn. A member that fills a half has passed a barrier since it last handed
/// the other half around, and so have all who read this one then: one barrier per exchange is
/// enough.
final class Stage {
  /// Bytes of a half: two halves of two members stay in a second-level cache.
  static final long HALF_BYTES = 128 << 10;

  /// Bytes per member. The halves of members do not begin at the same place of a cache's sets.
  static final long BYTES = 2 * HALF_BYTES + 4096 + 192;

  private final int me;
  private final Floats[][] floats;
  private final MemorySegment[][] bytes;
  private int turn;

  /// @param memory {@link #BYTES} per member
  Stage(MemorySegment memory, int members, int me) {
    this.me = me;
    floats = new Floats[2][members];
    bytes = new MemorySegment[2][members];
    for (int i = 0; i < members; i++) {
      for (int half = 0; half < 2; half++) {
        bytes[half][i] = memory.asSlice(i * BYTES + half * HALF_BYTES, HALF_BYTES);
        floats[half][i] = Floats.over(bytes[half][i]);
      }
    }
  }

  /// Goes on to the next exchange and returns this member's half in it.
  MemorySegment next() {
    turn ^= 1;
    return bytes[turn][me];
  }

  /// What all members have brought to this exchange.
  MemorySegment[] all() {
    return bytes[turn];
  }

  /// The same as floats.
  Floats[] allFloats() {
    return floats[turn];
  }
}
