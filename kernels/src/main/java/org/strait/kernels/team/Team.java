package org.strait.kernels.team;

import java.util.concurrent.atomic.AtomicIntegerArray;
import java.util.concurrent.locks.LockSupport;
import org.strait.kernels.PartTask;

/// The threads of one rank: the caller and threads - 1 workers, which are daemons and live until
/// {@link #close}. A task is cut into parts; which worker runs which part follows from the numbers
/// alone. One caller at a time, closing included; a task may not run the team.
///
/// Who waits looks again and again where the cores are free for it, and sleeps otherwise: a
/// hand-off then costs a fraction of a microsecond instead of the wake-up of a thread, tens of
/// them. After a few looks it offers its core between them: kernels place a woken thread where its
/// waker runs, and two threads of one core that only look would wait for each other's time slices.
public final class Team implements AutoCloseable {
  /// Work in parts.
  @FunctionalInterface
  public interface Task extends PartTask {}

  /// Longest time that a thread looks for work or for the end of it before it sleeps.
  private static final long SPIN_NANOS = 200_000;

  /// Looks between two looks at the clock; also what a thread that should not spin allows itself,
  /// about a microsecond.
  private static final int GLANCES = 32;

  /// Looks, in {@link #GLANCES}, after which a thread offers its core: a few microseconds.
  private static final int PATIENCE = 8;

  /// Places of the two counters that threads watch, each on cache lines of its own.
  private static final int ROUND = 32;

  private static final int PENDING = 64;

  private final AtomicIntegerArray counters = new AtomicIntegerArray(96);
  private final int threads;
  private final boolean spin;
  private final Worker[] workers;
  private final Throwable[] failures;
  private volatile boolean closed;
  private volatile boolean callerSleeps;
  // Written before ROUND is raised, read after: the counter makes them visible.
  private Thread caller;
  private PartTask task;
  private int parts;
  // Written by whoever fails before PENDING is lowered.
  private boolean failed;
  private boolean running;

  /// A team that spins if it is not larger than the machine.
  ///
  /// @param name prefix of the workers' names
  /// @param threads at least 1, the caller's included
  public Team(String name, int threads) {
    this(name, threads, threads <= Runtime.getRuntime().availableProcessors());
  }

  /// A team of so many threads.
  ///
  /// @param name prefix of the workers' names
  /// @param threads at least 1, the caller's included
  /// @param spin whether there is a core for every thread of every rank on this host, so that a
  ///     thread may wait for work without sleeping
  public Team(String name, int threads, boolean spin) {
    if (threads < 1) {
      throw new IllegalArgumentException("a team of " + threads + " threads, expected 1 or more");
    }
    this.threads = threads;
    this.spin = spin;
    failures = new Throwable[threads];
    workers = new Worker[threads - 1];
    boolean started = false;
    try {
      for (int i = 0; i < workers.length; i++) {
        Worker worker = new Worker(i + 1);
        Thread thread =
            Thread.ofPlatform()
                .name(name + "-" + worker.number)
                .daemon()
                .inheritInheritableThreadLocals(false)
                .unstarted(worker);
        worker.thread = thread;
        thread.start();
        workers[i] = worker;
      }
      started = true;
    } finally {
      if (!started) {
        close();
      }
    }
  }

  /// Threads, the caller's included.
  public int threads() {
    return threads;
  }

  /// Runs parts 0 … parts - 1, worker w of t those from ⌊w·parts/t⌋ on, and returns when all are
  /// done. A worker whose part throws leaves out the rest of its parts; here is thrown what the
  /// lowest of them threw, with the others suppressed. Allocates nothing.
  ///
  /// @throws IllegalStateException if the team is closed, or a task runs it
  public void run(int partCount, PartTask work) {
    if (closed) {
      throw new IllegalStateException("the team is closed");
    }
    if (threads == 1 || partCount <= 1) {
      for (int part = 0; part < partCount; part++) {
        work.run(part, 0);
      }
      return;
    }
    if (running) {
      throw new IllegalStateException("the team is running; a task may not run its own team");
    }
    running = true;
    task = work;
    parts = partCount;
    caller = Thread.currentThread();
    counters.set(PENDING, threads - 1);
    counters.incrementAndGet(ROUND);
    for (Worker worker : workers) {
      // Read after the counter was raised; a worker says that it sleeps before it looks again.
      if (worker.sleeps) {
        LockSupport.unpark(worker.thread);
      }
    }
    runParts(0);
    awaitWorkers();
    task = null;
    caller = null;
    running = false;
    if (failed) {
      failed = false;
      throwFailures();
    }
  }

  private void awaitWorkers() {
    if (spinUntil(PENDING, 0)) {
      return;
    }
    boolean interrupted = false;
    callerSleeps = true;
    while (counters.get(PENDING) > 0) {
      LockSupport.park(this);
      interrupted |= Thread.interrupted(); // or park would not park
    }
    callerSleeps = false;
    if (interrupted) {
      Thread.currentThread().interrupt();
    }
  }

  /// Looks for a while whether PENDING has come to, or ROUND has gone from, a value.
  @SuppressWarnings("ThreadPriorityCheck") // whom it waits for may need this very core
  private boolean spinUntil(int counter, int value) {
    boolean sought = counter == PENDING;
    long start = 0;
    for (int turn = 0; ; turn++) {
      for (int glance = 0; glance < GLANCES; glance++) {
        if (counters.get(counter) == value == sought) {
          return true;
        }
        Thread.onSpinWait();
      }
      if (!spin || closed) {
        return false;
      }
      if (turn >= PATIENCE) {
        Thread.yield();
      }
      long now = System.nanoTime();
      if (start == 0) {
        start = now;
      } else if (now - start > SPIN_NANOS) {
        return false;
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
      // Whatever it is, it is the caller's, and the worker lives on.
      failures[worker] = e;
      failed = true;
    }
  }

  private void throwFailures() {
    Throwable first = null;
    for (int worker = 0; worker < threads; worker++) {
      Throwable failure = failures[worker];
      failures[worker] = null;
      if (first == null) {
        first = failure;
      } else if (failure != null && failure != first) {
        first.addSuppressed(failure);
      }
    }
    switch (first) {
      case RuntimeException e -> throw e;
      case Error e -> throw e;
      default -> throw new IllegalStateException(first);
    }
  }

  /// Ends the workers and waits for them.
  @Override
  public void close() {
    closed = true;
    boolean interrupted = false;
    for (Worker worker : workers) {
      if (worker == null) {
        continue; // the machine had no more threads to give
      }
      LockSupport.unpark(worker.thread);
      while (worker.thread.isAlive()) {
        try {
          worker.thread.join();
        } catch (InterruptedException e) {
          interrupted = true;
        }
      }
    }
    if (interrupted) {
      Thread.currentThread().interrupt();
    }
  }

  /// What one thread does until the team is closed.
  private final class Worker implements Runnable {
    private final int number;
    private Thread thread;
    private volatile boolean sleeps;

    Worker(int number) {
      this.number = number;
    }

    @Override
    public void run() {
      int seen = 0;
      while (awaitRound(seen)) {
        seen++;
        runParts(number);
        if (counters.decrementAndGet(PENDING) == 0 && callerSleeps) {
          LockSupport.unpark(caller);
        }
      }
    }

    /// Whether there is another round; false at the end of the team.
    private boolean awaitRound(int seen) {
      if (spinUntil(ROUND, seen)) {
        return true;
      }
      sleeps = true;
      while (counters.get(ROUND) == seen && !closed) {
        LockSupport.park(Team.this);
        Thread.interrupted(); // nobody's business here, and park would not park
      }
      sleeps = false;
      return counters.get(ROUND) != seen;
    }
  }
}
