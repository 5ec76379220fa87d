package org.strait.bench.geo;

import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.function.ToDoubleFunction;
import org.strait.bench.run.Table;
import org.strait.launcher.report.CurvesPage;
import org.strait.launcher.report.CurvesPage.Chart;
import org.strait.launcher.report.CurvesPage.Curve;

/// The page of charts: the distance to the optimum against bytes and against time, two charts for
/// each case.
final class GeoCharts {
  /// Below this a distance is rounding, and not drawn.
  private static final double LEAST_GAP = 1e-12;

  private GeoCharts() {}

  static String page(List<GeoRow> rows, List<String> solvers, double gap, String links) {
    Set<String> cases = new LinkedHashSet<>();
    rows.forEach(row -> cases.add(row.name()));
    List<Chart> charts = new ArrayList<>();
    for (String name : cases) {
      List<GeoRow> own = rows.stream().filter(row -> row.name().equals(name)).toList();
      charts.add(
          new Chart(
              name,
              "bytes between data centres",
              "relative distance to the optimum",
              GeoCharts::power,
              curves(own, solvers, point -> (double) point.bytes())));
      charts.add(
          new Chart(
              name + ": time",
              "time",
              Table::time,
              "relative distance to the optimum",
              GeoCharts::power,
              curves(own, solvers, GeoRow.Point::seconds)));
    }
    return CurvesPage.render(
        "strait bench geo",
        String.format(
            Locale.ROOT,
            "Logistic regression to a relative distance of %.0e; bytes counted at the sockets, links %s"
                + " between all data centres",
            gap,
            links),
        charts);
  }

  private static List<Curve> curves(
      List<GeoRow> rows, List<String> solvers, ToDoubleFunction<GeoRow.Point> x) {
    List<Curve> curves = new ArrayList<>();
    for (String solver : solvers) {
      List<Double> across = new ArrayList<>();
      List<Double> up = new ArrayList<>();
      for (GeoRow row : rows) {
        for (GeoRow.Point point :
            row.solver().equals(solver) ? row.history() : List.<GeoRow.Point>of()) {
          double left = row.gap(point.objective());
          if (x.applyAsDouble(point) > 0 && left >= LEAST_GAP) {
            across.add(x.applyAsDouble(point));
            up.add(left);
          }
        }
      }
      curves.add(new Curve(solver, across, up));
    }
    return curves;
  }

  private static String power(double value) {
    return String.format(Locale.ROOT, "%.0e", value);
  }
}
