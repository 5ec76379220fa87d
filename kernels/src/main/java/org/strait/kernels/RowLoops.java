package org.strait.kernels;

import org.strait.memory.Floats;

/// The inner loops of sparse rows that differ between backends, for a block of rows and one thread.
/// Some columns may stand apart from the entries: {@code dense} then holds the first {@value
/// #DENSE} columns of each row, zeros included, and is null otherwise.
public interface RowLoops {
  /// Columns that stand apart: a vector of 512 bits.
  int DENSE = 16;

  /// Loads the entries of rows [from, to) into a block and computes margins(r) ← row r · weights on
  /// the way; the error is the one that {@link SparseOps} allows. Modified: block, margins from
  /// from to to.
  void margins(
      Csr rows, Floats dense, int from, int to, float[] weights, RowBlock block, Floats margins);

  /// sums ← sums + Σ_r coefficients(r)·(dense columns of row r) over rows [from, to), ascending.
  /// Modified: the first {@value #DENSE} elements of sums.
  void addDense(Floats dense, int from, int to, Floats coefficients, float[] sums);
}
