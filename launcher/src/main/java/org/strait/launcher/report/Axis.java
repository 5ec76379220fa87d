package org.strait.launcher.report;

import java.util.ArrayList;
import java.util.List;
import java.util.function.DoubleFunction;

/// One axis of a chart: values to positions, and ticks at round numbers.
///
/// @param low smallest value shown, above 0 on a logarithmic axis
/// @param high largest value shown
/// @param logarithmic whether equal distances are equal ratios
/// @param label what is shown, with its unit
/// @param format tick to text
record Axis(
    double low, double high, boolean logarithmic, String label, DoubleFunction<String> format) {

  /// An axis over values; logarithmic only if asked for and all values are positive. Flat data gets
  /// some room.
  static Axis over(
      double[] values, boolean logarithmic, String label, DoubleFunction<String> format) {
    double low = Double.POSITIVE_INFINITY;
    double high = Double.NEGATIVE_INFINITY;
    for (double v : values) {
      low = Math.min(low, v);
      high = Math.max(high, v);
    }
    if (!(low <= high)) {
      low = 0;
      high = 1;
    }
    boolean log = logarithmic && low > 0;
    if (low == high) {
      low = log ? low / 2 : low - Math.max(Math.abs(low) / 2, 0.5);
      high = log ? high * 2 : high + Math.max(Math.abs(high) / 2, 0.5);
    } else if (!log) {
      double room = (high - low) * 0.04;
      low = low >= 0 && low < (high - low) * 0.2 ? 0 : low - room;
      high += room;
    } else {
      double room = Math.pow(high / low, 0.04);
      low /= room;
      high *= room;
    }
    return new Axis(low, high, log, label, format);
  }

  /// Where a value lies: 0 at the low end, 1 at the high end.
  double share(double value) {
    return logarithmic
        ? Math.log(value / low) / Math.log(high / low)
        : (value - low) / (high - low);
  }

  /// About `wanted` round values inside the axis.
  List<Double> ticks(int wanted) {
    return logarithmic ? logarithmicTicks(wanted) : linearTicks(wanted);
  }

  private List<Double> linearTicks(int wanted) {
    double step = roundStep((high - low) / wanted);
    List<Double> ticks = new ArrayList<>();
    for (long i = (long) Math.ceil(low / step - 1e-9); i * step <= high + step * 1e-9; i++) {
      ticks.add(i * step);
    }
    return ticks;
  }

  private List<Double> logarithmicTicks(int wanted) {
    double decades = Math.log10(high / low);
    if (decades < 0.7) {
      return linearTicks(wanted);
    }
    int[] mantissas = decades > 2.5 ? new int[] {1} : new int[] {1, 2, 5};
    int every = (int) Math.max(1, Math.ceil(decades / wanted));
    List<Double> ticks = new ArrayList<>();
    for (int e = (int) Math.floor(Math.log10(low)); e <= Math.log10(high); e++) {
      for (int m : mantissas) {
        double tick = m * Math.pow(10, e);
        if (tick >= low && tick <= high && Math.floorMod(e, every) == 0) {
          ticks.add(tick);
        }
      }
    }
    return ticks;
  }

  /// The round number (1, 2, 2.5 or 5 times a power of ten) at or above a rough step.
  private static double roundStep(double rough) {
    double power = Math.pow(10, Math.floor(Math.log10(rough)));
    double lead = rough / power;
    double round = lead <= 1 ? 1 : lead <= 2 ? 2 : lead <= 2.5 ? 2.5 : lead <= 5 ? 5 : 10;
    return round * power;
  }
}
