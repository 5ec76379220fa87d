package org.strait.bench.allreduce;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.strait.bench.run.Table;

/// Rows for people.
final class SumTable {
  private static final String FORMAT = "%-9s %-5s %-30s %9s %21s %8s %8s %7s %-22s %6s";

  private SumTable() {}

  /// A heading and a line for each row, blank lines between sizes.
  static List<String> of(List<SumRow> rows) {
    List<String> lines = new ArrayList<>();
    lines.add(
        String.format(
            FORMAT,
            "size",
            "ranks",
            "engine",
            "median",
            "10th - 90th pct",
            "alg GB/s",
            "bus GB/s",
            "× peer",
            "peer",
            "limit"));
    SumRow before = null;
    for (SumRow row : rows) {
      if (before != null && (before.bytes() != row.bytes() || before.ranks() != row.ranks())) {
        lines.add("");
      }
      lines.add(line(row));
      before = row;
    }
    return lines;
  }

  /// One row.
  static String line(SumRow row) {
    return String.format(
            FORMAT,
            Sizes.name(row.bytes()),
            row.ranks(),
            (row.peer() ? "  " : "") + row.who(),
            Table.time(row.timing().median()),
            Table.time(row.timing().low()) + " - " + Table.time(row.timing().high()),
            Table.figure(row.gbPerSecond()),
            Table.figure(row.busGbPerSecond()),
            row.ratio().isPresent()
                ? String.format(Locale.ROOT, "%.2f", row.ratio().getAsDouble())
                : "",
            row.rival(),
            row.shareOfLimit().isPresent()
                ? Math.round(100 * row.shareOfLimit().getAsDouble()) + " %"
                : "")
        .stripTrailing();
  }
}
