package org.strait.engine.optim;

import java.util.Locale;

/// Learning rate by step: {@code rate} for {@code decayAfter} steps, then falling as
/// rate·√(decayAfter/step).
///
/// @param rate first learning rate, above 0
/// @param decayAfter steps before the decay; Long.MAX_VALUE for a constant rate
public record Schedule(double rate, long decayAfter) {
  /// Checks the rate.
  public Schedule {
    if (!(rate > 0) || Double.isInfinite(rate)) {
      throw new IllegalArgumentException("learning rate is " + rate + ", must be above 0");
    }
    if (decayAfter < 1) {
      throw new IllegalArgumentException(
          "decay starts after " + decayAfter + " steps, must be at least 1");
    }
  }

  /// The same rate for ever.
  public static Schedule constant(double rate) {
    return new Schedule(rate, Long.MAX_VALUE);
  }

  /// Rate of a step, counted from 0.
  public double rate(long step) {
    return step < decayAfter ? rate : rate * Math.sqrt((double) decayAfter / (step + 1));
  }

  @Override
  public String toString() {
    return decayAfter == Long.MAX_VALUE
        ? String.format(Locale.ROOT, "rate %.3g", rate)
        : String.format(Locale.ROOT, "rate %.3g, 1/sqrt after %d", rate, decayAfter);
  }
}
