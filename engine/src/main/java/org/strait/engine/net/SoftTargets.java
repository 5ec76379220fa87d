package org.strait.engine.net;

import java.util.Arrays;
import java.util.List;
import org.strait.kernels.LossOps;
import org.strait.kernels.Matrix;
import org.strait.memory.Floats;

/// Softmax cross-entropy against what the class of a row means: a distribution over all classes q
/// and a weight v. Loss of a row: v·(logsumexp(s) - Σ q(k)·s(k)); its derivative: v·(p - q), p the
/// softmax of the scores s. With q = 1 for the class itself that is the usual one; {@code
/// smoothing} spreads a share evenly (Szegedy et al. 2016), {@code ordinal} spreads it by the
/// distance of grades, q ∝ exp(-|k - y| / spread) (Diaz & Marathe 2019).
final class SoftTargets {
  private final int classes;
  private final boolean plain;
  private final float[] weights;
  private final float[] targets;

  private SoftTargets(int classes, boolean plain, float[] weights, float[] targets) {
    this.classes = classes;
    this.plain = plain;
    this.weights = weights;
    this.targets = targets;
  }

  /// @param smoothing share that is spread evenly, from 0 to below 1
  /// @param ordinal spread of grades in grades; 0 if classes have no order
  /// @param classWeights one for each class, above 0; empty for 1
  static SoftTargets of(int classes, double smoothing, double ordinal, List<Double> classWeights) {
    if (!(smoothing >= 0 && smoothing < 1)) {
      throw new IllegalArgumentException(
          "label smoothing is " + smoothing + ", must be from 0 to below 1");
    }
    if (!(ordinal >= 0) || Double.isInfinite(ordinal)) {
      throw new IllegalArgumentException("ordinal spread is " + ordinal + ", must be at least 0");
    }
    if (!classWeights.isEmpty() && classWeights.size() != classes) {
      throw new IllegalArgumentException(
          classWeights.size() + " class weights for " + classes + " classes");
    }
    float[] weights = new float[classes];
    Arrays.fill(weights, 1);
    for (int k = 0; k < classWeights.size(); k++) {
      double weight = classWeights.get(k);
      if (!(weight > 0) || Double.isInfinite(weight)) {
        throw new IllegalArgumentException("class weight " + weight + ", must be above 0");
      }
      weights[k] = (float) weight;
    }
    float[] targets = new float[classes * classes];
    for (int y = 0; y < classes; y++) {
      double sum = 0;
      for (int k = 0; k < classes; k++) {
        sum += near(y, k, ordinal);
      }
      for (int k = 0; k < classes; k++) {
        targets[y * classes + k] =
            (float) ((1 - smoothing) * near(y, k, ordinal) / sum + smoothing / classes);
      }
    }
    boolean plain = smoothing == 0 && ordinal == 0 && classWeights.isEmpty();
    return new SoftTargets(classes, plain, weights, targets);
  }

  private static double near(int y, int k, double ordinal) {
    return y == k ? 1 : ordinal == 0 ? 0 : StrictMath.exp(-Math.abs(y - k) / ordinal);
  }

  /// Returns Σ loss over all rows of the scores. Modified: derivatives.
  ///
  /// @param labels numbers of classes, one for each row
  /// @param counts how much each row counts; null for 1
  double loss(Matrix scores, Floats labels, Floats counts, Matrix derivatives, LossOps ops) {
    if (plain && counts == null) {
      return ops.softmax(scores, labels, derivatives);
    }
    double loss = 0;
    for (int r = 0; r < scores.rows(); r++) {
      float count = counts == null ? 1 : counts.get(r);
      loss += row(r, count, scores, labels, derivatives, ops);
    }
    return loss;
  }

  private double row(
      int r, float count, Matrix scores, Floats labels, Matrix derivatives, LossOps ops) {
    int y = (int) labels.get(r);
    float weight = count * weights[y];
    double loss = ops.softmax(scores, labels, derivatives, r, r + 1);
    long score = (long) r * scores.stride();
    long derivative = (long) r * derivatives.stride();
    loss += scores.values().get(score + y);
    for (int k = 0; k < classes; k++) {
      float q = targets[y * classes + k];
      loss -= (double) q * scores.values().get(score + k);
      float slope = derivatives.values().get(derivative + k) + (k == y ? 1 - q : -q);
      derivatives.values().set(derivative + k, weight * slope);
    }
    return weight * loss;
  }
}
