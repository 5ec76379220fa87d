package org.strait.examples;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;

/// Ranks as threads of this JVM.
final class Ranks {
  private Ranks() {}

  /// What one rank does.
  interface Body<T> {
    T run(int rank) throws Exception;
  }

  /// Runs a body per rank side by side; returns what they returned, in rank order.
  static <T> List<T> asThreads(int size, Body<T> body) throws Exception {
    try (ExecutorService threads = Executors.newFixedThreadPool(size)) {
      List<Future<T>> futures = new ArrayList<>();
      for (int i = 0; i < size; i++) {
        int rank = i;
        futures.add(threads.submit(() -> body.run(rank)));
      }
      List<T> results = new ArrayList<>();
      for (Future<T> future : futures) {
        results.add(future.get());
      }
      return results;
    }
  }
}
