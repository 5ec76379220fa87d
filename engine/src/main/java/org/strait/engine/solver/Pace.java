package org.strait.engine.solver;

/// How far a search that converges linearly still has to go, by what its last steps gained: gains
/// of two windows, the later r times the earlier, leave r/(1 - r) times the later.
final class Pace {
  private static final int WINDOW = 5;

  /// No search is taken to be faster in the end than this.
  private static final double FASTEST = 0.3;

  private final double[] gains = new double[2 * WINDOW];
  private long count;

  void gained(double gain) {
    gains[(int) (count % gains.length)] = Math.max(0, gain);
    count++;
  }

  /// Relative distance to the minimum; infinite if too little is known.
  ///
  /// @param predicted by the next step's model
  double gap(double predicted, double objective) {
    if (count < 2) {
      return Double.POSITIVE_INFINITY;
    }
    int window = (int) Math.min(WINDOW, count / 2);
    double late = sum(count - window, window);
    double early = sum(count - 2L * window, window);
    double ratio = Math.max(FASTEST, early > 0 ? late / early : 1);
    double left = ratio < 1 ? late * ratio / (1 - ratio) : Double.POSITIVE_INFINITY;
    return Math.max(predicted, left) / Math.abs(objective);
  }

  private double sum(long from, int window) {
    double sum = 0;
    for (long i = from; i < from + window; i++) {
      sum += gains[(int) (i % gains.length)];
    }
    return sum;
  }
}
