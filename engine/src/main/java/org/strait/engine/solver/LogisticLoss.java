package org.strait.engine.solver;

import org.strait.memory.Doubles;
import org.strait.memory.Floats;

/// log(1 + exp(-y·m)) with y in {-1, +1}.
final class LogisticLoss implements ConvexLoss {
  /// Below this e, log(1 + e) is its series to the fourth power of e.
  private static final double SMALL = 1e-4;

  @Override
  public double apply(Doubles margins, Floats labels, Doubles curvatures, long from, long to) {
    double sum = 0;
    for (long r = from; r < to; r++) {
      double y = labels.get(r);
      double z = y * margins.get(r);
      double e = Math.exp(-Math.abs(z));
      double right = 1 / (1 + e);
      double other = e * right;
      sum += Math.max(-z, 0) + log1p(e);
      margins.set(r, -y * (z >= 0 ? other : right));
      curvatures.set(r, right * other);
    }
    return sum;
  }

  @Override
  public double sum(Doubles margins, Floats labels, long from, long to) {
    double sum = 0;
    for (long r = from; r < to; r++) {
      double z = labels.get(r) * margins.get(r);
      sum += Math.max(-z, 0) + log1p(Math.exp(-Math.abs(z)));
    }
    return sum;
  }

  /// Math.log1p takes three times as long.
  private static double log1p(double e) {
    return e < SMALL ? e * (1 - e * (0.5 - e * (1.0 / 3 - e * 0.25))) : Math.log(1 + e);
  }

  @Override
  public double halfway() {
    return 0.5;
  }
}
