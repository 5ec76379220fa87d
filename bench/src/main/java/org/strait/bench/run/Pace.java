package org.strait.bench.run;

/// How long to measure.
///
/// @param boutSeconds time for the measured runs of a bout
/// @param warmSeconds least time for which a contender warms up
/// @param mostWarmSeconds most time, if its times do not settle
/// @param settleSeconds how long a contender runs before each timed run: threads that have rested
///     start on one core and move apart some milliseconds later
/// @param sampleSeconds least duration of a run; shorter calls are repeated
/// @param leastRuns least number of runs
/// @param mostRuns most runs
/// @param restNanos pause between contenders with more threads than one: threads of OpenMP and
///     OpenBLAS go on looking for work for 26 ms (2^26 cycles), on the cores of whoever is next
record Pace(
    double boutSeconds,
    double warmSeconds,
    double mostWarmSeconds,
    double settleSeconds,
    double sampleSeconds,
    int leastRuns,
    int mostRuns,
    long restNanos) {
  /// For figures.
  static final Pace FULL = new Pace(1.0, 0.25, 1.5, 40e-3, 4e-3, 7, 31, 30_000_000);

  /// For a check of results.
  static final Pace QUICK = new Pace(0, 0, 0, 0, 0, 3, 3, 0);
}
