package org.strait.engine.model;

import org.strait.kernels.LossOps;
import org.strait.memory.Floats;

/// One of the operations of {@link LossOps}: Σ loss over rows [from, to); overwrites derivatives
/// there.
@FunctionalInterface
interface MarginLoss {
  double lossAndDerivatives(
      LossOps ops, Floats margins, Floats labels, Floats derivatives, long from, long to);

  /// Second derivative of the same loss with respect to the margin.
  @FunctionalInterface
  interface Curvature {
    /// Second derivative at a point with this slope.
    ///
    /// @param slope magnitude of the first derivative, which decides it for the losses we have
    float at(float slope);
  }
}
