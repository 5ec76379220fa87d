package org.strait.engine.adapt;

/// What a controller decides on.
///
/// @param rung how finely vectors travel: 0 is the compressor's coarsest setting
/// @param period local steps between two rounds; 1 where there are none
public record Setting(int rung, int period) {
  /// Between which settings a controller may choose.
  ///
  /// @param rungs number of the compressor's settings, at least 1
  /// @param leastPeriod at least 1
  /// @param mostPeriod at least leastPeriod; the same where the period is fixed
  public record Bounds(int rungs, int leastPeriod, int mostPeriod) {
    /// Checks the bounds.
    public Bounds {
      if (rungs < 1 || leastPeriod < 1 || mostPeriod < leastPeriod) {
        throw new IllegalArgumentException(
            rungs + " rungs and periods from " + leastPeriod + " to " + mostPeriod);
      }
    }

    /// The most exact setting.
    public Setting finest() {
      return new Setting(rungs - 1, leastPeriod);
    }

    /// The same number of steps, or the nearest allowed.
    int period(double wanted) {
      return (int) Math.clamp(Math.ceil(wanted), leastPeriod, mostPeriod);
    }

    /// The same rung, or the nearest there is.
    int rung(int wanted) {
      return Math.clamp(wanted, 0, rungs - 1);
    }
  }
}
