package org.strait.engine.transport;

import java.lang.foreign.MemorySegment;
import java.util.concurrent.atomic.AtomicReferenceArray;
import org.strait.engine.topology.Group;

/// A group whose members may be reached over connections of their own: first over those that the
/// group was joined with, and, after {@link #replace}, over those of a pair. So a member that was
/// lost can come back while the others never notice. Counts are those of all connections together.
public final class PairedTransport implements Transport {
  private final Group group;
  private final Traffic traffic;
  private final AtomicReferenceArray<Transport> pairs;
  private final AtomicReferenceArray<Pusher> pushers;
  private volatile Transport whole;

  /// Moves on what was posted to one member while this rank waits for another: a transport does so
  /// for its own members only. A thread (strait-push-DC), once there are several transports.
  private final class Pusher {
    private static final Deadline PATIENT = new Deadline("sending", Long.MAX_VALUE);

    private final int to;
    private boolean posted;
    private boolean closed;

    Pusher(int to) {
      this.to = to;
      Thread.ofPlatform()
          .daemon()
          .name("strait-push-" + group.members().get(to).dc())
          .start(this::run);
    }

    private void run() {
      try {
        while (taken()) {
          try {
            flush(to, PATIENT);
          } catch (PeerLostException | IllegalStateException e) {
            // Whoever waits for the member is told.
            System.getLogger(PairedTransport.class.getName())
                .log(System.Logger.Level.DEBUG, "push", e);
          }
        }
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
      }
    }

    private synchronized boolean taken() throws InterruptedException {
      while (!posted && !closed) {
        wait();
      }
      posted = false;
      return !closed;
    }

    synchronized void posted() {
      posted = true;
      notifyAll();
    }

    synchronized void close() {
      closed = true;
      notifyAll();
    }
  }

  private PairedTransport(Group group, Transport whole, Traffic traffic) {
    this.group = group;
    this.whole = whole;
    this.traffic = traffic;
    pairs = new AtomicReferenceArray<>(group.size());
    pushers = new AtomicReferenceArray<>(group.size());
  }

  /// Begins with the connections of the whole group.
  public static PairedTransport over(Transport whole) {
    return new PairedTransport(whole.group(), whole, whole.traffic().withOwnPosts());
  }

  /// Begins without any connection: every member that is spoken to is replaced before.
  public static PairedTransport empty(Group group) {
    return new PairedTransport(group, null, new Traffic(group.size()));
  }

  /// The members that are not replaced are reached by this one from now on, which uses the same
  /// connections.
  public void whole(Transport other) {
    whole = other;
  }

  /// A member is reached over this pair from now on. No other thread may be using the member.
  ///
  /// @param pair a group of two: this rank and the member; closed with this
  public void replace(int member, Transport pair) {
    Transport before = pairs.getAndSet(member, pair);
    if (before != null) {
      before.close();
    }
    traffic.join(member, pair.traffic(), 1 - pair.group().me());
    for (int i = 0; i < group.size(); i++) {
      if (i != group.me() && pushers.get(i) == null) {
        pushers.set(i, new Pusher(i));
      }
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
  public void post(int to, MemorySegment data, long offset, long bytes) {
    traffic.addPost(to);
    Transport pair = pairs.get(to);
    if (pair == null) {
      whole(to).post(to, data, offset, bytes);
    } else {
      pair.post(1 - pair.group().me(), data, offset, bytes);
    }
    Pusher pusher = pushers.get(to);
    if (pusher != null) {
      pusher.posted();
    }
  }

  @Override
  public void receive(int from, MemorySegment into, long offset, long bytes, Deadline deadline) {
    Transport pair = pairs.get(from);
    if (pair == null) {
      whole(from).receive(from, into, offset, bytes, deadline);
      return;
    }
    pair.receive(1 - pair.group().me(), into, offset, bytes, deadline);
  }

  @Override
  public void flush(int to, Deadline deadline) {
    Transport pair = pairs.get(to);
    if (pair == null) {
      whole(to).flush(to, deadline);
      return;
    }
    pair.flush(1 - pair.group().me(), deadline);
  }

  @Override
  public void flush(Deadline deadline) {
    if (whole != null) {
      whole.flush(deadline);
    }
    for (int i = 0; i < pairs.length(); i++) {
      if (pairs.get(i) != null) {
        pairs.get(i).flush(deadline);
      }
    }
  }

  @Override
  public void drain(Deadline deadline) {
    if (whole != null) {
      whole.drain(deadline);
    }
    for (int i = 0; i < pairs.length(); i++) {
      if (pairs.get(i) != null) {
        pairs.get(i).drain(deadline);
      }
    }
  }

  @Override
  public void drop(int member) {
    Transport pair = pairs.get(member);
    if (pair != null) {
      pair.drop(1 - pair.group().me());
    } else if (whole != null) {
      whole.drop(member);
    }
  }

  @Override
  public void close() {
    for (int i = 0; i < pushers.length(); i++) {
      if (pushers.get(i) != null) {
        pushers.get(i).close();
      }
    }
    for (int i = 0; i < pairs.length(); i++) {
      if (pairs.get(i) != null) {
        pairs.get(i).close();
      }
    }
    if (whole != null) {
      whole.close();
    }
  }

  private Transport whole(int member) {
    if (whole == null) {
      throw new PeerLostException(
          group.members().get(member), "connecting", 0, "there is no connection");
    }
    return whole;
  }
}
