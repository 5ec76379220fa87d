package org.strait.engine.solver;

import org.strait.memory.Doubles;
import org.strait.memory.Ints;

/// Vectors as whole multiples of one step, with a dead zone around 0: uniform reconstruction with a
/// dead zone and entropy coding is within a tenth of a bit of the best there is for a Laplace
/// source (Sullivan 1996, "Efficient scalar quantization of exponential and Laplacian random
/// variables").
public final class Rounding {
  /// Added before rounding down: zeros are cheap, and small values the most frequent.
  private static final double UP = 0.4;

  private Rounding() {}

  /// numbers ← vector / step, rounded to within 0.6, with a step of {@code part} times the root
  /// mean square; returns the step, which is exactly a float32. It is 0 if that is no normal
  /// float32: then all numbers are 0. Modified: the first n of numbers.
  public static double round(Doubles vector, long n, double part, Ints numbers) {
    double sum = 0;
    for (long i = 0; i < n; i++) {
      sum += vector.get(i) * vector.get(i);
    }
    double step = (float) (part * Math.sqrt(sum / Math.max(1, n)));
    if (!(step >= Float.MIN_NORMAL && step <= Float.MAX_VALUE)) {
      step = 0;
    }
    for (long i = 0; i < n; i++) {
      double v = vector.get(i);
      int size = step == 0 ? 0 : (int) (Math.abs(v) / step + UP);
      numbers.set(i, v < 0 ? -size : size);
    }
    return step;
  }
}
