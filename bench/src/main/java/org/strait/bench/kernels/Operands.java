package org.strait.bench.kernels;

import java.lang.foreign.MemorySegment;
import java.util.random.RandomGenerator;
import java.util.random.RandomGeneratorFactory;
import org.strait.kernels.scalar.ScalarBackend;
import org.strait.memory.Floats;
import org.strait.memory.HostMemory;

/// Seeded operands.
final class Operands {
  /// Numbers drawn; longer runs repeat them, in other memory.
  private static final long DRAWN = 1 << 24;

  /// The specification, and so the judge of everybody.
  static final ScalarBackend JUDGE = new ScalarBackend();

  private final HostMemory memory;
  private long seed = 1;

  Operands(HostMemory memory) {
    this.memory = memory;
  }

  /// Standard normal numbers times a scale.
  Floats normal(long n, double scale) {
    RandomGenerator draws = draws();
    Floats run = memory.floats(n);
    long drawn = Math.min(n, DRAWN);
    for (long i = 0; i < drawn; i++) {
      run.set(i, (float) (scale * draws.nextGaussian()));
    }
    for (long at = drawn; at < n; at += drawn) {
      long count = Math.min(drawn, n - at);
      MemorySegment.copy(run.segment(), 0, run.segment(), at * Floats.BYTES, count * Floats.BYTES);
    }
    return run;
  }

  /// -1 or +1.
  Floats signs(long n) {
    RandomGenerator draws = draws();
    Floats run = memory.floats(n);
    for (long i = 0; i < n; i++) {
      run.set(i, draws.nextBoolean() ? 1 : -1);
    }
    return run;
  }

  /// Uniform in [low, high).
  Floats uniform(long n, double low, double high) {
    RandomGenerator draws = draws();
    Floats run = memory.floats(n);
    for (long i = 0; i < n; i++) {
      run.set(i, (float) draws.nextDouble(low, high));
    }
    return run;
  }

  /// Every run has draws of its own.
  private RandomGenerator draws() {
    return RandomGeneratorFactory.of("L64X128MixRandom").create(seed++);
  }

  /// Zeroes a run.
  static void clear(Floats run) {
    run.segment().fill((byte) 0);
  }
}
