package org.strait.bench.run;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.OptionalDouble;

/// Rows for people.
public final class Table {
  private static final String FORMAT = "%-32s %-30s %3s %10s %21s %8s %8s %7s %7s";

  private Table() {}

  /// A heading and a line for each row, blank lines between bouts.
  public static List<String> of(List<Row> rows) {
    List<String> lines = new ArrayList<>();
    lines.add(
        String.format(
                FORMAT,
                "case",
                "who",
                "thr",
                "median",
                "10th - 90th pct",
                "GB/s",
                "GFLOP/s",
                "× peer",
                "limit")
            .stripTrailing());
    Row before = null;
    for (Row row : rows) {
      if (before != null && !before.name().equals(row.name())) {
        lines.add("");
      }
      lines.add(
          String.format(
                  FORMAT,
                  row.name(),
                  (row.peer() ? "  " : "") + row.who(),
                  row.threads(),
                  time(row.timing().median()),
                  time(row.timing().low()) + " - " + time(row.timing().high()),
                  figure(row.gbPerSecond()),
                  row.work().flops() > 0 ? figure(row.gflopPerSecond()) : "",
                  ratio(row.ratioToBestPeer()),
                  row.shareOfLimit().isPresent()
                      ? Math.round(100 * row.shareOfLimit().getAsDouble()) + " %"
                      : "")
              .stripTrailing());
      before = row;
    }
    return lines;
  }

  /// One row in short, for progress.
  static String line(Row row) {
    return row.name()
        + ", "
        + row.who()
        + ", "
        + row.threads()
        + " thread(s): "
        + time(row.timing().median())
        + (row.ratioToBestPeer().isPresent()
            ? ", " + ratio(row.ratioToBestPeer()) + " × the best peer"
            : "");
  }

  private static String ratio(OptionalDouble ratio) {
    return ratio.isPresent() ? String.format(Locale.ROOT, "%.2f", ratio.getAsDouble()) : "";
  }

  /// Three digits with a unit.
  public static String time(double seconds) {
    if (seconds < 1e-6) {
      return figure(seconds * 1e9) + " ns";
    }
    if (seconds < 1e-3) {
      return figure(seconds * 1e6) + " µs";
    }
    return seconds < 1 ? figure(seconds * 1e3) + " ms" : figure(seconds) + " s";
  }

  /// Three digits.
  public static String figure(double x) {
    return String.format(Locale.ROOT, x < 10 ? "%.2f" : x < 100 ? "%.1f" : "%.0f", x);
  }
}
