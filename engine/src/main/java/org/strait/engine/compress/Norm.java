package org.strait.engine.compress;

import org.strait.kernels.CodecOps;
import org.strait.memory.Floats;

/// Euclidean norm for reports.
final class Norm {
  private Norm() {}

  /// Norm of x, added in float64.
  static double of(CodecOps codec, Floats x) {
    return Math.sqrt(codec.sumOfSquares(x, 0, x.length()));
  }
}
