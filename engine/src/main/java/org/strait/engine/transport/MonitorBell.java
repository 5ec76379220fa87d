package org.strait.engine.transport;

import java.util.concurrent.atomic.AtomicInteger;

/// A bell for ranks of one JVM.
final class MonitorBell implements Bell {
  private final AtomicInteger sleepers = new AtomicInteger();

  @Override
  public void ring() {
    if (sleepers.get() > 0) {
      synchronized (this) {
        notifyAll();
      }
    }
  }

  @Override
  @SuppressWarnings("WaitNotInLoop") // the caller tries its rings again and comes back
  public void await(RingPipes pipes, int from, int to, Pipes.Pending pending, long nanos)
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
