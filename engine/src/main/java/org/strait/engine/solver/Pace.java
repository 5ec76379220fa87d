package org.strait.engine.solver;

/// How far a search that converges linearly still has to go, by what its last steps gained: gains
/// of two windows, the later r times the earlier, leave r/(1 - r) times the later. At least what
/// the last quarter of the steps gained, up to twenty of them.
final class Pace {
  private static final int WINDOW = 5;
  private static final int MOST = 20;
  private static final int LEAST = 3;
  private static final int PART = 4;

  /// No search is taken to be faster in the end than this.
  private static final double FASTEST = 0.3;

  private final double[] gains = new double[MOST];
  private long count;

  void gained(double gain) {
    gains[(int) (count % MOST)] = Math.max(0, gain);
    count++;
  }

  /// Relative distance to the minimum; infinite if too little is known.
  ///
  /// @param predicted by the next step's model
  double gap(double predicted, double objective) {
    if (count < LEAST) {
      return Double.POSITIVE_INFINITY;
    }
    int window = (int) Math.min(WINDOW, count / 2);
    double late = sum(count - window, window);
    double early = sum(count - 2L * window, window);
    double ratio = Math.max(FASTEST, early > 0 ? late / early : 1);
    double left = ratio < 1 ? late * ratio / (1 - ratio) : Double.POSITIVE_INFINITY;
    int last = (int) Math.max(LEAST, Math.min(MOST, count / PART));
    double recent = sum(count - last, last);
    return Math.max(predicted, Math.max(left, recent)) / Math.abs(objective);
  }

  private double sum(long from, int window) {
    double sum = 0;
    for (long i = from; i < from + window; i++) {
      sum += gains[(int) (i % MOST)];
    }
    return sum;
  }
}
