package org.strait.engine.transport.mpj;

import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.concurrent.locks.LockSupport;
import org.strait.engine.transport.Pipes;
import org.strait.engine.transport.Traffic;

/// Byte streams cut into MPJ messages. Fragment: one message of at most {@value #FRAGMENT_BYTES}
/// bytes, small enough that MPJ sends it at once whether or not the other side waits (its eager
/// limit is 128 KiB). An empty message says that the sender closes. MPJ cannot wait with a time
/// limit, so waiting is polling.
final class MpjPipes implements Pipes {
  static final int FRAGMENT_BYTES = 96 << 10;

  private static final int SLOTS = 4;
  private static final int TAG = 7;
  private static final long POLL_NANOS = 50_000L;
  private static final long LINGER_NANOS = 1_000_000_000L;

  /// Fragments on their way to one member.
  private static final class Outgoing {
    final byte[][] data = new byte[SLOTS][FRAGMENT_BYTES];
    final Object[] requests = new Object[SLOTS];
    int next;
  }

  /// The fragment being read from one member.
  private static final class Incoming {
    final byte[] data = new byte[FRAGMENT_BYTES];
    Object request;
    int at;
    int end;
    boolean ended;
  }

  private final MpjWorld world;
  private final Traffic traffic;
  private final int me;
  private final Outgoing[] outgoing;
  private final Incoming[] incoming;
  private final boolean[] dropped;
  private volatile boolean closed;

  MpjPipes(MpjWorld world, Traffic traffic, int size, int me) {
    this.world = world;
    this.traffic = traffic;
    this.me = me;
    outgoing = new Outgoing[size];
    incoming = new Incoming[size];
    dropped = new boolean[size];
  }

  @Override
  public long write(int to, MemorySegment data, long at, long end) throws IOException {
    checkOpen(to);
    if (outgoing[to] == null) {
      outgoing[to] = new Outgoing();
    }
    Outgoing out = outgoing[to];
    int slot = out.next;
    if (out.requests[slot] != null && world.test(out.requests[slot]) == null) {
      return 0;
    }
    int n = (int) Math.min(end - at, FRAGMENT_BYTES);
    MemorySegment.copy(data, ValueLayout.JAVA_BYTE, at, out.data[slot], 0, n);
    out.requests[slot] = world.isend(out.data[slot], n, to, TAG);
    out.next = (slot + 1) % SLOTS;
    traffic.addSent(to, n);
    return n;
  }

  @Override
  public long read(int from, MemorySegment into, long at, long end) throws IOException {
    checkOpen(from);
    if (incoming[from] == null) {
      incoming[from] = new Incoming();
    }
    Incoming in = incoming[from];
    if (in.at == in.end && !in.ended) {
      if (in.request == null) {
        in.request = world.irecv(in.data, from, TAG);
      }
      Object status = world.test(in.request);
      if (status == null) {
        return 0;
      }
      in.request = null;
      in.at = 0;
      in.end = world.count(status);
      in.ended = in.end == 0;
      traffic.addReceived(from, in.end);
    }
    if (in.ended) {
      return -1;
    }
    int n = (int) Math.min(end - at, in.end - in.at);
    MemorySegment.copy(in.data, in.at, into, ValueLayout.JAVA_BYTE, at, n);
    in.at += n;
    return n;
  }

  @Override
  public void await(int from, int to, Pending pending, long nanos) throws IOException {
    LockSupport.parkNanos(Math.min(nanos, POLL_NANOS));
    Pipes.checkWait(closed);
  }

  @Override
  public void drop(int member) {
    synchronized (dropped) {
      if (dropped[member]) {
        return;
      }
      dropped[member] = true;
    }
    try {
      world.isend(new byte[0], 0, member, TAG);
    } catch (IOException e) {
      // The member is gone: nobody is left to be told.
      System.getLogger(MpjPipes.class.getName()).log(System.Logger.Level.DEBUG, "drop", e);
    }
  }

  @Override
  public void close() {
    closed = true;
    try {
      long startNanos = System.nanoTime();
      while (!sent() && System.nanoTime() - startNanos < LINGER_NANOS) {
        LockSupport.parkNanos(POLL_NANOS);
      }
    } catch (IOException e) {
      System.getLogger(MpjPipes.class.getName()).log(System.Logger.Level.DEBUG, "close", e);
    }
    for (int i = 0; i < outgoing.length; i++) {
      if (i != me) {
        drop(i);
      }
    }
    world.close();
  }

  private boolean sent() throws IOException {
    for (int to = 0; to < outgoing.length; to++) {
      Outgoing out = outgoing[to];
      for (int slot = 0; out != null && !dropped[to] && slot < SLOTS; slot++) {
        if (out.requests[slot] != null) {
          if (world.test(out.requests[slot]) == null) {
            return false;
          }
          out.requests[slot] = null;
        }
      }
    }
    return true;
  }

  private void checkOpen(int member) throws IOException {
    if (closed || dropped[member]) {
      throw new IOException("closed by this rank");
    }
  }
}
