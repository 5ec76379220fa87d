package org.strait.kernels;

import org.strait.memory.Floats;

/// A loss of margins and labels over a range of rows: one of the operations of {@link LossOps}, as
/// the fused operations of {@link DenseOps} and {@link SparseOps} call it for each block of rows.
@FunctionalInterface
public interface RowLoss {
  /// Returns Σ loss(margins(r), labels(r)) over from ≤ r < to in float64 and overwrites
  /// derivatives(r) with dloss/dm; derivatives may be the same run as margins. Modified:
  /// derivatives.
  double apply(Floats margins, Floats labels, Floats derivatives, long from, long to);
}
