package org.strait.kernels;

/// The inner loops over a block of {@link RankedRows}, for one thread.
public interface SliceLoops {
  /// Loads the entries of a block and computes the margins of its rows on the way, in the order of
  /// the block; the error is the one that {@link SparseOps} allows. Modified: scratch.
  void margins(RankedRows rows, int block, float[] weights, SliceScratch scratch);

  /// sums ← sums + Σ coefficient·row over the rows of the block that is loaded. Coefficients stand
  /// in place of the margins. Modified: sums, scratch.
  void add(RankedRows rows, int block, SliceScratch scratch, float[] sums);
}
