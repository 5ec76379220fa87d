package org.strait.engine.optim;

import org.strait.memory.Doubles;
import org.strait.memory.Floats;

/// What an optimiser must know of coordinates that live in one data centre each: sums over them,
/// which their owner knows before the exchange and which travel as scalars with the round's vector.
/// Everybody adds the sums over the coordinates that all have, and decides by the totals.
public interface OwnSums {
  /// Sums of the next round; the same in all DCs.
  int ownSums();

  /// Most of them in any round.
  int mostOwnSums();

  /// Measures this DC's part at a point, as {@link Optimizer#observe} will be told it. Modified:
  /// the first {@link #ownSums} of out.
  ///
  /// @param gradient of the local length; only own coordinates are read
  /// @param weights likewise
  void measureOwn(Floats gradient, Floats weights, Doubles out);

  /// Takes the sums over all DCs, between {@link #measureOwn} and {@link Optimizer#observe}.
  void takeOwn(Doubles sums);

  /// Σ w² over own coordinates of all DCs, at the point of the last {@link #takeOwn}.
  double ownWeightsSquared();

  /// The same at the point where {@link Optimizer#settle} goes back to.
  double settledOwnWeightsSquared();
}
