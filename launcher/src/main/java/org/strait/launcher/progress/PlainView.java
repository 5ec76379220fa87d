package org.strait.launcher.progress;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.Consumer;
import java.util.function.LongSupplier;

/// One line every couple of seconds, for logs and pipes.
final class PlainView implements ProgressView {
  private static final long EVERY_NANOS = 2_000_000_000L;

  private final Consumer<String> out;
  private final LongSupplier nanoTime;
  private final Map<String, Long> sentByDc = new LinkedHashMap<>();
  private String phase = "";
  private long lastNanos;
  private String pending;
  private int pendingRound;
  private int shownRound;

  PlainView(Consumer<String> out, LongSupplier nanoTime) {
    this.out = out;
    this.nanoTime = nanoTime;
    lastNanos = nanoTime.getAsLong() - EVERY_NANOS; // the first round shows at once
  }

  @Override
  public void ready(int ready, int ranks) {
    // a log need not tell what takes seconds
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
      flush();
      this.phase = phase;
      sentByDc.clear();
      pending = null;
      shownRound = 0;
    }
    sentByDc.put(dc, sentBytes);
    pendingRound = round;
    long sent = sentByDc.values().stream().mapToLong(b -> b).sum();
    pending =
        (phase.equals("main") ? "" : phase + ": ")
            + "round "
            + round
            + "  objective "
            + Figures.loss(objective)
            + "  "
            + Figures.seconds(seconds)
            + "  sent "
            + Figures.bytes((double) sent);
    if (nanoTime.getAsLong() - lastNanos >= EVERY_NANOS) {
      flush();
    }
  }

  private void flush() {
    if (pending != null && pendingRound > shownRound) {
      out.accept(pending);
      shownRound = pendingRound;
      lastNanos = nanoTime.getAsLong();
    }
  }

  @Override
  public synchronized void note(String line) {
    out.accept(line);
  }

  @Override
  public synchronized void finish() {
    flush();
  }
}
