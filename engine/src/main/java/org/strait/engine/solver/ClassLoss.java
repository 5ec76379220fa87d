package org.strait.engine.solver;

import org.strait.memory.Doubles;

/// A convex loss of the K scores of a row and its class, in float64, over the rows of a rank. Runs
/// of scores have K numbers for each row, side by side. Weights of rows are in all that it returns.
/// Get one from {@link ClassLosses}.
interface ClassLoss {
  /// Returns Σ loss over all rows, replaces scores by derivatives and leaves what {@link #product}
  /// and {@link #diagonal} need of this point. Modified: scores, state.
  double apply(Doubles scores, Doubles state);

  /// Replaces a vector of each row by its product with the row's second derivative. Modified:
  /// vectors.
  void product(Doubles vectors, Doubles state);

  /// The diagonals of the second derivatives. Modified: diagonal.
  void diagonal(Doubles state, Doubles diagonal);

  /// How many problems there are that have nothing to do with each other, each of which may have no
  /// minimum; 0 if all have one.
  int problems();

  /// Rows that are not on their right side by problem, judged by the derivatives. Modified: wrong,
  /// from an element on.
  void wrong(Doubles derivatives, Doubles wrong, int from);
}
