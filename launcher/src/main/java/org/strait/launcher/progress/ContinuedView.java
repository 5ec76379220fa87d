package org.strait.launcher.progress;

import java.util.HashMap;
import java.util.Map;

/// Lets the clock and the bytes of a data centre that came back go on where the others are: its new
/// ranks count from 0.
final class ContinuedView implements ProgressView {
  /// What a data centre said last, and what its former lives add to that.
  private record Life(double seconds, long sentBytes, double secondsBefore, long sentBefore) {}

  private final ProgressView inner;
  private final Map<String, Life> lives = new HashMap<>();
  private String phase = "";
  private double shownSeconds;

  ContinuedView(ProgressView inner) {
    this.inner = inner;
  }

  @Override
  public void ready(int ready, int ranks) {
    inner.ready(ready, ranks);
  }

  @Override
  public synchronized void round(
      String phase,
      String dc,
      int round,
      double objective,
      double seconds,
      long rows,
      long sentBytes) {
    if (!phase.equals(this.phase)) {
      this.phase = phase;
      lives.clear();
      shownSeconds = 0;
    }
    Life last = lives.getOrDefault(dc, new Life(0, 0, 0, 0));
    boolean back = seconds < last.seconds || sentBytes < last.sentBytes;
    double secondsBefore = back ? Math.max(0, shownSeconds - seconds) : last.secondsBefore;
    long sentBefore = last.sentBefore + (back ? last.sentBytes : 0);
    lives.put(dc, new Life(seconds, sentBytes, secondsBefore, sentBefore));
    shownSeconds = Math.max(shownSeconds, secondsBefore + seconds);
    inner.round(phase, dc, round, objective, secondsBefore + seconds, rows, sentBefore + sentBytes);
  }

  @Override
  public void note(String line) {
    inner.note(line);
  }

  @Override
  public void finish() {
    inner.finish();
  }
}
