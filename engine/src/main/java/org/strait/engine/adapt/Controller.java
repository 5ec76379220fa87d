package org.strait.engine.adapt;

/// Chooses the setting of the next rounds. A function of its arguments alone: called with agreed
/// figures, it gives the same in all data centres. What it wants is still subject to the {@link
/// Guard}.
@FunctionalInterface
public interface Controller {
  /// The setting until the next sample.
  ///
  /// @param now setting of the rounds that the figures are about
  Setting next(Figures figures, Setting now, Setting.Bounds bounds);

  /// The setting of the first rounds.
  default Setting first(Setting.Bounds bounds) {
    return bounds.finest();
  }
}
