package org.strait.engine.optim;

import java.util.Locale;

/// How a learning rate falls.
public sealed interface Decay {
  /// What the rate is multiplied with in a step, counted from 0.
  double factor(long step);

  /// √(after / step) from a step on.
  ///
  /// @param after steps before it; Long.MAX_VALUE for never
  record Root(long after) implements Decay {
    /// Checks the number.
    public Root {
      if (after < 1) {
        throw new IllegalArgumentException(
            "decay starts after " + after + " steps, must be at least 1");
      }
    }

    @Override
    public double factor(long step) {
      return step < after ? 1 : Math.sqrt((double) after / (step + 1));
    }

    @Override
    public String toString() {
      return after == Long.MAX_VALUE ? "" : ", 1/sqrt after " + after;
    }
  }

  /// Half a cosine from 1 to 0 over so many steps (Loshchilov & Hutter 2017), 0 afterwards.
  record Cosine(long steps) implements Decay {
    /// Checks the number.
    public Cosine {
      if (steps < 1) {
        throw new IllegalArgumentException("cosine over " + steps + " steps, must be at least 1");
      }
    }

    @Override
    public double factor(long step) {
      return step >= steps ? 0 : (1 + StrictMath.cos(Math.PI * step / steps)) / 2;
    }

    @Override
    public String toString() {
      return ", cosine over " + steps;
    }
  }

  /// Multiplied with a factor every so many steps.
  record Stairs(long every, double factor) implements Decay {
    /// Checks the numbers.
    public Stairs {
      if (every < 1 || !(factor > 0 && factor <= 1)) {
        throw new IllegalArgumentException(
            "times " + factor + " every " + every + " steps: needs a factor in (0, 1] and steps");
      }
    }

    @Override
    public double factor(long step) {
      return StrictMath.pow(factor, (double) Math.floorDiv(step, every));
    }

    @Override
    public String toString() {
      return String.format(Locale.ROOT, ", times %.3g every %d", factor, every);
    }
  }
}
