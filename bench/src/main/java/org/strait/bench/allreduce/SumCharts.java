package org.strait.bench.allreduce;

import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.function.ToDoubleFunction;
import org.strait.launcher.report.CurvesPage;
import org.strait.launcher.report.CurvesPage.Chart;
import org.strait.launcher.report.CurvesPage.Curve;

/// Time and bus bandwidth over size: engines that use the host's memory in one chart, those over
/// sockets and messages in another, so that no chart has more than six curves.
final class SumCharts {
  private static final List<String> MEMORY =
      List.of(
          "strait shared-memory",
          "strait shared-memory, staged",
          "strait mpi-openmpi",
          "strait loopback",
          "C Open MPI shm",
          "C MPICH");
  private static final List<String> SOCKETS =
      List.of(
          "strait tcp",
          "strait unix",
          "strait mpj",
          "C Open MPI tcp",
          "Gloo",
          "MPJ Express Allreduce");

  private SumCharts() {}

  /// The page.
  static String page(List<SumRow> rows, String machine) {
    List<Chart> charts = new ArrayList<>();
    Set<Integer> ranks = new LinkedHashSet<>();
    rows.forEach(row -> ranks.add(row.ranks()));
    for (int n : ranks) {
      add(charts, rows, n, "Memory of one host", MEMORY);
      add(charts, rows, n, "Sockets and messages", SOCKETS);
    }
    return CurvesPage.render("strait bench allreduce", machine, charts);
  }

  private static void add(
      List<Chart> charts, List<SumRow> rows, int ranks, String title, List<String> names) {
    String where = title + ", " + ranks + " ranks: ";
    charts.add(
        new Chart(
            where + "time, median",
            "bytes of the vector",
            "time",
            SumCharts::time,
            curves(rows, ranks, names, row -> row.timing().median())));
    charts.add(
        new Chart(
            where + "bus bandwidth",
            "bytes of the vector",
            "GB/s",
            value -> new BigDecimal(String.format(Locale.ROOT, "%.0e", value)).toPlainString(),
            curves(rows, ranks, names, SumRow::busGbPerSecond)));
  }

  private static List<Curve> curves(
      List<SumRow> rows, int ranks, List<String> names, ToDoubleFunction<SumRow> value) {
    List<Curve> curves = new ArrayList<>();
    for (String name : names) {
      List<SumRow> own =
          rows.stream().filter(row -> row.ranks() == ranks && row.who().equals(name)).toList();
      curves.add(
          new Curve(
              name,
              own.stream().map(row -> (double) row.bytes()).toList(),
              own.stream().map(value::applyAsDouble).toList()));
    }
    return curves;
  }

  private static String time(double seconds) {
    String[] units = {" ns", " µs", " ms", " s"};
    int unit = 0;
    double value = seconds * 1e9;
    while (value > 999 && unit < units.length - 1) {
      value /= 1000;
      unit++;
    }
    return Math.round(value) + units[unit];
  }
}
