package org.strait.engine.transport;

import java.io.IOException;
import java.io.InterruptedIOException;
import java.lang.foreign.MemorySegment;

/// The rings of one rank, and the bells of all: a rank that moved bytes rings for the other end.
public final class RingPipes implements Pipes {
  /// Tells who can no longer ring.
  @FunctionalInterface
  public interface Watch {
    /// Why a member is gone, or null while it may still move bytes.
    String whyGone(int member);

    /// Called once, when the pipes have closed.
    default void close() {}
  }

  private final Ring[][] rings;
  private final Bell[] bells;
  private final Traffic traffic;
  private final int me;
  private final Watch watch;
  private volatile boolean closed;

  /// @param rings first index the writing, second the reading member
  /// @param bells one per member
  /// @param traffic where bytes are counted
  /// @param me index of this rank
  /// @param watch asked about members that are waited for
  public RingPipes(Ring[][] rings, Bell[] bells, Traffic traffic, int me, Watch watch) {
    this.rings = rings;
    this.bells = bells;
    this.traffic = traffic;
    this.me = me;
    this.watch = watch;
  }

  @Override
  public long write(int to, MemorySegment data, long at, long end) throws IOException {
    long n;
    try {
      n = rings[me][to].write(data, at, end);
    } catch (IllegalStateException e) {
      throw gone(e);
    }
    if (n > 0) {
      traffic.addSent(to, n);
      bells[to].ring();
    }
    return n;
  }

  @Override
  public long read(int from, MemorySegment into, long at, long end) throws IOException {
    long n;
    try {
      n = rings[from][me].read(into, at, end);
    } catch (IllegalStateException e) {
      throw gone(e);
    }
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
    } catch (IllegalStateException e) {
      throw gone(e);
    }
    Pipes.checkWait(closed);
    try {
      look(from, to, pending);
    } catch (IllegalStateException e) {
      throw gone(e);
    }
  }

  /// A member that is gone may have left bytes: they are read first.
  private void look(int from, int to, Pending pending) throws IOException {
    if (!ready(from, to, pending)) {
      for (int i = 0; i < bells.length; i++) {
        if (i != me && (i == from || ((to == NOBODY || to == i) && pending.to(i)))) {
          String why = watch.whyGone(i);
          if (why != null && !ready(from, to, pending)) {
            throw new IOException(why);
          }
        }
      }
    }
  }

  /// Memory that was taken away because this side was closed meanwhile.
  private IOException gone(IllegalStateException e) {
    if (!closed) {
      throw e;
    }
    return new IOException("closed by this rank", e);
  }

  /// Whether an await with these arguments has nothing to wait for.
  public boolean ready(int from, int to, Pending pending) {
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
    watch.close();
  }
}
