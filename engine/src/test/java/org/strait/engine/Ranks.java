package org.strait.engine;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.function.IntFunction;

/// Runs the ranks of a job as threads of this JVM.
final class Ranks {
  private Ranks() {}

  /// Runs one body per rank side by side and returns what they returned, in rank order; the first
  /// failure is thrown.
  static <T> List<T> run(int size, IntFunction<Callable<T>> bodies) throws Exception {
    try (ExecutorService threads = Executors.newFixedThreadPool(size)) {
      List<Future<T>> futures = new ArrayList<>();
      for (int rank = 0; rank < size; rank++) {
        futures.add(threads.submit(bodies.apply(rank)));
      }
      List<T> results = new ArrayList<>();
      for (Future<T> future : futures) {
        results.add(future.get());
      }
      return results;
    }
  }
}
