package org.strait.engine.exchange;

import org.strait.memory.Doubles;
import org.strait.memory.HostMemory;

/// Sums of the frames' scalars and weights, added in DC order in float64.
final class ScalarSums {
  private final Membership members;
  private final Doubles room;
  private Doubles sums;

  ScalarSums(Membership members, HostMemory memory) {
    this.members = members;
    room = memory.doubles(FrameLayout.MAX_SCALARS);
    sums = room.slice(0, 0);
  }

  /// No scalars.
  Doubles none() {
    return room.slice(0, 0);
  }

  /// Sums of the last {@link #addUp}.
  Doubles sums() {
    return sums;
  }

  /// Adds up the scalars of all frames that count in the tick that was collected; returns the sum
  /// of the weights.
  ///
  /// @param weight this DC's
  /// @param scalars this DC's
  double addUp(double weight, Doubles scalars) {
    if (sums.length() != scalars.length()) {
      sums = room.slice(0, scalars.length());
    }
    double total = 0;
    sums.fill(0);
    for (int p = 0; p < members.dcs(); p++) {
      if (members.counted(p)) {
        Slot frame = p == members.me() ? null : members.inbox().slot(p, members.tick());
        total += frame == null ? weight : frame.weight();
        for (long i = 0; i < scalars.length(); i++) {
          sums.set(i, sums.get(i) + (frame == null ? scalars.get(i) : frame.scalar(i)));
        }
      }
    }
    return total;
  }
}
