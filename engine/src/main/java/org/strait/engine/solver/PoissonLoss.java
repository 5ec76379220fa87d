package org.strait.engine.solver;

import org.strait.memory.Doubles;
import org.strait.memory.Floats;

/// exp(m) - y·m with counts y ≥ 0: the negative log-likelihood of a Poisson variable with mean
/// exp(m), less log(y!), which does not depend on the weights.
final class PoissonLoss implements ConvexLoss {
  @Override
  public double apply(Doubles margins, Floats labels, Doubles curvatures, long from, long to) {
    double sum = 0;
    for (long r = from; r < to; r++) {
      double m = margins.get(r);
      double mean = Math.exp(m);
      sum += mean - labels.get(r) * m;
      margins.set(r, mean - labels.get(r));
      curvatures.set(r, mean);
    }
    return sum;
  }

  @Override
  public double sum(Doubles margins, Floats labels, long from, long to) {
    double sum = 0;
    for (long r = from; r < to; r++) {
      sum += Math.exp(margins.get(r)) - labels.get(r) * margins.get(r);
    }
    return sum;
  }

  @Override
  public String wrong(float label) {
    return label >= 0 && Float.isFinite(label) ? "" : "expected a count, at least 0";
  }
}
