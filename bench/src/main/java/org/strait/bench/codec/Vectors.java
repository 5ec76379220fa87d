package org.strait.bench.codec;

import java.util.random.RandomGenerator;
import java.util.random.RandomGeneratorFactory;
import org.strait.engine.data.ClickData;
import org.strait.engine.data.Dataset;
import org.strait.memory.Floats;
import org.strait.memory.HostMemory;

/// What is compressed: seeded numbers, and the gradient of a logistic model on generated clicks.
final class Vectors {
  /// Numbers drawn; longer runs repeat them.
  private static final long DRAWN = 1 << 22;

  private static final int CLICKS = 20_000;

  private Vectors() {}

  /// Standard normal numbers.
  static Floats normal(long n, HostMemory memory) {
    RandomGenerator draws = draws();
    Floats run = memory.floats(n);
    for (long i = 0; i < n; i++) {
      run.set(i, i < DRAWN ? (float) draws.nextGaussian() : run.get(i - DRAWN));
    }
    return run;
  }

  /// Laplace numbers of mean magnitude 1.
  static Floats laplace(long n, HostMemory memory) {
    RandomGenerator draws = draws();
    Floats run = memory.floats(n);
    for (long i = 0; i < n; i++) {
      double size = draws.nextExponential();
      run.set(i, i < DRAWN ? (float) (draws.nextBoolean() ? size : -size) : run.get(i - DRAWN));
    }
    return run;
  }

  /// The mean gradient at weights 0 of the logistic loss over generated clicks; few features occur
  /// in most rows, most in few, many in none.
  static Floats clicks(HostMemory memory) {
    Floats gradient = memory.floats(ClickData.FEATURES);
    try (HostMemory rows = memory.child("clicks")) {
      Dataset data = new ClickData(1).rows(0, 0, CLICKS, rows);
      for (int r = 0; r < data.rows(); r++) {
        float slope = (data.labels().get(r) > 0 ? -0.5f : 0.5f) / data.rows();
        long end = data.matrix().rowStart().get(r + 1);
        for (long e = data.matrix().rowStart().get(r); e < end; e++) {
          int feature = data.matrix().index().get(e);
          gradient.set(feature, gradient.get(feature) + slope * data.matrix().value().get(e));
        }
      }
    }
    return gradient;
  }

  private static RandomGenerator draws() {
    return RandomGeneratorFactory.of("L64X128MixRandom").create(7);
  }
}
