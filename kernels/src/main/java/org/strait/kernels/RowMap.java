package org.strait.kernels;

import org.strait.memory.Doubles;

/// What {@link SparseOps#addMapped} does with the margins of a range of rows.
@FunctionalInterface
public interface RowMap {
  /// Replaces the margins from ≤ r < to by the rows' coefficients and returns a number that is
  /// summed over all ranges. Modified: margins, there.
  double apply(Doubles margins, long from, long to);
}
