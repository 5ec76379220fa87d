package org.strait.kernels.team;

import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;

/// The threads of one rank: the caller and threads - 1 workers. A task is cut into parts; which
/// worker runs which part follows from the numbers alone. One caller at a time; not re-entrant.
public final class Team implements AutoCloseable {
  /// Work in parts.
  @FunctionalInterface
  public interface Task {
    /// Does one part.
    ///
    /// @param part number of the part, from 0
    /// @param worker number of the thread that runs it, from 0, for its own scratch
    void run(int part, int worker);
  }

  /// Turns of looking for work before a worker sleeps.
  private static final int SPINS = 2_000;

  private final int threads;
  private final Thread[] workers;
  private final AtomicInteger pending = new AtomicInteger();
  private final AtomicInteger round = new AtomicInteger();
  private volatile boolean closed;
  private volatile Throwable failure;
  private Thread caller;
  private Task task;
  private int parts;

  /// A team of so many threads, the caller's included.
  ///
  /// @param name prefix of the workers' names
  /// @param threads at least 1
  public Team(String name, int threads) {
    if (threads < 1) {
      throw new IllegalArgumentException("a team of " + threads + " threads");
    }
    this.threads = threads;
    workers = new Thread[threads];
    for (int worker = 1; worker < threads; worker++) {
      int number = worker;
      workers[worker] = new Thread(() -> work(number), name + "-" + number);
      workers[worker].setDaemon(true);
      workers[worker].start();
    }
  }

  /// Threads, the caller's included.
  public int threads() {
    return threads;
  }

  /// Runs parts 0 … parts - 1, worker w those from w·parts/threads on, and returns when all are
  /// done. What a part throws is thrown here. Allocates nothing.
  public void run(int partCount, Task work) {
    if (threads == 1 || partCount <= 1) {
      for (int part = 0; part < partCount; part++) {
        work.run(part, 0);
      }
      return;
    }
    if (closed) {
      throw new IllegalStateException("the team is closed");
    }
    task = work;
    parts = partCount;
    caller = Thread.currentThread();
    pending.set(threads - 1);
    round.incrementAndGet();
    for (int worker = 1; worker < threads; worker++) {
      LockSupport.unpark(workers[worker]);
    }
    runParts(0);
    for (int spins = 0; pending.get() > 0; spins++) {
      if (spins < SPINS) {
        Thread.onSpinWait();
      } else {
        LockSupport.park(this);
      }
    }
    task = null;
    Throwable thrown = failure;
    if (thrown != null) {
      failure = null;
      if (thrown instanceof RuntimeException e) {
        throw e;
      }
      if (thrown instanceof Error e) {
        throw e;
      }
      throw new IllegalStateException(thrown);
    }
  }

  private void work(int worker) {
    int seen = 0;
    while (true) {
      int spins = 0;
      while (round.get() == seen && !closed) {
        if (spins++ < SPINS) {
          Thread.onSpinWait();
        } else {
          LockSupport.park(this);
        }
      }
      if (closed) {
        return;
      }
      seen = round.get();
      runParts(worker);
      if (pending.decrementAndGet() == 0) {
        LockSupport.unpark(caller);
      }
    }
  }

  private void runParts(int worker) {
    try {
      int to = (int) ((worker + 1L) * parts / threads);
      for (int part = (int) ((long) worker * parts / threads); part < to; part++) {
        task.run(part, worker);
      }
    } catch (Throwable e) {
      failure = e;
    }
  }

  /// Ends the workers; waits for them.
  @Override
  public void close() {
    closed = true;
    for (int worker = 1; worker < threads; worker++) {
      LockSupport.unpark(workers[worker]);
    }
    boolean interrupted = false;
    for (int worker = 1; worker < threads; worker++) {
      while (workers[worker].isAlive()) {
        try {
          workers[worker].join();
        } catch (InterruptedException e) {
          interrupted = true;
        }
      }
    }
    if (interrupted) {
      Thread.currentThread().interrupt();
    }
  }
}
