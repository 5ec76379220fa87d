package org.strait.engine.adapt;

/// Keeps the time of an exchange at a share of the time of computing before it. What a byte costs
/// is what the rounds took beyond the links' delay, or what the links' figures say, whichever is
/// more. First payloads get coarser, then periods longer; where there is time, the other way round.
/// Rungs are half an octave of bytes apart, so the rung wanted is two per octave away; at most
/// {@value #MOST} at once, for the next sample knows better.
///
/// @param share of the time of computing, above 0
record TimeShare(double share) implements Controller {
  /// Most rungs, and most halvings or doublings of the period times two, of one decision.
  private static final int MOST = 6;

  /// Within this factor of the goal nothing changes.
  private static final double NEAR = 1.25;

  TimeShare {
    if (!(share > 0 && share <= 1000)) {
      throw new IllegalArgumentException(
          "the exchange's share of the time of computing is "
              + share
              + ", must be in (0, 1000]; for example time:0.5");
    }
  }

  @Override
  public Setting next(Figures figures, Setting now, Setting.Bounds bounds) {
    double compute = figures.computeSeconds();
    if (!(compute > 0) || !(figures.payloadBytes() > 0)) {
      return now;
    }
    double delay = figures.delaySeconds();
    double measured = Math.max(0, figures.exchangeSeconds() - delay);
    double takes = Math.max(measured, figures.secondsPerByte() * figures.payloadBytes());
    double allowed = share * compute;
    double over = (delay + takes) / allowed;
    if (over <= NEAR && over >= 1 / NEAR) {
      return now;
    }
    return over > 1
        ? coarser(now, bounds, (allowed - delay) / takes, over)
        : finer(now, bounds, (allowed - delay) / takes, over);
  }

  /// @param room how often as many bytes would do; below 1, negative if the delay alone is too long
  private static Setting coarser(Setting now, Setting.Bounds bounds, double room, double over) {
    int down = room > 0 ? Math.min(MOST, (int) Math.ceil(2 * octaves(1 / room))) : MOST;
    if (now.rung() > 0) {
      return new Setting(bounds.rung(now.rung() - Math.max(1, down)), now.period());
    }
    return new Setting(0, bounds.period(now.period() * Math.min(over, 1 << (MOST / 2))));
  }

  /// @param room how often as many bytes would do; above 1
  private static Setting finer(Setting now, Setting.Bounds bounds, double room, double over) {
    if (now.period() > bounds.leastPeriod()) {
      return new Setting(
          now.rung(), bounds.period(now.period() * Math.max(over, 1.0 / (1 << (MOST / 2)))));
    }
    int up = (int) Math.min(MOST, 2 * octaves(room));
    return new Setting(bounds.rung(now.rung() + up), now.period());
  }

  private static double octaves(double ratio) {
    return StrictMath.log(ratio) / StrictMath.log(2);
  }
}
