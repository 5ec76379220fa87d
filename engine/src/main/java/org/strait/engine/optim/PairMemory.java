package org.strait.engine.optim;

import java.util.List;
import org.strait.memory.Floats;

/// What L-BFGS knows around its base: the base with its gradient g, and pairs of a step s and the
/// change y of the gradient along it, newest first. Gives the direction u that follows from them.
interface PairMemory {
  /// The trial becomes the base. Not modified: gradient, weights.
  void rebase(Floats gradient, Floats weights);

  /// Takes the pair from the base to the trial, if its curvature is safely positive. Not modified:
  /// gradient, weights.
  void remember(Floats gradient, Floats weights);

  /// √(gᵀD⁻¹g) at the base.
  double baseNorm();

  /// Pairs that count.
  int pairs();

  /// No pair counts any more.
  void forget();

  /// As at first.
  void clear();

  /// Finds u; forgets the pairs if it would not lead downwards. Returns the slope −gᵀu.
  ///
  /// @param firstScale factor of D⁻¹g where there is no pair
  double findDirection(double firstScale);

  /// weights ← base − alpha·u, with alpha 0 exactly the base. Modified: weights.
  void move(double alpha, Floats weights);

  /// Pairs, slot of the newest and scale γ, then the rest in a fixed order.
  double[] numbers();

  /// Takes over {@link #numbers}.
  ///
  /// @throws IllegalArgumentException if they are not such numbers
  void restore(double[] numbers);

  /// Vectors behind the numbers.
  ///
  /// @param withBase whether there is a base
  List<Floats> memories(boolean withBase);
}
