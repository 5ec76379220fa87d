package org.strait.launcher.report;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/// Curves over a common pair of axes, as inline SVG. Colours come from the page's style sheet:
/// series i has class `s` followed by i + 1.
final class LineChart {
  /// A curve.
  ///
  /// @param name for the legend
  /// @param x positions
  /// @param y values; points where either is not finite are left out
  record Series(String name, List<Double> x, List<Double> y) {}

  private static final int WIDTH = 560;
  private static final int HEIGHT = 300;
  private static final int LEFT = 70;
  private static final int RIGHT = 18;
  private static final int TOP = 14;
  private static final int BOTTOM = 50;

  private final Axis x;
  private final Axis y;
  private final List<Series> series;

  LineChart(Axis x, Axis y, List<Series> series) {
    this.x = x;
    this.y = y;
    this.series = List.copyOf(series);
  }

  /// The chart with its title and legend.
  String figure(String title) {
    StringBuilder html = new StringBuilder("<figure><figcaption>" + Html.text(title));
    html.append("</figcaption><div class=\"legend\">");
    for (int i = 0; i < series.size(); i++) {
      html.append("<span><i class=\"k s")
          .append(i + 1)
          .append("\"></i>")
          .append(Html.text(series.get(i).name()))
          .append("</span>");
    }
    html.append("</div>");
    svg(html, title);
    return html.append("</figure>\n").toString();
  }

  private void svg(StringBuilder svg, String title) {
    svg.append(
        String.format(
            "<svg viewBox=\"0 0 %d %d\" role=\"img\" aria-label=\"%s\">",
            WIDTH, HEIGHT, Html.text(title)));
    int bottom = HEIGHT - BOTTOM;
    for (double tick : y.ticks(5)) {
      double at = py(tick);
      line(svg, "grid", LEFT, at, WIDTH - RIGHT, at);
      text(svg, "tick end", LEFT - 8, at + 4, y.format().apply(tick));
    }
    double lastRight = Double.NEGATIVE_INFINITY;
    for (double tick : x.ticks(6)) {
      double at = px(tick);
      line(svg, "grid", at, TOP, at, bottom);
      String label = x.format().apply(tick);
      double half = label.length() * 5.0;
      if (at - half > lastRight + 6 && at + half <= WIDTH) {
        text(svg, "tick mid", at, bottom + 18, label);
        lastRight = at + half;
      }
    }
    line(svg, "axis", LEFT, bottom, WIDTH - RIGHT, bottom);
    line(svg, "axis", LEFT, TOP, LEFT, bottom);
    text(svg, "name mid", (LEFT + WIDTH - RIGHT) / 2.0, HEIGHT - 8, x.label());
    svg.append(
        String.format(
            Locale.ROOT,
            "<text class=\"name mid\" transform=\"translate(14 %.1f) rotate(-90)\">%s</text>",
            (TOP + bottom) / 2.0,
            Html.text(y.label())));
    for (int i = series.size() - 1; i >= 0; i--) {
      curve(svg, series.get(i), i + 1);
    }
    svg.append("</svg>");
  }

  private void curve(StringBuilder svg, Series s, int number) {
    List<double[]> points = new ArrayList<>();
    for (int i = 0; i < s.x().size(); i++) {
      boolean shown = Double.isFinite(s.x().get(i)) && Double.isFinite(s.y().get(i));
      if (shown
          && (!x.logarithmic() || s.x().get(i) > 0)
          && (!y.logarithmic() || s.y().get(i) > 0)) {
        points.add(new double[] {px(s.x().get(i)), py(s.y().get(i))});
      }
    }
    if (points.isEmpty()) {
      return;
    }
    StringBuilder path = new StringBuilder();
    for (double[] p : points) {
      path.append(
          String.format(Locale.ROOT, "%s%.1f %.1f", path.isEmpty() ? "M" : "L", p[0], p[1]));
    }
    svg.append("<path class=\"line s").append(number).append("\" d=\"").append(path).append("\"/>");
    double[] last = points.getLast();
    svg.append(
        String.format(
            Locale.ROOT,
            "<circle class=\"dot s%d\" cx=\"%.1f\" cy=\"%.1f\" r=\"4\"/>",
            number,
            last[0],
            last[1]));
  }

  private double px(double value) {
    return LEFT + x.share(value) * (WIDTH - RIGHT - LEFT);
  }

  private double py(double value) {
    return HEIGHT - BOTTOM - y.share(value) * (HEIGHT - BOTTOM - TOP);
  }

  private static void line(
      StringBuilder svg, String style, double x1, double y1, double x2, double y2) {
    svg.append(
        String.format(
            Locale.ROOT,
            "<line class=\"%s\" x1=\"%.1f\" y1=\"%.1f\" x2=\"%.1f\" y2=\"%.1f\"/>",
            style,
            x1,
            y1,
            x2,
            y2));
  }

  private static void text(StringBuilder svg, String style, double x, double y, String text) {
    svg.append(
        String.format(
            Locale.ROOT,
            "<text class=\"%s\" x=\"%.1f\" y=\"%.1f\">%s</text>",
            style,
            x,
            y,
            Html.text(text)));
  }
}
