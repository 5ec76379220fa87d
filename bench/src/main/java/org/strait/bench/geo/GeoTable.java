package org.strait.bench.geo;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.strait.bench.run.Table;

/// Rows for people.
final class GeoTable {
  private static final String FORMAT = "%-12s %-9s %3s  %-12s %9s %12s %9s %9s %6s %9s  %s";

  private GeoTable() {}

  /// A heading and a line for each row, blank lines between cases.
  static List<String> of(List<GeoRow> rows) {
    List<String> lines = new ArrayList<>();
    lines.add(
        String.format(
            FORMAT,
            "set",
            "rows lie",
            "DCs",
            "solver",
            "gap",
            "WAN bytes",
            "vectors",
            "time",
            "steps",
            "rows sent",
            "ended"));
    GeoRow before = null;
    for (GeoRow row : rows) {
      if (before != null && !before.name().equals(row.name())) {
        lines.add("");
      }
      lines.add(line(row));
      before = row;
    }
    return lines;
  }

  /// One row.
  static String line(GeoRow row) {
    return String.format(
        Locale.ROOT,
        FORMAT,
        row.set(),
        row.partition(),
        row.dcs(),
        row.solver(),
        String.format(Locale.ROOT, "%.1e", row.gap()),
        String.format(Locale.ROOT, "%,d", row.bytes()),
        String.format(Locale.ROOT, "%.2f", row.vectors()),
        Table.time(row.seconds()),
        row.rounds(),
        row.rowsSent(),
        row.reached() ? "reached" : "NOT REACHED: " + row.reason());
  }
}
