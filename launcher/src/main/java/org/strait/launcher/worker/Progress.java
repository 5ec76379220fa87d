package org.strait.launcher.worker;

import com.google.gson.JsonNull;
import com.google.gson.JsonObject;
import java.util.concurrent.atomic.AtomicReference;
import org.strait.engine.metrics.Metrics;
import org.strait.engine.metrics.StepMetrics;

/// Sends a gateway's figures to the launcher about ten times a second, from a thread of its own: a
/// step only leaves its numbers here, and allocates nothing.
final class Progress implements Metrics, AutoCloseable {
  private static final long PERIOD_MILLIS = 100;

  private final Events events;
  private final AtomicReference<String> phase = new AtomicReference<>("main");
  private final Thread thread;
  private final Object lock = new Object();
  private long round;
  private double seconds;
  private double objective;
  private long rows;
  private long bytesSent;
  private long sentRound;
  private boolean closed;

  Progress(Events events) {
    this.events = events;
    thread = Thread.ofPlatform().name("strait-progress").daemon().start(this::run);
  }

  /// Sends what has not been sent yet.
  void flush() {
    sendLatest();
  }

  /// Name of the training that is under way: main or reference.
  void phase(String name) {
    sendLatest();
    synchronized (lock) {
      phase.set(name);
      sentRound = round;
    }
  }

  @Override
  public void record(StepMetrics step) {
    synchronized (lock) {
      round = step.round();
      seconds = step.seconds();
      objective = step.objective();
      rows = step.rows();
      bytesSent = step.bytesSent();
    }
  }

  @Override
  public void close() {
    synchronized (lock) {
      closed = true;
      lock.notifyAll();
    }
    try {
      thread.join();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    sendLatest();
  }

  private void run() {
    while (true) {
      synchronized (lock) {
        long until = System.nanoTime() + PERIOD_MILLIS * 1_000_000;
        long left = PERIOD_MILLIS;
        while (!closed && left > 0) {
          try {
            lock.wait(left);
          } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return;
          }
          left = (until - System.nanoTime()) / 1_000_000;
        }
        if (closed) {
          return;
        }
      }
      sendLatest();
    }
  }

  private void sendLatest() {
    JsonObject event = events.event("round");
    synchronized (lock) {
      if (round == sentRound) {
        return;
      }
      sentRound = round;
      event.addProperty("phase", phase.get());
      event.addProperty("round", round);
      if (Double.isFinite(objective)) {
        event.addProperty("objective", objective);
      } else {
        event.add("objective", JsonNull.INSTANCE);
      }
      event.addProperty("seconds", seconds);
      event.addProperty("rows", rows);
      event.addProperty("sentBytes", bytesSent);
    }
    events.send(event);
  }
}
