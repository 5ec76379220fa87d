package org.strait.engine.adapt;

import java.util.function.Consumer;

/// That a run sets how finely its vectors travel as it goes.
///
/// @param controller chooses
/// @param every rounds between two samples, at least 1
/// @param bound how far the mean may be from the dense one, relative to it, before the guard backs
///     off; NaN for no guard, and no dense reference
/// @param leastPeriod fewest local steps between two rounds; 1 where there are none
/// @param mostPeriod most; the same if the period is fixed
/// @param listener told of every sample, in gateways
public record Adapt(
    Controller controller,
    int every,
    double bound,
    int leastPeriod,
    int mostPeriod,
    Consumer<Decision> listener) {
  /// Rounds between samples, where nobody says.
  public static final int EVERY = 8;

  /// The guard's bound, where nobody says.
  public static final double BOUND = 0.5;

  /// Checks the number.
  public Adapt {
    if (every < 1) {
      throw new IllegalArgumentException("samples every " + every + " rounds, must be at least 1");
    }
  }

  /// A fixed period, and nobody told.
  public static Adapt of(Controller controller, int every, double bound) {
    return new Adapt(controller, every, bound, 1, 1, decision -> {});
  }

  /// The same with a listener.
  public Adapt telling(Consumer<Decision> other) {
    return new Adapt(controller, every, bound, leastPeriod, mostPeriod, other);
  }

  /// The same with bounds of the period.
  public Adapt periods(int least, int most) {
    return new Adapt(controller, every, bound, least, most, listener);
  }
}
