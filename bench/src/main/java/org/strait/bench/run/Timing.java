package org.strait.bench.run;

import java.util.Arrays;

/// Seconds of one call over the runs.
///
/// @param median of the runs
/// @param low 10th percentile
/// @param high 90th percentile
public record Timing(double median, double low, double high) {
  /// Of at least one run; nearest ranks.
  public static Timing of(double[] seconds) {
    double[] sorted = seconds.clone();
    Arrays.sort(sorted);
    int last = sorted.length - 1;
    double middle = (sorted[last / 2] + sorted[(last + 1) / 2]) / 2;
    return new Timing(
        middle, sorted[(int) Math.round(0.1 * last)], sorted[(int) Math.round(0.9 * last)]);
  }
}
