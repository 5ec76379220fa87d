package org.strait.engine.metrics;

/// Receives what each step measured, on the step's thread: implementations return quickly and do
/// not allocate, or hand over to another thread.
@FunctionalInterface
public interface Metrics {
  /// Takes one step's figures; the object is reused by the caller.
  void record(StepMetrics step);

  /// Drops everything.
  static Metrics none() {
    return step -> {};
  }
}
