package org.strait.kernels;

import org.strait.memory.Floats;

/// Losses of a margin m = x·w and a label y, with their derivatives with respect to m. Values are
/// minimised. Every operation returns Σ_r loss(m_r, y_r) in float64 and overwrites {@code
/// derivatives} with dloss/dm in float32; derivatives may be the same run as margins. A row's loss
/// and derivative may be computed in float32: they are within 8·2^-24 of their exact size, or
/// within 2^-124 of zero. Modified: derivatives.
public interface LossOps {
  /// log(1 + exp(-y·m)) with y in {-1, +1}; exact for large |m| (no overflow).
  double logistic(Floats margins, Floats labels, Floats derivatives);

  /// max(0, 1 - y·m)² with y in {-1, +1}.
  double squaredHinge(Floats margins, Floats labels, Floats derivatives);

  /// (m - y)²/2 with any real y.
  double squared(Floats margins, Floats labels, Floats derivatives);
}
