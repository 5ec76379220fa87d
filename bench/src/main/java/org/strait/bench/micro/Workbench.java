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

  /// Elements of a vector, 4 bytes each: of a few such vectors all stay in the first-level cache (4
  /// KiB each), the second (64 KiB), the last (2 MiB) or none (64 MiB).
  static int length(String size) {
    return switch (size) {
      case "L1" -> 1 << 10;
      case "L2" -> 1 << 14;
      case "L3" -> 1 << 19;
      case "memory" -> 1 << 24;
      default ->
          throw new IllegalArgumentException(
              "unknown size \"" + size + "\"; known: L1, L2, L3, memory");
    };
  }

  /// Rows of a square matrix; three such matrices stay where as many vectors do.
  static int side(String size) {
    return switch (size) {
      case "L1" -> 32;
      case "L2" -> 128;
      case "L3" -> 512;
      default -> 1024;
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
