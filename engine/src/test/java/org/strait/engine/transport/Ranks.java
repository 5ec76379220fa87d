package org.strait.engine.transport;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Assertions;

/// Runs the ranks of a test as threads of this JVM.
public final class Ranks {
  private Ranks() {}

  /// What one rank does.
  @FunctionalInterface
  public interface Rank {
    void run(int index) throws Exception;
  }

  /// Runs ranks 0 … n-1 and waits for all; the first failure fails the test.
  public static void run(int n, Rank rank) {
    AtomicReference<Throwable> failure = new AtomicReference<>();
    List<Thread> threads = new ArrayList<>();
    for (int i = 0; i < n; i++) {
      int index = i;
      threads.add(
          Thread.ofPlatform()
              .daemon()
              .name("rank-" + i)
              .start(
                  () -> {
                    try {
                      rank.run(index);
                    } catch (Throwable e) {
                      if (!failure.compareAndSet(null, e)) {
                        failure.get().addSuppressed(e);
                      }
                    }
                  }));
    }
    for (Thread thread : threads) {
      try {
        if (!thread.join(Duration.ofSeconds(60))) {
          AssertionError hang = new AssertionError(thread.getName() + " hangs");
          hang.setStackTrace(thread.getStackTrace());
          if (failure.get() != null) {
            hang.addSuppressed(failure.get());
          }
          throw hang;
        }
      } catch (InterruptedException e) {
        throw new AssertionError("interrupted while waiting for " + thread.getName(), e);
      }
    }
    if (failure.get() != null) {
      Assertions.fail(failure.get());
    }
  }
}
