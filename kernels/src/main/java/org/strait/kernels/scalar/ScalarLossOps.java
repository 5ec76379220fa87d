package org.strait.kernels.scalar;

import org.strait.kernels.Lengths;
import org.strait.kernels.LossOps;
import org.strait.memory.Floats;

/// Losses, row after row, computed in float64.
final class ScalarLossOps implements LossOps {
  @Override
  public double logistic(Floats margins, Floats labels, Floats derivatives) {
    checkRows(margins, labels, derivatives);
    double sum = 0;
    for (long r = 0; r < margins.length(); r++) {
      double label = labels.get(r);
      double z = label * margins.get(r);
      // exp of a number that is never positive cannot overflow: log(1 + exp(-z)) is
      // max(-z, 0) + log(1 + exp(-|z|)).
      double e = Math.exp(-Math.abs(z));
      sum += Math.max(-z, 0) + Math.log1p(e);
      derivatives.set(r, (float) (-label * (z >= 0 ? e : 1) / (1 + e)));
    }
    return sum;
  }

  @Override
  public double squaredHinge(Floats margins, Floats labels, Floats derivatives) {
    checkRows(margins, labels, derivatives);
    double sum = 0;
    for (long r = 0; r < margins.length(); r++) {
      double label = labels.get(r);
      double missing = Math.max(0, 1 - label * margins.get(r));
      sum += missing * missing;
      derivatives.set(r, (float) (-2 * label * missing));
    }
    return sum;
  }

  @Override
  public double squared(Floats margins, Floats labels, Floats derivatives) {
    checkRows(margins, labels, derivatives);
    double sum = 0;
    for (long r = 0; r < margins.length(); r++) {
      double difference = (double) margins.get(r) - labels.get(r);
      sum += difference * difference / 2;
      derivatives.set(r, (float) difference);
    }
    return sum;
  }

  private static void checkRows(Floats margins, Floats labels, Floats derivatives) {
    Lengths.check("labels", labels.length(), margins.length());
    Lengths.check("derivatives", derivatives.length(), margins.length());
  }
}
