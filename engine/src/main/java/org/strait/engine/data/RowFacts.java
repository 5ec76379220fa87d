package org.strait.engine.data;

import java.util.List;

/// What is known of rows besides their numbers.
///
/// @param shape of a row; null if features have no order
/// @param classes names of the labels 0, 1, …; empty if labels are numbers of their own
/// @param ids whose ratings they are, and of what; null if they are no ratings
public record RowFacts(RowShape shape, List<String> classes, RatingIds ids) {
  /// Nothing is known.
  static final RowFacts NONE = new RowFacts(null, List.of(), null);

  /// Copies the names.
  public RowFacts {
    classes = List.copyOf(classes);
  }

  static RowFacts of(RowShape shape) {
    return new RowFacts(shape, List.of(), null);
  }
}
