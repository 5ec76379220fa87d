package org.strait.engine.transport;

import java.util.concurrent.atomic.AtomicInteger;

/// Wakes the threads of one rank that wait for rings. Ringing costs one volatile read while nobody
/// sleeps. A sleeper announces itself before it looks, a ringer changes the ring before it looks
/// for sleepers, so no wake-up is missed.
final class Bell {
  private final AtomicInteger sleepers = new AtomicInteger();

  void ring() {
    if (sleepers.get() > 0) {
      synchronized (this) {
        notifyAll();
      }
    }
  }

  /// Waits until rung, but not if the pipes are ready already, and at most so long.
  @SuppressWarnings("WaitNotInLoop") // the caller tries its rings again and comes back
  void await(LoopbackPipes pipes, int from, int to, Pipes.Pending pending, long nanos)
      throws InterruptedException {
    sleepers.incrementAndGet();
    try {
      synchronized (this) {
        if (!pipes.ready(from, to, pending)) {
          wait(Math.max(1, Math.min(nanos / 1_000_000, 1_000_000)));
        }
      }
    } finally {
      sleepers.decrementAndGet();
    }
  }
}
