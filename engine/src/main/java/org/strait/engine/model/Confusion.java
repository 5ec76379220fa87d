package org.strait.engine.model;

/// How many rows of each class were taken for which.
///
/// @param classes how many there are
/// @param counts rows of class k taken for class j at k·classes + j
public record Confusion(int classes, long[] counts) {
  /// Classes above which nobody looks at all pairs.
  public static final int MOST_CLASSES = 100;

  /// Rows of one class that were taken for another, or for itself.
  public long count(int is, int taken) {
    return counts[is * classes + taken];
  }
}
