package org.strait.engine.optim;

import java.util.Locale;

/// What every method of mini-batches has besides its rule.
///
/// @param schedule learning rate
/// @param clip longest gradient, by its norm over all parameters (Pascanu et al. 2013): a longer
///     one
///     is shortened to that; infinite for none
/// @param decay decoupled weight decay: each step first takes rate·decay of each weight away
///     (Loshchilov & Hutter 2019); unlike the penalty of the objective it is no part of the
/// gradient
public record StepSettings(Schedule schedule, double clip, double decay) {
  /// Checks ranges.
  public StepSettings {
    if (!(clip > 0)) {
      throw new IllegalArgumentException("gradients are clipped to " + clip + ", must be above 0");
    }
    if (!(decay >= 0) || Double.isInfinite(decay)) {
      throw new IllegalArgumentException("weight decay is " + decay + ", must be at least 0");
    }
  }

  /// A schedule and nothing else.
  public static StepSettings of(Schedule schedule) {
    return new StepSettings(schedule, Double.POSITIVE_INFINITY, 0);
  }

  @Override
  public String toString() {
    return schedule
        + (Double.isInfinite(clip) ? "" : String.format(Locale.ROOT, ", clip %.3g", clip))
        + (decay == 0 ? "" : String.format(Locale.ROOT, ", decay %.3g", decay));
  }
}
