package org.strait.launcher.report;

import java.util.List;
import java.util.Locale;
import java.util.function.DoubleFunction;

/// Measurements as one self-contained page of charts, both axes logarithmic, in the style of the
/// report.
public final class CurvesPage {
  /// A curve; one without points takes its colour and is not drawn. A chart has six at most.
  ///
  /// @param name for the legend
  /// @param x positions, above 0
  /// @param y values, above 0
  public record Curve(String name, List<Double> x, List<Double> y) {}

  /// A chart.
  ///
  /// @param title above it
  /// @param x what is along the x axis
  /// @param across a power of ten on the x axis to text
  /// @param y what is along the y axis
  /// @param format a power of ten on the y axis to text
  /// @param curves in the order of the legend
  public record Chart(
      String title,
      String x,
      DoubleFunction<String> across,
      String y,
      DoubleFunction<String> format,
      List<Curve> curves) {
    /// With bytes along the x axis.
    public Chart(
        String title, String x, String y, DoubleFunction<String> format, List<Curve> curves) {
      this(title, x, CurvesPage::bytes, y, format, curves);
    }
  }

  private CurvesPage() {}

  /// The page.
  public static String render(String title, String subtitle, List<Chart> charts) {
    StringBuilder html =
        new StringBuilder("<!doctype html><html lang=\"en\"><head><meta charset=\"utf-8\">")
            .append("<meta name=\"viewport\" content=\"width=device-width,initial-scale=1\">")
            .append("<meta name=\"color-scheme\" content=\"light dark\"><title>")
            .append(Html.text(title))
            .append("</title><style>")
            .append(HtmlReport.css())
            .append("</style></head><body class=\"curves\"><main><h1>")
            .append(Html.text(title))
            .append("</h1><p class=\"sub\">")
            .append(Html.text(subtitle))
            .append("</p>\n<div class=\"charts\">\n");
    for (Chart chart : charts) {
      if (chart.curves().stream().anyMatch(curve -> !curve.x().isEmpty())) {
        html.append(figure(chart));
      }
    }
    return html.append("</div></main></body></html>\n").toString();
  }

  private static String figure(Chart chart) {
    double[] xs =
        chart.curves().stream().flatMap(c -> c.x().stream()).mapToDouble(v -> v).toArray();
    double[] ys =
        chart.curves().stream().flatMap(c -> c.y().stream()).mapToDouble(v -> v).toArray();
    Axis x = Axis.over(xs, true, chart.x() + " (log)", chart.across());
    Axis y = Axis.over(ys, true, chart.y() + " (log)", chart.format());
    List<LineChart.Series> series =
        chart.curves().stream().map(c -> new LineChart.Series(c.name(), c.x(), c.y())).toList();
    return new LineChart(x, y, series).figure(chart.title());
  }

  /// A power of ten with a unit.
  private static String bytes(double v) {
    String[] units = {" B", " kB", " MB", " GB"};
    int unit = 0;
    double value = v;
    while (value >= 999.5 && unit < units.length - 1) {
      value /= 1000;
      unit++;
    }
    return String.format(Locale.ROOT, "%.0f%s", value, units[unit]);
  }
}
