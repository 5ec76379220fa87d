package org.strait.bench.train;

import java.io.IOException;

/// A program that makes a model from a file of rows.
interface Learner {
  /// Name in the rows.
  String who();

  /// Whether it is somebody else's.
  boolean peer();

  /// Threads that it uses.
  int threads();

  /// Settings of its stop rule, loosest first; the first that reaches the gap is measured.
  String[] tolerances();

  /// Trains.
  ///
  /// @param tolerance one of {@link #tolerances}
  /// @return how long the whole process took, and the objective of its model
  Result train(String tolerance) throws IOException;

  /// What a training took and reached.
  ///
  /// @param seconds of the whole process
  record Result(double seconds, double objective) {}
}
