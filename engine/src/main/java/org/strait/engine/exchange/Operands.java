package org.strait.engine.exchange;

import org.strait.engine.compress.PayloadException;
import org.strait.memory.Doubles;
import org.strait.memory.Floats;

/// The door of every exchange.
final class Operands {
  private Operands() {}

  /// Checks what a caller hands to {@link Exchange#average}.
  static void check(long n, Floats vector, double weight, Doubles scalars) {
    if (vector.length() != n && vector.length() != 0) {
      throw new IllegalArgumentException(
          "vector has "
              + vector.length()
              + " floats; this exchange averages "
              + n
              + ", or 0 for scalars only");
    }
    if (!(weight >= 0 && weight <= Double.MAX_VALUE)) {
      throw new IllegalArgumentException(
          "weight is " + weight + ", expected at least 0 and finite");
    }
    if (scalars.length() > FrameLayout.MAX_SCALARS) {
      throw new IllegalArgumentException(
          scalars.length() + " scalars, at most " + FrameLayout.MAX_SCALARS + " fit in a round");
    }
  }

  /// Checks the sum of all weights of a round with a vector.
  static void checkTotal(long round, double total) {
    if (!(total > 0 && total <= Double.MAX_VALUE)) {
      throw new ExchangeException(
          "round "
              + round
              + ": the weights of all DCs add up to "
              + total
              + ", expected more than 0");
    }
  }

  /// What a DC sent that is no payload.
  ///
  /// @param what kind of message
  static ExchangeException undecodable(
      long round, String what, String name, PayloadException cause) {
    return new ExchangeException(
        "round "
            + round
            + ": cannot decode the "
            + what
            + " of "
            + name
            + ": "
            + cause.getMessage(),
        cause);
  }
}
