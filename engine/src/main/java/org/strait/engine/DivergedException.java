package org.strait.engine;

/// Training left the numbers: the objective is infinite or not a number. The message says in which
/// round, and what to change.
public final class DivergedException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  DivergedException(String message) {
    super(message);
  }

  /// @param where for instance {@code round 7}
  /// @param ownLoss what this rank's rows gave
  /// @param saved round of the last checkpoint; 0 if there is none
  static DivergedException of(
      double objective, String where, double ownLoss, Session session, long saved) {
    String rows =
        Double.isFinite(ownLoss)
            ? "rank " + session.rank() + "'s own rows do not show it"
            : "rank " + session.rank() + "'s own rows show it";
    return new DivergedException(
        "the objective is "
            + objective
            + " in "
            + where
            + " ("
            + rows
            + "; "
            + (saved > 0 ? "the last checkpoint is of round " + saved : "no checkpoint was saved")
            + "): training diverged; lower the learning rate, or scale the features");
  }
}
