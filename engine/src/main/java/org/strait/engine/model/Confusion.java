package org.strait.engine.model;

/// How many rows of each class were taken for which.
public final class Confusion {
  /// Classes above which nobody looks at all pairs.
  public static final int MOST_CLASSES = 100;

  private final int classes;
  private final long[] counts;

  /// Of no rows.
  ///
  /// @param classes how many there are
  Confusion(int classes) {
    this.classes = classes;
    counts = new long[classes * classes];
  }

  /// How many classes there are.
  public int classes() {
    return classes;
  }

  /// Rows of one class that were taken for another, or for itself.
  public long count(int is, int taken) {
    return counts[is * classes + taken];
  }

  void add(int is, int taken) {
    counts[is * classes + taken]++;
  }
}
