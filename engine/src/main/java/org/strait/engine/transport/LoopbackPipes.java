package org.strait.engine.transport;

import java.io.IOException;
import java.io.InterruptedIOException;
import java.lang.foreign.MemorySegment;

/// The rings of one rank, and the bells of all: a rank that moved bytes rings for the other end.
final class LoopbackPipes implements Pipes {
  private final Ring[][] rings;
  private final Bell[] bells;
  private final Traffic traffic;
  private final int me;
  private volatile boolean closed;

  /// @param rings first index the writing, second the reading member
  LoopbackPipes(Ring[][] rings, Bell[] bells, Traffic traffic, int me) {
    this.rings = rings;
    this.bells = bells;
    this.traffic = traffic;
    this.me = me;
  }

  @Override
  public long write(int to, MemorySegment data, long at, long end) throws IOException {
    long n = rings[me][to].write(data, at, end);
    if (n > 0) {
      traffic.addSent(to, n);
      bells[to].ring();
    }
    return n;
  }

  @Override
  public long read(int from, MemorySegment into, long at, long end) throws IOException {
    long n = rings[from][me].read(into, at, end);
    if (n > 0) {
      traffic.addReceived(from, n);
      bells[from].ring();
    }
    return n;
  }

  @Override
  public void await(int from, int to, Pending pending, long nanos) throws IOException {
    try {
      bells[me].await(this, from, to, pending, nanos);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw (IOException) new InterruptedIOException("interrupted").initCause(e);
    }
    if (closed) {
      throw new IOException("closed by this rank");
    }
  }

  /// Whether an await with these arguments has nothing to wait for.
  boolean ready(int from, int to, Pending pending) {
    if (closed || (from != NOBODY && rings[from][me].canRead())) {
      return true;
    }
    boolean nothing = from == NOBODY;
    for (int i = 0; i < bells.length; i++) {
      if ((to == NOBODY || to == i) && pending.to(i)) {
        nothing = false;
        if (rings[me][i].canWrite()) {
          return true;
        }
      }
    }
    return nothing;
  }

  @Override
  public void drop(int member) {
    rings[me][member].closeWriter();
    rings[member][me].closeReader();
    bells[member].ring();
    bells[me].ring();
  }

  @Override
  public void close() {
    closed = true;
    for (int i = 0; i < bells.length; i++) {
      if (i != me) {
        drop(i);
      }
    }
  }
}
