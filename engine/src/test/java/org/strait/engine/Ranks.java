package org.strait.engine;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.IntFunction;

/// Runs the ranks of a job as threads of this JVM.
final class Ranks {
  private static final int MOST_SECONDS = 120;

  private Ranks() {}

  /// Runs one body per rank side by side and returns what they returned, in rank order; the first
  /// failure is thrown.
  static <T> List<T> run(int size, IntFunction<Callable<T>> bodies) throws Exception {
    List<FutureTask<T>> tasks = new ArrayList<>();
    List<Thread> threads = new ArrayList<>();
    for (int rank = 0; rank < size; rank++) {
      FutureTask<T> task = new FutureTask<>(bodies.apply(rank));
      tasks.add(task);
      threads.add(Thread.ofPlatform().daemon().name("rank-" + rank).start(task));
    }
    List<T> results = new ArrayList<>();
    ExecutionException failure = null;
    for (int rank = 0; rank < size; rank++) {
      try {
        results.add(tasks.get(rank).get(MOST_SECONDS, TimeUnit.SECONDS));
      } catch (ExecutionException e) {
        failure = failure == null ? e : failure;
      } catch (TimeoutException e) {
        AssertionError hang = new AssertionError("rank " + rank + " hangs", failure);
        hang.setStackTrace(threads.get(rank).getStackTrace());
        throw hang;
      }
    }
    if (failure != null) {
      throw failure;
    }
    return results;
  }
}
