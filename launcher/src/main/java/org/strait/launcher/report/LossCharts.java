package org.strait.launcher.report;

import com.google.gson.JsonArray;
import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.function.DoubleFunction;
import java.util.stream.DoubleStream;
import org.strait.launcher.progress.Figures;

/// The objective against rounds, seconds and bytes, with the uncompressed reference where there is
/// one.
final class LossCharts {
  /// An axis becomes logarithmic when its values span more than this ratio.
  private static final double LOG_FROM_RATIO = 20;

  private final JsonArray main;
  private final JsonArray reference;

  LossCharts(JsonObject record) {
    main = record.getAsJsonArray("history");
    reference =
        record.has("reference") && record.getAsJsonObject("reference").has("history")
            ? record.getAsJsonObject("reference").getAsJsonArray("history")
            : new JsonArray();
  }

  boolean isEmpty() {
    return main.isEmpty();
  }

  /// All charts.
  String figures() {
    return chart(
            "Objective against WAN bytes",
            "wanBytes",
            "bytes sent between data centres",
            LossCharts::bytes,
            true)
        + chart("Objective against rounds", "round", "rounds", LossCharts::plain, false)
        + chart("Objective against time", "seconds", "seconds", LossCharts::plain, false);
  }

  private String chart(
      String title, String key, String label, DoubleFunction<String> format, boolean mayBeLog) {
    List<LineChart.Series> series = new ArrayList<>();
    series.add(series("strait", main, key));
    if (!reference.isEmpty()) {
      // The reference runs over links as they are: its seconds say what computing takes.
      String name =
          key.equals("seconds")
              ? "uncompressed reference, links not emulated"
              : "uncompressed reference";
      series.add(series(name, reference, key));
    }
    double[] xs =
        series.stream().flatMapToDouble(s -> s.x().stream().mapToDouble(v -> v)).toArray();
    double[] ys =
        series.stream().flatMapToDouble(s -> s.y().stream().mapToDouble(v -> v)).toArray();
    double[] positive = DoubleStream.of(xs).filter(v -> v > 0).toArray();
    boolean log = mayBeLog && ratio(positive) > LOG_FROM_RATIO;
    double[] finite = DoubleStream.of(ys).filter(Double::isFinite).toArray();
    Axis x = Axis.over(log ? positive : xs, log, label + (log ? " (log)" : ""), format);
    boolean logY = ratio(finite) > LOG_FROM_RATIO;
    Axis y = Axis.over(finite, logY, "objective" + (logY ? " (log)" : ""), LossCharts::plain);
    return new LineChart(x, y, series).figure(title);
  }

  private static double ratio(double[] values) {
    double low = DoubleStream.of(values).min().orElse(1);
    double high = DoubleStream.of(values).max().orElse(1);
    return low > 0 ? high / low : 1;
  }

  private static LineChart.Series series(String name, JsonArray history, String key) {
    List<Double> x = new ArrayList<>();
    List<Double> y = new ArrayList<>();
    for (JsonElement point : history) {
      x.add(number(point.getAsJsonObject().get(key)));
      y.add(number(point.getAsJsonObject().get("objective")));
    }
    return new LineChart.Series(name, x, y);
  }

  private static double number(JsonElement value) {
    return value == null || value.isJsonNull() ? Double.NaN : value.getAsDouble();
  }

  private static String bytes(double v) {
    return Figures.bytes(v).replaceFirst("(\\.[0-9]*?)0+ ", "$1 ").replace(". ", " ");
  }

  /// A number with as many digits as it needs, at most four significant.
  static String plain(double v) {
    if (v == 0) {
      return "0";
    }
    double size = Math.abs(v);
    if (size >= 1e5 || size < 1e-4) {
      return String.format(Locale.ROOT, "%.1e", v);
    }
    String text = String.format(Locale.ROOT, "%.4f", v);
    return text.replaceAll("\\.?0+$", "");
  }
}
