package org.strait.engine.solver;

import org.strait.engine.data.Dataset;
import org.strait.memory.Doubles;
import org.strait.memory.Floats;
import org.strait.memory.HostMemory;

/// One against the rest: Σ_k loss(s(k), +1 if k is the row's class, else -1).
final class RestLoss implements ClassLoss {
  private final ConvexLoss loss;
  private final Floats signs;
  private final Floats weights;
  private final int classes;

  RestLoss(ConvexLoss loss, Dataset rows, int classes, HostMemory memory) {
    this.classes = classes;
    weights = rows.weights();
    this.loss = weights == null ? loss : new WeightedLoss(loss, weights, classes);
    signs = memory.floats((long) classes * rows.rows());
    signs.fill(-1);
    for (long r = 0; r < rows.rows(); r++) {
      signs.set(r * classes + (long) rows.labels().get(r), 1);
    }
  }

  @Override
  public double apply(Doubles scores, Doubles state) {
    return loss.apply(scores, signs, state, 0, signs.length());
  }

  @Override
  public void product(Doubles vectors, Doubles state) {
    for (long i = 0; i < signs.length(); i++) {
      vectors.set(i, state.get(i) * vectors.get(i));
    }
  }

  @Override
  public void diagonal(Doubles state, Doubles diagonal) {
    diagonal.copyFrom(state);
  }

  @Override
  public int problems() {
    return loss.halfway() > 0 ? classes : 0;
  }

  @Override
  public void wrong(Doubles derivatives, Doubles wrong, int from) {
    for (int k = 0; k < classes; k++) {
      wrong.set((long) from + k, 0);
    }
    for (long i = 0; i < signs.length(); i++) {
      double weight = weights == null ? 1 : weights.get(i / classes);
      if (weight > 0 && Math.abs(derivatives.get(i)) >= weight * loss.halfway()) {
        long at = from + i % classes;
        wrong.set(at, wrong.get(at) + 1);
      }
    }
  }
}
