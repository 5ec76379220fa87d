package org.strait.engine.transport.mpi;

import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import org.strait.engine.transport.Pipes;
import org.strait.engine.transport.Traffic;

/// Byte streams cut into MPI messages. Fragment: one message of at most {@value #FRAGMENT_BYTES}
/// bytes; an empty one says that the sender closes. Bytes pass through memory of this object, as
/// MPI cannot be told to let go of memory that its owner wants back after a loss. Written counts
/// what MPI has done with, so a flushed post needs no further call of its sender. MPI cannot wait
/// with a time limit, so waiting is polling.
final class MpiPipes implements Pipes {
  static final int FRAGMENT_BYTES = 128 << 10;

  private static final int SLOTS = 4;
  private static final long LINGER_NANOS = 1_000_000_000L;

  /// Fragments on their way to one member, oldest first, and the bytes in them.
  private static final class Outgoing {
    final MpiMessages.Operation[] slots = new MpiMessages.Operation[SLOTS];
    final int[] bytes = new int[SLOTS];
    int oldest;
    int count;
    long underWayBytes;
  }

  /// The fragment being read from one member.
  private static final class Incoming {
    final MpiMessages.Operation fragment;
    int at;
    int end;
    boolean ended;

    Incoming(Arena arena) {
      fragment = new MpiMessages.Operation(arena, FRAGMENT_BYTES);
    }
  }

  private final MpiGroup group;
  private final MpiMessages messages;
  private final Traffic traffic;
  private final Arena arena = Arena.ofAuto();
  private final Outgoing[] outgoing;
  private final Incoming[] incoming;
  private final boolean[] dropped;
  private volatile long movedNanos;

  MpiPipes(MpiGroup group, Traffic traffic) {
    int n = group.group().size();
    this.group = group;
    this.messages = group.messages();
    this.traffic = traffic;
    outgoing = new Outgoing[n];
    incoming = new Incoming[n];
    dropped = new boolean[n];
    for (int i = 0; i < n; i++) {
      outgoing[i] = new Outgoing();
    }
    movedNanos = System.nanoTime();
  }

  @Override
  public long write(int to, MemorySegment data, long at, long end) throws IOException {
    Outgoing out = outgoing[to];
    synchronized (out) {
      checkOpen(to);
      if (group.hasLeft(to)) {
        // What it had received before is done by now.
        long done = reap(out);
        if (done > 0) {
          return moved(done);
        }
        throw new IOException("closed by the member");
      }
      // What is under way begins at at: it was offered before.
      long next = at + out.underWayBytes;
      while (next < end && out.count < SLOTS) {
        int slot = (out.oldest + out.count) % SLOTS;
        if (out.slots[slot] == null) {
          out.slots[slot] = new MpiMessages.Operation(arena, FRAGMENT_BYTES);
        }
        int n = (int) Math.min(end - next, FRAGMENT_BYTES);
        MemorySegment.copy(data, next, out.slots[slot].data, 0, n);
        messages.send(out.slots[slot], n, to, MpiGroup.DATA_TAG);
        traffic.addSent(to, n);
        out.bytes[slot] = n;
        out.underWayBytes += n;
        out.count++;
        next += n;
      }
      return moved(reap(out));
    }
  }

  // Bytes of the oldest fragments that MPI has done with.
  private long reap(Outgoing out) throws IOException {
    long done = 0;
    while (out.count > 0 && messages.done(out.slots[out.oldest])) {
      done += out.bytes[out.oldest];
      out.oldest = (out.oldest + 1) % SLOTS;
      out.count--;
    }
    out.underWayBytes -= done;
    return done;
  }

  @Override
  public long read(int from, MemorySegment into, long at, long end) throws IOException {
    // Made by the one thread that reads.
    if (incoming[from] == null) {
      incoming[from] = new Incoming(arena);
    }
    Incoming in = incoming[from];
    synchronized (in) {
      checkOpen(from);
      if (in.at == in.end && !in.ended && !fetch(in, from)) {
        return 0;
      }
      if (in.ended) {
        return -1;
      }
      int n = (int) Math.min(end - at, in.end - in.at);
      MemorySegment.copy(in.fragment.data, in.at, into, at, n);
      in.at += n;
      traffic.addReceived(from, n);
      return moved(n);
    }
  }

  private boolean fetch(Incoming in, int from) throws IOException {
    if (!in.fragment.underWay()) {
      if (!messages.arrived(in.fragment, from, MpiGroup.DATA_TAG)) {
        return false;
      }
      messages.receive(in.fragment, from, MpiGroup.DATA_TAG);
    }
    if (!messages.done(in.fragment)) {
      return false;
    }
    in.at = 0;
    in.end = messages.received(in.fragment);
    in.ended = in.end == 0;
    return true;
  }

  private long moved(long bytes) {
    if (bytes > 0) {
      movedNanos = System.nanoTime();
    }
    return bytes;
  }

  @Override
  public void await(int from, int to, Pending pending, long nanos) throws IOException {
    group.poll();
    if (group.isAsked()) {
      group.announce();
    }
    MpiGroup.pause(System.nanoTime() - movedNanos, nanos);
    Pipes.checkWait(group.isClosed());
  }

  @Override
  public void drop(int member) {
    synchronized (dropped) {
      if (dropped[member]) {
        return;
      }
      dropped[member] = true;
    }
    if (!group.isClosed()) {
      group.lost();
    }
    try {
      group.sayClosed(member);
    } catch (IOException e) {
      // Nobody is left to be told.
      System.getLogger(MpiPipes.class.getName()).log(System.Logger.Level.DEBUG, "drop", e);
    }
  }

  @Override
  public void close() {
    long startNanos = System.nanoTime();
    while (busy(true) && System.nanoTime() - startNanos < LINGER_NANOS) {
      MpiGroup.pause(System.nanoTime() - startNanos, LINGER_NANOS);
    }
    group.close(busy(false) ? this : null);
    for (int i = 0; i < outgoing.length; i++) {
      if (i != group.group().me()) {
        drop(i);
      }
    }
  }

  /// Whether MPI has not done yet with all memory of this object.
  ///
  /// @param hopeful looks only at members that are still there
  private boolean busy(boolean hopeful) {
    try {
      boolean busy = false;
      for (int i = 0; i < outgoing.length; i++) {
        if (!hopeful || (!isDropped(i) && !group.hasLeft(i))) {
          busy |= busy(i);
        }
      }
      return busy;
    } catch (IOException e) {
      System.getLogger(MpiPipes.class.getName()).log(System.Logger.Level.DEBUG, "close", e);
      return !hopeful;
    }
  }

  private boolean busy(int member) throws IOException {
    Outgoing out = outgoing[member];
    synchronized (out) {
      reap(out);
      if (out.count > 0) {
        return true;
      }
    }
    Incoming in = incoming[member];
    if (in == null) {
      return false;
    }
    synchronized (in) {
      return !messages.done(in.fragment);
    }
  }

  private void checkOpen(int member) throws IOException {
    if (isDropped(member) || group.isClosed()) {
      throw new IOException("closed by this rank");
    }
  }

  private boolean isDropped(int member) {
    synchronized (dropped) {
      return dropped[member];
    }
  }
}
