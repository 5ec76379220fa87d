package org.strait.bench.allreduce;

import java.util.List;

/// One way of summing among those that take turns.
///
/// @param who name for the rows
/// @param crew who does it
/// @param way what the crew is told to do: {@code shared}, {@code private} or {@code limit}
/// @param peer whether it is somebody else's
/// @param rivals names of those that it is compared with
/// @param mostBytes larger vectors are left out
record Contestant(
    String who, Crew crew, String way, boolean peer, List<String> rivals, long mostBytes) {
  /// Not a sum: what its time tells is the memory's limit.
  boolean limit() {
    return way.equals(RankMain.LIMIT);
  }
}
