package org.strait.engine.solver;

import org.strait.memory.Doubles;

/// A convex function of n weights with two derivatives, the second at least in one direction at a
/// time. Every rank calls the same methods in the same order with the same bits and gets the same
/// bits. Allocates nothing after construction.
public interface Objective {
  /// Relative rounding error of a value.
  double NOISE = 2e-14;

  /// Number of weights.
  long length();

  /// How many weights, from the first on, penalties apply to: all, or all but an intercept.
  long penalised();

  /// Value and gradient at {@code weights}. Modified: gradient.
  double evaluate(Doubles weights, Doubles gradient);

  /// The value alone, which needs no vector of other ranks.
  double value(Doubles weights);

  /// Makes the point of the last {@link #evaluate} the one that curvature is measured at.
  void accept();

  /// product ← H·vector with the Hessian H at the accepted point. Modified: product.
  void curvatureProduct(Doubles vector, Doubles product);

  /// The diagonal of the Hessian at the accepted point. Modified: diagonal.
  void diagonal(Doubles diagonal);

  /// Strong convexity that is known: the minimum is at least value - |gradient|²/(2·this) away. 0
  /// if none is.
  double convexity();

  /// The relative distance to the minimum that {@link #convexity} allows where the value is f;
  /// infinite if none is known.
  ///
  /// @param gradient there, or a subgradient
  default double gapBound(Doubles gradient, double f) {
    return convexity() > 0
        ? Vectors.dot(gradient, gradient) / (2 * convexity()) / Math.abs(f)
        : Double.POSITIVE_INFINITY;
  }
}
