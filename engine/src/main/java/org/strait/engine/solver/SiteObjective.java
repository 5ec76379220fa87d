package org.strait.engine.solver;

import org.strait.memory.Doubles;

/// An objective whose rows lie in several data centres (sites), each of which can measure the
/// curvature of its own rows without the others, and whose values along a line need scalars only.
/// All ranks of a site get the same bits.
public interface SiteObjective extends Objective {
  /// Number of data centres.
  int sites();

  /// product ← (sites·H' + l2)·vector with the Hessian H' of this site's part of the mean loss at
  /// the accepted point: the whole Hessian, if all sites had rows like these. Modified: product.
  void siteProduct(Doubles vector, Doubles product);

  /// The diagonal of the same matrix. Modified: diagonal.
  void siteDiagonal(Doubles diagonal);

  /// Replaces a vector by its mean over sites: one vector each way. Modified: vector.
  void average(Doubles vector);

  /// Prepares values along weights + t·direction.
  void line(Doubles weights, Doubles direction);

  /// The value at t on the prepared line: three scalars each way.
  double along(double t);

  /// The derivative by t where {@link #along} was asked last.
  double slope();

  /// The second derivative there.
  double bend();
}
