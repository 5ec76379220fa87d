package org.strait.engine.transport;

import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicReferenceArray;
import java.util.function.LongSupplier;
import org.strait.engine.topology.Group;

/// The transport over any {@link Pipes}: queues what was posted, moves it on while receiving,
/// watches the deadlines and names who was lost. A wait tries a few times, then parks in the pipes.
@SuppressWarnings("ThreadPriorityCheck") // whom it waits for may need this very core
public final class PipedTransport implements Transport {
  // About half a millisecond of failed reads of a socket, the core offered to others after each: a
  // rank that shares it goes on at once, and nobody pays for being woken while bytes still move.
  private static final int TRIES_BEFORE_PARKING = 1000;
  private static final long LINGER_NANOS = 1_000_000_000L;

  private final Group group;
  private final Traffic traffic;
  private final Pipes pipes;
  private final LongSupplier nanoTime;
  private final GroupCollectives whole;
  private final Outbox[] outboxes;
  private final AtomicReferenceArray<String> lost;
  private final Pipes.Pending pending = this::hasPosted;
  private final AtomicBoolean closing = new AtomicBoolean();
  private volatile boolean closed;

  /// @param traffic where the pipes count
  /// @param nanoTime clock for deadlines, in nanoseconds
  public PipedTransport(Group group, Traffic traffic, Pipes pipes, LongSupplier nanoTime) {
    this(group, traffic, pipes, nanoTime, null);
  }

  /// @param whole what the group does without the pipes, or null; the pipes' close ends it too
  public PipedTransport(
      Group group, Traffic traffic, Pipes pipes, LongSupplier nanoTime, GroupCollectives whole) {
    this.group = group;
    this.traffic = traffic;
    this.pipes = pipes;
    this.nanoTime = nanoTime;
    this.whole = whole;
    this.outboxes = new Outbox[group.size()];
    this.lost = new AtomicReferenceArray<>(group.size());
    for (int i = 0; i < outboxes.length; i++) {
      outboxes[i] = new Outbox(i);
    }
  }

  @Override
  public Group group() {
    return group;
  }

  @Override
  public Traffic traffic() {
    return traffic;
  }

  @Override
  public Optional<GroupCollectives> groupCollectives() {
    return Optional.ofNullable(whole);
  }

  @Override
  public void post(int to, MemorySegment data, long offset, long bytes) {
    checkCall(to, data, offset, bytes);
    String why = lost.get(to);
    if (why != null && outboxes[to].isEmpty()) {
      throw new PeerLostException(group.members().get(to), "sending", 0, why);
    }
    traffic.addPost(to);
    outboxes[to].add(data, offset, bytes);
    if (why == null) {
      try {
        outboxes[to].push(pipes);
      } catch (IOException e) {
        // The next wait knows its phase and names the member.
        lost.compareAndSet(to, null, reason(e));
      }
    }
  }

  @Override
  public void receive(int from, MemorySegment into, long offset, long bytes, Deadline deadline) {
    checkCall(from, into, offset, bytes);
    long at = offset;
    long end = offset + bytes;
    int tries = 0;
    long quietSince = 0;
    while (at < end) {
      long waited = tries == 0 ? 0 : nanoTime.getAsLong() - quietSince;
      long read = read(from, into, at, end, offset, deadline, waited);
      at += read;
      if (read + pushAllWhileReceiving(at - offset, deadline, waited) > 0) {
        tries = 0;
      } else if (tries++ == 0) {
        quietSince = nanoTime.getAsLong();
      } else if (tries < TRIES_BEFORE_PARKING) {
        Thread.yield();
      } else {
        park(from, Pipes.NOBODY, from, deadline, waited);
      }
    }
  }

  @Override
  public void flush(int to, Deadline deadline) {
    checkCall(to, MemorySegment.NULL, 0, 0);
    flush(to, to, deadline);
  }

  @Override
  public void flush(Deadline deadline) {
    checkOpen();
    flush(0, Pipes.NOBODY, deadline);
  }

  @Override
  public void drop(int member) {
    if (lost.compareAndSet(member, null, "dropped by this rank")) {
      outboxes[member].clear();
      pipes.drop(member);
    }
  }

  @Override
  public void close() {
    if (!closing.compareAndSet(false, true)) {
      return;
    }
    Deadline linger = new Deadline("close", LINGER_NANOS);
    for (int i = 0; i < outboxes.length; i++) {
      if (lost.get(i) == null && !outboxes[i].isEmpty()) {
        try {
          flush(i, i, linger);
        } catch (PeerLostException e) {
          lost.compareAndSet(i, null, "gone at close");
        }
      }
    }
    closed = true;
    pipes.close();
  }

  /// Flushes one member, or all if {@code to} is NOBODY; {@code first} is where blame starts.
  private void flush(int first, int to, Deadline deadline) {
    int tries = 0;
    long quietSince = 0;
    int blamed = pendingFrom(first, to);
    while (blamed != Pipes.NOBODY) {
      long waited = tries == 0 ? 0 : nanoTime.getAsLong() - quietSince;
      long moved = to == Pipes.NOBODY ? pushAll(deadline, waited) : push(to, deadline, waited);
      if (moved > 0) {
        tries = 0;
      } else if (tries++ == 0) {
        quietSince = nanoTime.getAsLong();
      } else if (tries < TRIES_BEFORE_PARKING) {
        Thread.yield();
      } else if (!outboxes[blamed].isEmpty()) {
        park(Pipes.NOBODY, to, blamed, deadline, waited);
      }
      blamed = pendingFrom(first, to);
    }
  }

  private int pendingFrom(int first, int to) {
    for (int i = first; i < (to == Pipes.NOBODY ? outboxes.length : to + 1); i++) {
      if (!outboxes[i].isEmpty()) {
        return i;
      }
    }
    return Pipes.NOBODY;
  }

  private long read(
      int from,
      MemorySegment into,
      long at,
      long end,
      long offset,
      Deadline deadline,
      long waitedNanos) {
    String known = lost.get(from);
    if (known != null) {
      throw lose(from, deadline, waitedNanos, known);
    }
    long read;
    try {
      read = pipes.read(from, into, at, end);
    } catch (IOException e) {
      throw lose(from, deadline, waitedNanos, reason(e));
    }
    if (read < 0) {
      String part =
          at == offset ? "" : " after " + (at - offset) + " of " + (end - offset) + " bytes";
      throw lose(from, deadline, waitedNanos, "connection closed" + part);
    }
    return read;
  }

  private long pushAllWhileReceiving(long received, Deadline deadline, long waitedNanos) {
    try {
      return pushAll(deadline, waitedNanos);
    } catch (PeerLostException e) {
      throw received == 0 ? e : e.whileReceiving(received);
    }
  }

  private long pushAll(Deadline deadline, long waitedNanos) {
    long moved = 0;
    for (int i = 0; i < outboxes.length; i++) {
      if (!outboxes[i].isEmpty()) {
        moved += push(i, deadline, waitedNanos);
      }
    }
    return moved;
  }

  private long push(int to, Deadline deadline, long waitedNanos) {
    String known = lost.get(to);
    if (known != null) {
      throw lose(to, deadline, waitedNanos, known);
    }
    try {
      return outboxes[to].push(pipes);
    } catch (IOException e) {
      throw lose(to, deadline, waitedNanos, reason(e));
    }
  }

  private void park(int from, int to, int blamed, Deadline deadline, long waitedNanos) {
    long leftNanos = deadline.idleNanos() - waitedNanos;
    if (leftNanos <= 0) {
      throw lose(blamed, deadline, waitedNanos, "silent for longer than the deadline");
    }
    try {
      pipes.await(from, to, pending, leftNanos);
    } catch (IOException e) {
      throw lose(blamed, deadline, waitedNanos, reason(e));
    }
  }

  private PeerLostException lose(int member, Deadline deadline, long waitedNanos, String why) {
    String reason = why;
    if (closed) {
      reason = "transport closed by this rank";
    } else if (lost.compareAndSet(member, null, why) || !outboxes[member].isEmpty()) {
      outboxes[member].clear();
      pipes.drop(member);
    }
    return new PeerLostException(
        group.members().get(member), deadline.phase(), waitedNanos, reason);
  }

  private boolean hasPosted(int member) {
    return !outboxes[member].isEmpty();
  }

  private void checkCall(int member, MemorySegment segment, long offset, long bytes) {
    checkOpen();
    Objects.checkIndex(member, outboxes.length);
    if (member == group.me()) {
      throw new IllegalArgumentException(
          "member " + member + " of group " + group.name() + " speaks to itself");
    }
    Objects.checkFromIndexSize(offset, bytes, segment.byteSize());
  }

  private void checkOpen() {
    if (closed) {
      throw new IllegalStateException("transport of group " + group.name() + " is closed");
    }
  }

  private static String reason(IOException e) {
    return "connection closed: " + (e.getMessage() == null ? e : e.getMessage());
  }
}
