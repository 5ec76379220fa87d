package org.strait.kernels;

import org.strait.memory.Floats;

/// The inner loop of sparse rows that differs between backends, for a block of rows and one thread.
public interface RowLoops {
  /// Loads rows [from, to) into a block and computes margins(r) ← row r · weights for them on the
  /// way; the error is the one that {@link SparseOps} allows. Modified: block, margins from from to
  /// to.
  void margins(
      Csr rows, int from, int to, float[] weights, RowBlock block, Floats margins);
}
