package org.strait.engine.transport;

import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.util.concurrent.locks.LockSupport;
import java.util.function.LongSupplier;
import org.strait.memory.HostMemory;

/// A shaped link to one member. Posted bytes are cut into pieces and copied into a ring as long as
/// it has room; each piece gets its time of arrival then. A thread hands the pieces to the inner
/// transport when they would have arrived, whatever the posting rank does meanwhile. Piece: about a
/// millisecond of the bandwidth, at least {@value #MIN_PIECE_BYTES} bytes, contiguous in the ring.
/// The ring holds what is on the line (bandwidth × delay) and {@value #SLACK_BYTES} bytes that wait
/// to depart, like a socket's send buffer.
final class Wire implements Sink {
  static final int MIN_PIECE_BYTES = 1460;
  static final int MAX_PIECE_BYTES = 64 << 10;
  static final long SLACK_BYTES = 4 << 20;

  private static final long MAX_RING_BYTES = 256L << 20;
  private static final long ASSUMED_BITS_PER_SECOND = 10_000_000_000L; // for the ring's size only
  private static final long COPY_BYTES = 256 << 10; // most that is copied under one lock
  private static final long SPIN_NANOS = 70_000L; // what a park oversleeps
  private static final long LINGER_NANOS = 1_000_000_000L;
  private static final Deadline PATIENT = new Deadline("wire", Long.MAX_VALUE);

  private final Transport inner;
  private final int to;
  private final LongSupplier nanoTime;
  private final LinkSchedule schedule;
  private final Outbox outbox;
  private final MemorySegment ring;
  private final long ringBytes;
  private final long pieceBytes;
  private final long[] pieceEnds;
  private final long[] pieceArrivals;
  private final Thread thread;

  // Guarded by this. Positions count all bytes ever copied in (tail) and handed on (head).
  private long head;
  private long tail;
  private int firstPiece;
  private int pieces;
  private long budgetBytes;
  private boolean closing;
  private PeerLostException failure;
  private boolean reported;

  private volatile boolean aborted;

  Wire(Transport inner, int to, LinkShape shape, HostMemory memory, LongSupplier nanoTime) {
    this.inner = inner;
    this.to = to;
    this.nanoTime = nanoTime;
    schedule = new LinkSchedule(shape);
    outbox = new Outbox(to);
    long bits = shape.bitsPerSecond();
    pieceBytes =
        bits == 0 ? MAX_PIECE_BYTES : Math.clamp(bits / 8000, MIN_PIECE_BYTES, MAX_PIECE_BYTES);
    double lineBytes =
        (bits == 0 ? ASSUMED_BITS_PER_SECOND : bits)
            / 8e9
            * (shape.delayNanos() + shape.jitterNanos());
    ringBytes = (long) Math.min(MAX_RING_BYTES, lineBytes + SLACK_BYTES);
    ring = memory.bytes(ringBytes).segment();
    int most = (int) (ringBytes / pieceBytes) + 4096;
    pieceEnds = new long[most];
    pieceArrivals = new long[most];
    thread =
        Thread.ofPlatform()
            .daemon()
            .name("strait-wire-" + inner.group().members().get(to).dc())
            .unstarted(this::run);
  }

  void start() {
    thread.start();
  }

  /// Queues and copies what fits.
  void post(MemorySegment data, long offset, long bytes) {
    outbox.add(data, offset, bytes);
    while (copySome()) {
      Thread.onSpinWait();
    }
  }

  /// Waits until all posted bytes are in the ring.
  void flush(Deadline deadline) {
    long sinceNanos = nanoTime.getAsLong();
    long seen = -1;
    while (true) {
      synchronized (this) {
        throwFailure(deadline);
        if (outbox.isEmpty()) {
          return;
        }
        long now = nanoTime.getAsLong();
        if (head != seen) {
          seen = head;
          sinceNanos = now;
        }
        long leftNanos = deadline.idleNanos() - (now - sinceNanos);
        if (leftNanos <= 0) {
          failure = lost("sending", now - sinceNanos, "takes nothing for longer than the deadline");
          throwFailure(deadline);
        }
        waitFor(leftNanos);
      }
      copySome();
    }
  }

  /// Waits until all that was copied has been handed on. Each piece has its time, so this ends by
  /// itself unless the peer stops taking bytes.
  synchronized void awaitEmpty(Deadline deadline) {
    long sinceNanos = nanoTime.getAsLong();
    long seen = head;
    while (pieces > 0) {
      throwFailure(deadline);
      long now = nanoTime.getAsLong();
      if (head != seen) {
        seen = head;
        sinceNanos = now;
      }
      long leftNanos = Math.max(sinceNanos, pieceArrivals[firstPiece]) + deadline.idleNanos() - now;
      if (leftNanos <= 0) {
        failure = lost("sending", now - sinceNanos, "takes nothing for longer than the deadline");
      } else {
        waitFor(leftNanos);
      }
    }
    throwFailure(deadline);
  }

  /// Throws if the link broke and that has been told before.
  synchronized void throwKnown(Deadline deadline) {
    if (reported) {
      throwFailure(deadline);
    }
  }

  /// Throws if the link broke; names the phase of the caller.
  synchronized void throwFailure(Deadline deadline) {
    if (failure != null) {
      reported = true;
      throw lost(deadline.phase(), failure.waitedNanos(), failure.why());
    }
  }

  /// Throws once if the link broke and nobody has been told.
  synchronized void throwNews(Deadline deadline) {
    if (!reported) {
      throwFailure(deadline);
    }
  }

  /// Waits until everything has arrived; gives up if nothing arrives for a second although due.
  synchronized void drain() {
    closing = true;
    notifyAll();
    long sinceNanos = nanoTime.getAsLong();
    long seen = head;
    while (pieces > 0 && failure == null && thread.isAlive()) {
      long now = nanoTime.getAsLong();
      if (head != seen) {
        seen = head;
        sinceNanos = now;
      }
      long dueNanos = Math.max(sinceNanos, pieceArrivals[firstPiece]) + LINGER_NANOS;
      if (now - dueNanos >= 0) {
        break;
      }
      waitFor(dueNanos - now);
    }
  }

  /// Ends the thread; the inner transport must be closed already. False if it does not end.
  boolean stop() {
    aborted = true;
    synchronized (this) {
      notifyAll();
    }
    LockSupport.unpark(thread);
    try {
      return thread.join(java.time.Duration.ofSeconds(2));
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return false;
    }
  }

  @Override
  public long write(int member, MemorySegment data, long at, long end) throws IOException {
    long room = ringBytes - (tail - head);
    long start = tail % ringBytes;
    long n = Math.min(Math.min(end - at, pieceBytes), Math.min(room, ringBytes - start));
    if (n <= 0 || pieces == pieceEnds.length || budgetBytes <= 0) {
      return 0;
    }
    MemorySegment.copy(data, at, ring, start, n);
    int last = (firstPiece + pieces) % pieceEnds.length;
    tail += n;
    budgetBytes -= n;
    pieceEnds[last] = tail;
    pieceArrivals[last] = schedule.arrivalNanos(nanoTime.getAsLong(), n);
    if (pieces++ == 0) {
      notifyAll();
    }
    return n;
  }

  /// Copies some posted bytes into the ring; false if there are none or there is no room.
  private synchronized boolean copySome() {
    budgetBytes = COPY_BYTES;
    try {
      return outbox.push(this) > 0;
    } catch (IOException e) {
      throw new IllegalStateException("a ring in memory does not fail", e);
    }
  }

  private void run() {
    try {
      while (true) {
        long start;
        long end;
        long arrival;
        synchronized (this) {
          while (pieces == 0 && !closing && !aborted && failure == null) {
            waitFor(Long.MAX_VALUE);
          }
          if (pieces == 0 || aborted || failure != null) {
            return;
          }
          start = head;
          end = pieceEnds[firstPiece];
          arrival = pieceArrivals[firstPiece];
        }
        sleepUntil(arrival);
        inner.post(to, ring, start % ringBytes, end - start);
        inner.flush(to, PATIENT);
        synchronized (this) {
          head = end;
          firstPiece = (firstPiece + 1) % pieceEnds.length;
          pieces--;
          copySome();
          notifyAll();
        }
      }
    } catch (PeerLostException e) {
      fail(e);
    } catch (IllegalStateException e) {
      fail(lost("wire", 0, e.getMessage()));
    }
  }

  private synchronized void fail(PeerLostException e) {
    if (failure == null) {
      failure = e;
    }
    notifyAll();
  }

  private void sleepUntil(long arrivalNanos) {
    long left = arrivalNanos - nanoTime.getAsLong();
    while (left > 0 && !aborted) {
      if (left > SPIN_NANOS) {
        LockSupport.parkNanos(left - SPIN_NANOS);
      } else {
        Thread.onSpinWait();
      }
      left = arrivalNanos - nanoTime.getAsLong();
    }
  }

  private PeerLostException lost(String phase, long waitedNanos, String why) {
    return new PeerLostException(inner.group().members().get(to), phase, waitedNanos, why);
  }

  @SuppressWarnings("WaitNotInLoop") // the callers loop
  private synchronized void waitFor(long nanos) {
    try {
      wait(Math.max(1, Math.min(nanos / 1_000_000, 1_000_000)));
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      fail(lost("waiting", 0, "interrupted"));
    }
  }
}
