package org.strait.bench.micro;

import java.util.Random;
import org.strait.kernels.Backend;
import org.strait.kernels.BackendUnavailableException;
import org.strait.kernels.Backends;
import org.strait.memory.Floats;
import org.strait.memory.HostMemory;

/// What every benchmark needs: a backend by name and seeded operands.
final class Workbench implements AutoCloseable {
  final HostMemory memory = HostMemory.unlimited("bench");
  private final Random random = new Random(1);

  /// The forced backend; a machine that cannot run it makes the benchmark fail, not fall back.
  static Backend backend(String name) {
    try {
      return Backends.choose(name).backend();
    } catch (BackendUnavailableException e) {
      throw new IllegalStateException(e.getMessage(), e);
    }
  }

  /// Elements of a vector: 4,096 floats stay in the first-level cache, 8 Mi floats in none.
  static int length(String size) {
    return switch (size) {
      case "cache" -> 1 << 12;
      case "memory" -> 1 << 23;
      default ->
          throw new IllegalArgumentException("unknown size \"" + size + "\"; known: cache, memory");
    };
  }

  Floats normal(long n) {
    Floats run = memory.floats(n);
    for (long i = 0; i < n; i++) {
      run.set(i, (float) random.nextGaussian());
    }
    return run;
  }

  Floats signs(long n) {
    Floats run = memory.floats(n);
    for (long i = 0; i < n; i++) {
      run.set(i, random.nextBoolean() ? 1 : -1);
    }
    return run;
  }

  Random random() {
    return random;
  }

  @Override
  public void close() {
    memory.close();
  }
}
