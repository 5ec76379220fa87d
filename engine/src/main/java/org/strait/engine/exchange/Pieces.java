package org.strait.engine.exchange;

import java.util.Arrays;
import org.strait.memory.HostMemory;

/// Partial means and means that came beside the frames: of each DC that of the tick that is
/// collected and that of the one after. Rooms are made when first needed.
final class Pieces {
  private final Slot[][] slots;
  private final long[][] ticks;
  private final HostMemory memory;

  Pieces(int dcs, HostMemory memory) {
    slots = new Slot[dcs][2];
    ticks = new long[dcs][2];
    this.memory = memory;
  }

  /// What came from a DC for a tick; null if nothing has yet. Valid until that of the tick after
  /// the next comes.
  Slot of(int dc, long tick) {
    return ticks[dc][at(tick)] == tick ? slots[dc][at(tick)] : null;
  }

  /// The last tick that something came for.
  long last(int dc) {
    return Math.max(ticks[dc][0], ticks[dc][1]);
  }

  /// Where to write what comes.
  Slot room(int dc, long tick) {
    if (slots[dc][at(tick)] == null) {
      slots[dc][at(tick)] = new Slot(memory);
    }
    return slots[dc][at(tick)];
  }

  /// It is all there.
  void whole(int dc, long tick) {
    ticks[dc][at(tick)] = tick;
  }

  /// A DC comes back: nothing has come from it.
  void forget(int dc) {
    Arrays.fill(ticks[dc], 0);
  }

  private static int at(long tick) {
    return (int) (tick & 1);
  }
}
