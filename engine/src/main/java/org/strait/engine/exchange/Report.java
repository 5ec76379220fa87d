package org.strait.engine.exchange;

import java.util.Arrays;

/// Whom a data centre believes lost, and the last frame of each that it holds.
final class Report {
  private final boolean[] lost;
  private final long[] held;
  private boolean there;

  Report(int dcs) {
    lost = new boolean[dcs];
    held = new long[dcs];
  }

  /// Whether one came since {@link #clear}.
  boolean there() {
    return there;
  }

  boolean lost(int dc) {
    return there && lost[dc];
  }

  long held(int dc) {
    return held[dc];
  }

  void clear() {
    there = false;
  }

  void begin() {
    there = true;
    Arrays.fill(lost, false);
  }

  void add(int dc, long lastTick) {
    lost[dc] = true;
    held[dc] = lastTick;
  }

  /// Whether it names exactly those that are not believed there.
  boolean agrees(boolean[] present) {
    for (int dc = 0; dc < lost.length; dc++) {
      if (lost(dc) == present[dc]) {
        return false;
      }
    }
    return there;
  }
}
