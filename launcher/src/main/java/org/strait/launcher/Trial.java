package org.strait.launcher;

import java.io.IOException;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.strait.launcher.config.Safety;
import org.strait.launcher.start.Supervisor;

/// Kills a data centre, and starts it again, when the user asked for it, to see what happens. Times
/// count from the first round.
final class Trial implements AutoCloseable {
  /// Starts a data centre again.
  @FunctionalInterface
  interface Again {
    /// False if the run is over.
    boolean start(Supervisor supervisor, String dc) throws IOException;
  }

  private final Safety safety;
  private final TrainingListener listener;
  private final Supervisor supervisor;
  private final Again again;
  private final CountDownLatch closed = new CountDownLatch(1);
  private final Thread thread;

  Trial(Safety safety, TrainingListener listener, Supervisor supervisor, Again again) {
    this.safety = safety;
    this.listener = listener;
    this.supervisor = supervisor;
    this.again = again;
    thread = Thread.ofPlatform().daemon().name("strait-trial").unstarted(this::run);
    if (safety.kill().isPresent()) {
      thread.start();
    }
  }

  private void run() {
    try {
      listener.awaitRounds();
      long startNanos = System.nanoTime();
      if (ended(startNanos, safety.kill().orElseThrow())) {
        return;
      }
      String dc = safety.kill().orElseThrow().dc();
      listener.say("  Trial      kills " + dc);
      supervisor.kill(dc);
      if (safety.rejoin().isPresent() && !ended(startNanos, safety.rejoin().get())) {
        listener.say("  Trial      starts " + dc + " again");
        if (!again.start(supervisor, dc)) {
          listener.say("  Trial      the run was over");
        }
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    } catch (IOException e) {
      listener.say("  Trial      cannot start it again: " + e.getMessage());
    }
  }

  /// Waits until it is time; true if the run ended before.
  private boolean ended(long startNanos, Safety.At at) throws InterruptedException {
    long left = startNanos + (long) (at.seconds() * 1e9) - System.nanoTime();
    return closed.await(Math.max(0, left), TimeUnit.NANOSECONDS);
  }

  @Override
  public void close() {
    closed.countDown();
    thread.interrupt();
  }
}
