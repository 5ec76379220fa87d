package org.strait.engine.solver;

import org.strait.memory.Doubles;
import org.strait.memory.Floats;

/// max(0, 1 - y·m)² with y in {-1, +1}.
final class SquaredHingeLoss implements ConvexLoss {
  @Override
  public double apply(Doubles margins, Floats labels, Doubles curvatures, long from, long to) {
    double sum = 0;
    for (long r = from; r < to; r++) {
      double y = labels.get(r);
      double lack = Math.max(0, 1 - y * margins.get(r));
      sum += lack * lack;
      margins.set(r, -2 * y * lack);
      curvatures.set(r, lack > 0 ? 2 : 0);
    }
    return sum;
  }

  @Override
  public double sum(Doubles margins, Floats labels, long from, long to) {
    double sum = 0;
    for (long r = from; r < to; r++) {
      double lack = Math.max(0, 1 - labels.get(r) * margins.get(r));
      sum += lack * lack;
    }
    return sum;
  }
}
