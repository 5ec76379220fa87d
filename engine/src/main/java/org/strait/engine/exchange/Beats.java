package org.strait.engine.exchange;

import java.util.concurrent.atomic.AtomicLongArray;
import java.util.zip.CRC32C;
import org.strait.engine.ledger.MessageKind;
import org.strait.memory.HostMemory;

/// Sends a sign of life to peers that got nothing else for a second, from a thread of its own
/// (strait-beats): a gateway that computes or waits is alive, one that is stopped is not.
final class Beats implements AutoCloseable {
  private final Wire wire;
  private final int dcs;
  private final int me;
  private final long periodNanos;
  private final AtomicLongArray postedNanos;
  private final Slot frame;
  private final Thread thread;
  private boolean closed;

  /// @param periodNanos how long a peer gets nothing before it gets a beat
  Beats(Wire wire, int dcs, int me, long periodNanos, HostMemory memory) {
    this.wire = wire;
    this.dcs = dcs;
    this.me = me;
    this.periodNanos = periodNanos;
    postedNanos = new AtomicLongArray(dcs);
    frame = new Slot(memory);
    FrameLayout.put(frame.head(), MessageKind.BEAT.code(), me, 0, 0, 0, 0, 0);
    frame.seal(new CRC32C());
    frame.wire(); // its room is made here, not by the thread that beats
    long now = System.nanoTime();
    for (int p = 0; p < dcs; p++) {
      postedNanos.set(p, now);
    }
    thread = Thread.ofPlatform().name("strait-beats").daemon().unstarted(this::run);
  }

  void start() {
    thread.start();
  }

  /// Something was posted to a peer.
  void posted(int to) {
    postedNanos.set(to, System.nanoTime());
  }

  private void run() {
    try {
      while (waited()) {
        long now = System.nanoTime();
        for (int p = 0; p < dcs; p++) {
          if (p != me && now - postedNanos.get(p) >= periodNanos) {
            wire.beat(p, frame);
          }
        }
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private synchronized boolean waited() throws InterruptedException {
    long until = System.nanoTime() + periodNanos / 4;
    for (long left = periodNanos / 4; !closed && left > 0; left = until - System.nanoTime()) {
      wait(left / 1_000_000 + 1);
    }
    return !closed;
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
  }
}
