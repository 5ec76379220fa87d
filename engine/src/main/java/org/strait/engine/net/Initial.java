package org.strait.engine.net;

import org.strait.engine.data.Draws;
import org.strait.memory.Floats;

/// What weights begin with.
final class Initial {
  private Initial() {}

  /// Uniform in ±√(6 / fan): variance 2 / fan, as He et al. 2015 have it for inputs of a ReLU; with
  /// the sum of inputs and outputs as fan it is that of Glorot & Bengio 2010 (Xavier).
  static void uniform(Floats weights, int fan, Draws draws) {
    double bound = Math.sqrt(6.0 / fan);
    for (long i = 0; i < weights.length(); i++) {
      weights.set(i, (float) (bound * (2 * draws.unit() - 1)));
    }
  }
}
