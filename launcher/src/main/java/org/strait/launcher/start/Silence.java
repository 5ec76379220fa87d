package org.strait.launcher.start;

import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.IntConsumer;

/// Notices ranks that have said nothing for ten seconds, though they say every second that they are
/// alive: stopped ones (SIGSTOP, a debugger), and those of a host that hangs. Seconds are counted
/// by this process: while it is stopped itself, nobody is late.
public final class Silence {
  /// How long a rank may be silent.
  public static final int MOST_SECONDS = 10;

  private static final int HURRIED_SECONDS = 3;

  private volatile int most = MOST_SECONDS;
  private final Map<Integer, Integer> seconds = new ConcurrentHashMap<>();

  /// A rank said something; from now on it is watched.
  public void heard(int rank) {
    seconds.put(rank, 0);
  }

  /// A rank will say nothing more.
  public void over(int rank) {
    seconds.remove(rank);
  }

  /// A rank has lost another: whoever is silent now for three seconds is the cause.
  public void hurry() {
    most = HURRIED_SECONDS;
  }

  /// One second passed.
  ///
  /// @param lost told, once, who has been silent for too long
  void second(IntConsumer lost) {
    for (int rank : List.copyOf(seconds.keySet())) {
      Integer silent = seconds.computeIfPresent(rank, (r, s) -> s + 1);
      if (silent != null && silent >= most) {
        seconds.remove(rank);
        lost.accept(rank);
      }
    }
  }

  /// Counts until it is closed.
  public Watch watch(IntConsumer lost) {
    return watch(lost, () -> {});
  }

  /// The same, and each second something is done before it counts.
  Watch watch(IntConsumer lost, Runnable look) {
    return new Watch(this, lost, look);
  }

  /// A thread that counts seconds.
  public static final class Watch implements AutoCloseable {
    private static final long SECOND_NANOS = 1_000_000_000L;

    private boolean closed;

    private Watch(Silence silence, IntConsumer lost, Runnable look) {
      Thread.ofPlatform().name("strait-silence").daemon().start(() -> run(silence, lost, look));
    }

    private void run(Silence silence, IntConsumer lost, Runnable look) {
      try {
        while (passed()) {
          look.run();
          silence.second(lost);
        }
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
      }
    }

    /// Waits a second; false if this was closed meanwhile.
    private synchronized boolean passed() throws InterruptedException {
      long until = System.nanoTime() + SECOND_NANOS;
      for (long left = SECOND_NANOS; !closed && left > 0; left = until - System.nanoTime()) {
        wait(left / 1_000_000 + 1);
      }
      return !closed;
    }

    @Override
    public synchronized void close() {
      closed = true;
      notifyAll();
    }
  }
}
