package org.strait.engine.adapt;

/// Overrules a controller where what travels has become too coarse: when the mean of the rounds
/// since the last sample is further from the dense one than the bound, rounds go {@value #BACK}
/// rungs finer (or, at the finest, to half the period) at once, and not below until {@value #CALM}
/// samples in a row were good; then one rung lower is tried. So a setting that failed is tried
/// again, but seldom. Makes the same decisions in all data centres, since its figures are agreed.
public final class Guard {
  /// Numbers of {@link #numbers}.
  public static final int NUMBERS = 3;

  private static final int BACK = 2;
  private static final int CALM = 4;

  private final double bound;
  private final Setting.Bounds bounds;
  private int floor;
  private int ceiling;
  private int good;

  /// @param bound largest relative distance that is good enough; NaN for no guard
  /// @param bounds within which it may go
  public Guard(double bound, Setting.Bounds bounds) {
    if (!(bound > 0) && !Double.isNaN(bound)) {
      throw new IllegalArgumentException("the guard's bound is " + bound + ", must be above 0");
    }
    this.bound = bound;
    this.bounds = bounds;
    ceiling = bounds.mostPeriod();
  }

  /// Whether an error is too large.
  public boolean poor(double error) {
    return error > bound;
  }

  /// The setting of the next rounds.
  ///
  /// @param error of the rounds with the present setting, NaN if nobody knows
  /// @param wanted what the controller chose
  public Setting check(double error, Setting now, Setting wanted) {
    if (poor(error)) {
      good = 0;
      if (now.rung() < bounds.rungs() - 1) {
        floor = bounds.rung(now.rung() + BACK);
      } else {
        ceiling = bounds.period(now.period() / 2.0);
      }
    } else if (error <= bound && ++good >= CALM) {
      good = 0;
      floor = bounds.rung(floor - 1);
      ceiling = bounds.period(2.0 * ceiling);
    }
    return new Setting(Math.max(wanted.rung(), floor), Math.min(wanted.period(), ceiling));
  }

  /// State between samples.
  public double[] numbers() {
    return new double[] {floor, ceiling, good};
  }

  /// Takes over what {@link #numbers} said.
  public void restore(double[] values, int at) {
    floor = bounds.rung((int) values[at]);
    ceiling = bounds.period(values[at + 1]);
    good = (int) values[at + 2];
  }
}
