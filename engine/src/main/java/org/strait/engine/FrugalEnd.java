package org.strait.engine;

/// How a frugal training ended, the same in all ranks.
///
/// @param code why; see {@link #reason}
/// @param objective exact, at the weights that are left
/// @param penalty part of it
/// @param provenGap relative, before weights were rounded
/// @param hub name of the hub
/// @param converged whether what was asked for was reached
record FrugalEnd(
    int code, double objective, double penalty, double provenGap, String hub, boolean converged) {
  static final int TARGET = 1;
  static final int TOLERANCE = 2;
  static final int ROUNDS = 3;
  static final int PRECISION = 4;
  static final int DIVERGED = 5;
  static final int SEPARABLE = 6;

  /// No step leads on, and nothing proves that this is the minimum.
  static final int STALLED = 7;

  /// In the words of {@link TrainingReport}.
  String reason() {
    return switch (code) {
      case TARGET -> "target reached";
      case TOLERANCE -> "tolerance reached";
      case ROUNDS -> "round limit";
      case PRECISION -> "precision reached";
      case STALLED -> "no progress";
      default -> throw new IllegalStateException("end " + code);
    };
  }

  /// Throws what ends a training without a model.
  static void check(int code, double objective) {
    if (code == DIVERGED) {
      throw new DivergedException(
          "the objective is " + objective + " at the start: scale the features");
    }
    if (code == SEPARABLE) {
      throw new DivergedException(
          "the rows are separable and l2 is 0: every row lies on its right side, so larger weights"
              + " are always better and there is no minimum; give --l2 a value above 0");
    }
  }
}
