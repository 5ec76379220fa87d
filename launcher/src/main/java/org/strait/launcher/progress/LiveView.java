package org.strait.launcher.progress;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.Consumer;
import java.util.function.LongSupplier;

/// Several lines redrawn in place: round, objective with its curve (on a log scale above the lowest
/// value so far), time, bytes, and a line per data centre. At most ten times a second.
final class LiveView implements ProgressView {
  private static final long EVERY_NANOS = 100_000_000L;
  private static final int CURVE_WIDTH = 12;
  private static final double CURVE_FLOOR = 1e-6;

  /// What a data centre said last.
  private record Dc(long rows, long sentBytes, double seconds) {}

  private final Consumer<String> out;
  private final LongSupplier nanoTime;
  private final boolean color;
  private final int width;
  private final List<String> names;
  private final int rounds;
  private final Map<String, Dc> dcs = new HashMap<>();
  private final List<Double> objectives = new ArrayList<>();
  private String phase = "";
  private int round;
  private double seconds;
  private long drawnNanos;
  private int drawnLines;

  /// @param out writes text as it is, without a line end
  /// @param nanoTime the clock
  /// @param color whether colours are wanted
  /// @param width columns of the terminal
  /// @param names data centres in the order in which they are shown
  /// @param rounds the bound on rounds
  LiveView(
      Consumer<String> out,
      LongSupplier nanoTime,
      boolean color,
      int width,
      List<String> names,
      int rounds) {
    this.out = out;
    this.nanoTime = nanoTime;
    this.color = color;
    this.width = width;
    this.names = List.copyOf(names);
    this.rounds = rounds;
    drawnNanos = nanoTime.getAsLong() - EVERY_NANOS;
  }

  @Override
  public synchronized void ready(int ready, int ranks) {
    if (phase.isEmpty()) {
      out.accept(erase() + cut("  Ranks      " + ready + " of " + ranks + " ready") + "\n");
      drawnLines = 1;
    }
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
      if (!this.phase.isEmpty()) {
        draw();
        drawnLines = 0; // the finished phase stays on the screen
      }
      this.phase = phase;
      this.round = 0;
      dcs.clear();
      objectives.clear();
    }
    dcs.put(dc, new Dc(rows, sentBytes, seconds));
    if (round > this.round) {
      this.round = round;
      this.seconds = seconds;
      objectives.add(objective);
    }
    if (nanoTime.getAsLong() - drawnNanos >= EVERY_NANOS) {
      draw();
    }
  }

  @Override
  public synchronized void note(String line) {
    out.accept(erase() + cut(line) + "\n");
    drawnLines = 0;
    if (!phase.isEmpty()) {
      draw();
    }
  }

  @Override
  public synchronized void finish() {
    if (!phase.isEmpty()) {
      draw();
      drawnLines = 0;
      phase = "";
    }
  }

  private String erase() {
    return drawnLines == 0 ? "" : "\u001b[" + drawnLines + "A\r\u001b[J";
  }

  private void draw() {
    List<String> lines = new ArrayList<>();
    lines.add(headline());
    int nameWidth = names.stream().mapToInt(String::length).max().orElse(0);
    for (String name : names) {
      lines.add(dcLine(name, nameWidth, dcs.getOrDefault(name, new Dc(0, 0, 0))));
    }
    StringBuilder text = new StringBuilder(erase());
    for (int i = 0; i < lines.size(); i++) {
      String line = cut(lines.get(i));
      text.append(color ? paint(line, i == 0) : line).append('\n');
    }
    out.accept(text.toString());
    drawnLines = lines.size();
    drawnNanos = nanoTime.getAsLong();
  }

  private String headline() {
    long sent = dcs.values().stream().mapToLong(Dc::sentBytes).sum();
    return (phase.equals("main") ? "" : phase + "  ")
        + "round "
        + round
        + " of at most "
        + rounds
        + "  objective "
        + (objectives.isEmpty() ? "" : Figures.loss(objectives.getLast()))
        + " "
        + Sparkline.of(curve(), CURVE_WIDTH)
        + "  "
        + Figures.seconds(seconds)
        + "  sent "
        + Figures.bytes((double) sent);
  }

  /// The objectives' distances to the lowest one, as logarithms: without it a curve that falls fast
  /// looks flat ever after.
  private List<Double> curve() {
    double low = objectives.stream().mapToDouble(v -> v).min().orElse(0);
    double high = objectives.stream().mapToDouble(v -> v).max().orElse(0);
    return objectives.stream()
        .map(v -> high > low ? Math.log(Math.max(CURVE_FLOOR, (v - low) / (high - low))) : 0.0)
        .toList();
  }

  private static String dcLine(String name, int nameWidth, Dc dc) {
    double rate = dc.seconds() > 0 ? dc.rows() / dc.seconds() : 0;
    return String.format(
        Locale.ROOT,
        "  %-" + Math.max(1, nameWidth) + "s  %10s rows/s  sent %s",
        name,
        Figures.count(rate),
        Figures.bytes((double) dc.sentBytes()));
  }

  private String cut(String line) {
    return line.length() < width ? line : line.substring(0, width - 2) + "…";
  }

  private static String paint(String line, boolean head) {
    return head
        ? line.replaceFirst("([▁▂▃▄▅▆▇█]+)", "\u001b[32m$1\u001b[0m")
        : "\u001b[2m" + line + "\u001b[0m";
  }
}
