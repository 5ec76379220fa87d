package org.strait.launcher.worker;

/// Tells the launcher every second that this rank is alive. A thread of its own does: a rank that
/// waits for another is alive, one that is stopped is not.
final class Pulse implements AutoCloseable {
  private static final long PERIOD_MILLIS = 1000;

  private final Events events;
  private final Thread thread;
  private boolean closed;

  Pulse(Events events) {
    this.events = events;
    thread = Thread.ofPlatform().name("strait-pulse").daemon().start(this::run);
  }

  private synchronized void run() {
    try {
      while (!closed) {
        events.beat();
        wait(PERIOD_MILLIS);
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  @Override
  public void close() {
    synchronized (this) {
      closed = true;
      notifyAll();
    }
    try {
      thread.join();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    events.last();
  }
}
