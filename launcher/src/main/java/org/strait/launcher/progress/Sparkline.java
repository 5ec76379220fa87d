package org.strait.launcher.progress;

import java.util.List;

/// A curve in one line of text.
final class Sparkline {
  private static final String BARS = "▁▂▃▄▅▆▇█";

  private Sparkline() {}

  /// The values as bars, at most `width` of them: evenly picked, the last always among them.
  static String of(List<Double> values, int width) {
    if (values.isEmpty() || width < 1) {
      return "";
    }
    int n = Math.min(width, values.size());
    double low = values.stream().mapToDouble(v -> v).min().orElse(0);
    double high = values.stream().mapToDouble(v -> v).max().orElse(0);
    StringBuilder text = new StringBuilder();
    for (int i = 0; i < n; i++) {
      int at = n == 1 ? values.size() - 1 : (int) ((long) i * (values.size() - 1) / (n - 1));
      double share = high > low ? (values.get(at) - low) / (high - low) : 0;
      text.append(BARS.charAt((int) Math.round(share * (BARS.length() - 1))));
    }
    return text.toString();
  }
}
