package org.strait.bench.allreduce;

/// How long to measure.
///
/// @param firstWarmSeconds time for which a contestant warms up at its first size
/// @param warmSeconds the same at each later one
/// @param turnSeconds about how long a turn lasts, filling and checking included
/// @param settleSeconds of calls that a turn begins with, not timed: processes that have waited
///     start on one core and move apart some milliseconds later
/// @param boutSeconds about how long a contestant's turns at a size last together
/// @param leastTurns at a size
/// @param mostTurns likewise
/// @param mostCalls in a turn
/// @param mostRests tenths of a second to wait for ranks that still compile
record SumPace(
    double firstWarmSeconds,
    double warmSeconds,
    double turnSeconds,
    double settleSeconds,
    double boutSeconds,
    int leastTurns,
    int mostTurns,
    int mostCalls,
    int mostRests) {
  /// For figures.
  static final SumPace FULL = new SumPace(2.0, 0.12, 0.035, 0.006, 1.0, 3, 9, 1000, 20);

  /// For a check of results.
  static final SumPace QUICK = new SumPace(0, 0, 0, 0, 0, 3, 3, 1, 0);
}
