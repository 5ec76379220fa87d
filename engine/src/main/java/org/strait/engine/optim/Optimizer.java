package org.strait.engine.optim;

import org.strait.memory.Floats;

/// Minimises an objective from its values and gradients. The caller measures both at {@code
/// weights}, then calls {@link #observe}; if it goes on, {@link #advance} moves the weights to the
/// next point to measure; when it stops, {@link #settle} leaves the best point known.
/// Deterministic: same calls, same bits, on every replica. Allocates nothing after construction.
public interface Optimizer {
  /// Name and settings as written in the run record.
  String name();

  /// Takes the objective and its gradient at {@code weights}. Not modified: gradient, weights.
  ///
  /// @param objective mean loss plus regularisation, to be minimised; may be infinite or NaN after
  ///     a bad step
  /// @param gradient direction in which the objective increases
  void observe(double objective, Floats gradient, Floats weights);

  /// Moves to the next point to measure. Modified: weights.
  void advance(Floats weights);

  /// Puts back the point whose objective {@link #objective} returns. Modified: weights.
  void settle(Floats weights);

  /// Objective of the best point accepted so far; NaN before the first {@link #observe}.
  double objective();

  /// Norm of the gradient there, in the optimiser's metric: what an error in the gradient should be
  /// small against. NaN before the first {@link #observe}, or if the optimiser has no use for it.
  double gradientNorm();

  /// Whether the estimated relative distance to the minimum is at most {@code tolerance}. An
  /// estimate, not a bound.
  boolean converged(double tolerance);
}
