package org.strait.engine.compress;

import org.strait.memory.Floats;

/// Euclidean norm for reports.
final class Norm {
  private Norm() {}

  /// Norm of x, added in float64 in four interleaved sums.
  static double of(Floats x) {
    int n = (int) x.length();
    double sum0 = 0;
    double sum1 = 0;
    double sum2 = 0;
    double sum3 = 0;
    int i = 0;
    for (; i + 4 <= n; i += 4) {
      double x0 = x.get(i);
      double x1 = x.get(i + 1);
      double x2 = x.get(i + 2);
      double x3 = x.get(i + 3);
      sum0 += x0 * x0;
      sum1 += x1 * x1;
      sum2 += x2 * x2;
      sum3 += x3 * x3;
    }
    for (; i < n; i++) {
      double x0 = x.get(i);
      sum0 += x0 * x0;
    }
    return Math.sqrt(sum0 + sum1 + (sum2 + sum3));
  }
}
