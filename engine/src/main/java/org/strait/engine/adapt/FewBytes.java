package org.strait.engine.adapt;

/// As coarse as the guard allows: begins at the coarse bound with the longest period and goes one
/// rung down, or to twice the period, after every sample; the guard holds it where the mean is
/// good. Looks at no clock, so a run repeats bit for bit.
record FewBytes(String name) implements Controller {
  FewBytes {
    if (!name.equals("bytes")) {
      throw Controllers.unknown(name);
    }
  }

  @Override
  public Setting first(Setting.Bounds bounds) {
    return new Setting(0, bounds.mostPeriod());
  }

  @Override
  public Setting next(Figures figures, Setting now, Setting.Bounds bounds) {
    return new Setting(bounds.rung(now.rung() - 1), bounds.period(2.0 * now.period()));
  }
}
