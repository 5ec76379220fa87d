package org.strait.kernels.calibration;

/// What a kind of work costs on a backend.
///
/// @param warmUpSeconds processor time, compiler included, that the first calls take beyond what
///     they would take once compiled
/// @param nanosPerElement time of one element once compiled, on one thread
public record Cost(double warmUpSeconds, double nanosPerElement) {
  /// Checks the numbers.
  public Cost {
    if (!(warmUpSeconds >= 0 && nanosPerElement >= 0)
        || Double.isInfinite(warmUpSeconds + nanosPerElement)) {
      throw new IllegalArgumentException(
          "a cost of " + warmUpSeconds + " s and " + nanosPerElement + " ns per element");
    }
  }

  /// Seconds of so many elements, the first of them cold.
  ///
  /// @param threads that share the elements
  public double seconds(double elements, int threads) {
    return elements == 0 ? 0 : warmUpSeconds + elements * nanosPerElement * 1e-9 / threads;
  }
}
