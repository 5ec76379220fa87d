package org.strait.engine.solver;

import org.strait.engine.data.Dataset;
import org.strait.memory.Doubles;
import org.strait.memory.Floats;

/// Cross-entropy of the softmax: logsumexp(s) - s(y), with the largest score subtracted first.
/// Derivatives are p - [k = y], second ones diag(p) - p·pᵀ; what it keeps of a point is p.
final class SoftmaxLoss implements ClassLoss {
  /// Probabilities that are nearer to each other than this are alike.
  private static final double TIE = 1e-12;

  private final Floats labels;
  private final Floats weights;
  private final int classes;

  SoftmaxLoss(Dataset rows, int classes) {
    labels = rows.labels();
    weights = rows.weights();
    this.classes = classes;
  }

  @Override
  public double apply(Doubles scores, Doubles state) {
    double total = 0;
    for (long r = 0; r < labels.length(); r++) {
      long row = r * classes;
      int y = (int) labels.get(r);
      double largest = scores.get(row);
      for (int k = 1; k < classes; k++) {
        largest = Math.max(largest, scores.get(row + k));
      }
      double own = scores.get(row + y);
      double sum = 0;
      double others = 0;
      for (int k = 0; k < classes; k++) {
        double e = Math.exp(scores.get(row + k) - largest);
        state.set(row + k, e);
        sum += e;
        others += k == y ? 0 : e;
      }
      double weight = weight(r);
      // Where the class itself is the largest, log(1 + others) keeps what is left of the loss.
      total += weight * (own == largest ? Math.log1p(others) : Math.log(sum) + largest - own);
      for (int k = 0; k < classes; k++) {
        double p = state.get(row + k) / sum;
        state.set(row + k, p);
        scores.set(row + k, weight * (k == y ? -others / sum : p));
      }
    }
    return total;
  }

  @Override
  public void product(Doubles vectors, Doubles state) {
    for (long r = 0; r < labels.length(); r++) {
      long row = r * classes;
      double mean = 0;
      for (int k = 0; k < classes; k++) {
        mean += state.get(row + k) * vectors.get(row + k);
      }
      double weight = weight(r);
      for (int k = 0; k < classes; k++) {
        vectors.set(row + k, weight * state.get(row + k) * (vectors.get(row + k) - mean));
      }
    }
  }

  @Override
  public void diagonal(Doubles state, Doubles diagonal) {
    for (long r = 0; r < labels.length(); r++) {
      double weight = weight(r);
      for (long i = r * classes; i < (r + 1) * classes; i++) {
        diagonal.set(i, weight * state.get(i) * (1 - state.get(i)));
      }
    }
  }

  @Override
  public int problems() {
    return 1;
  }

  /// A row is right if its class has a larger probability than any other.
  @Override
  public void wrong(Doubles derivatives, Doubles wrong, int from) {
    double count = 0;
    for (long r = 0; r < labels.length(); r++) {
      double weight = weight(r);
      int y = (int) labels.get(r);
      double own = weight + derivatives.get(r * classes + y);
      boolean right = true;
      for (int k = 0; k < classes; k++) {
        right &= k == y || derivatives.get(r * classes + k) < own - TIE * weight;
      }
      count += right || weight == 0 ? 0 : 1;
    }
    wrong.set(from, count);
  }

  private double weight(long row) {
    return weights == null ? 1 : weights.get(row);
  }
}
