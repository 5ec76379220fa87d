package org.strait.engine.solver;

import org.strait.memory.Doubles;
import org.strait.memory.Floats;

/// d²/2 where |d| ≤ delta, delta·(|d| - delta/2) beyond, with d = m - y. An infinite delta makes it
/// the squared loss.
final class HuberLoss implements ConvexLoss {
  private final double delta;

  HuberLoss(double delta) {
    this.delta = delta;
  }

  @Override
  public double apply(Doubles margins, Floats labels, Doubles curvatures, long from, long to) {
    double sum = 0;
    for (long r = from; r < to; r++) {
      double d = margins.get(r) - labels.get(r);
      sum += loss(d);
      margins.set(r, Math.max(-delta, Math.min(delta, d)));
      curvatures.set(r, Math.abs(d) <= delta ? 1 : 0);
    }
    return sum;
  }

  @Override
  public double sum(Doubles margins, Floats labels, long from, long to) {
    double sum = 0;
    for (long r = from; r < to; r++) {
      sum += loss(margins.get(r) - labels.get(r));
    }
    return sum;
  }

  private double loss(double d) {
    double size = Math.abs(d);
    return size <= delta ? d * d / 2 : delta * (size - delta / 2);
  }
}
