package org.strait.engine.compress;

import org.strait.kernels.CodecOps;
import org.strait.memory.Floats;

/// The door of every compressor: no NaN, no infinity, nothing too large for the code.
final class FiniteCheck {
  private FiniteCheck() {}

  /// Checks that every |x(i)| is at most {@code limit}.
  ///
  /// @throws IllegalArgumentException with index and value of the first element that is not
  static void check(CodecOps codec, String what, Floats x, float limit) {
    if (codec.maxAbs(x) <= limit) {
      return;
    }
    for (long i = 0; i < x.length(); i++) {
      float value = x.get(i);
      if (!(Math.abs(value) <= limit)) {
        throw new IllegalArgumentException(
            what + " element " + i + " of " + x.length() + " is " + value + reason(value, limit));
      }
    }
  }

  private static String reason(float value, float limit) {
    return Float.isFinite(value) ? ", more than " + limit + " in magnitude" : ", not a number sent";
  }
}
