package org.strait.engine.solver;

import org.strait.memory.Doubles;

/// Minimises an objective. Deterministic: the same objective and weights give the same bits on
/// every rank. Allocates nothing per step.
public interface Solver {
  /// Why a solver stopped.
  enum End {
    /// The watch said so.
    WATCH,
    /// No step lowers the objective by more than its rounding error: the minimum as far as float64
    /// knows.
    PRECISION,
    /// Its steps no longer lower the objective although it is not at the minimum.
    STALLED
  }

  /// Who decides whether to go on.
  @FunctionalInterface
  interface Watch {
    /// Called at the start and after every step, with the objective at the weights so far.
    ///
    /// @param gap estimated relative distance to the minimum; infinite if not known yet
    /// @return whether to go on
    boolean more(double objective, double gap);
  }

  /// Name and settings as written in the run record.
  String name();

  /// Lowers the objective from {@code weights} on until the watch or the precision ends it, and
  /// leaves the best point. Modified: weights.
  End minimise(Objective objective, Doubles weights, Watch watch);
}
