package org.strait.engine;

/// When a training stops, and what it minimises besides the loss.
///
/// @param l2 strength λ of the term λ/2·‖w‖²
/// @param maxRounds most rounds, at least 1
/// @param target stop as soon as the exact objective is at most this; NaN for none
/// @param tolerance stop when the optimiser estimates a relative gap of at most this; 0 for never
/// @param errorBudget θ: the part of the gradient that compression may hold back, relative to the
///     gradient's norm at the last
///     accepted point, both in the optimiser's metric
/// @param miniBatches whether a step sees only some rows; the objective over all rows is then
///     measured once, at the end
public record TrainingConfig(
    double l2,
    long maxRounds,
    double target,
    double tolerance,
    double errorBudget,
    boolean miniBatches) {
  /// θ of the measured default; see docs/algorithms.md.
  public static final double DEFAULT_ERROR_BUDGET = 0.2;

  /// Checks ranges.
  public TrainingConfig {
    if (!(l2 >= 0) || Double.isInfinite(l2)) {
      throw new IllegalArgumentException("l2 is " + l2 + ", must be at least 0");
    }
    if (maxRounds < 1) {
      throw new IllegalArgumentException("rounds is " + maxRounds + ", must be at least 1");
    }
    if (!(tolerance >= 0)) {
      throw new IllegalArgumentException("tolerance is " + tolerance + ", must be at least 0");
    }
    if (!(errorBudget > 0)) {
      throw new IllegalArgumentException("error budget is " + errorBudget + ", must be above 0");
    }
  }
}
