package org.strait.engine;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicIntegerArray;
import java.util.concurrent.atomic.AtomicReferenceArray;
import java.util.concurrent.locks.LockSupport;
import java.util.function.UnaryOperator;
import org.strait.engine.exchange.LinkBytes;
import org.strait.engine.exchange.Membership;
import org.strait.engine.ledger.Ledger;
import org.strait.engine.ledger.MessageKind;
import org.strait.engine.rendezvous.RendezvousException;
import org.strait.engine.topology.Group;
import org.strait.engine.transport.PairedTransport;
import org.strait.engine.transport.PeerLostException;
import org.strait.engine.transport.Transport;

/// How a DC that was lost finds the others again, at a {@link Door}. A thread (strait-returns) of
/// every survivor looks twice a second, while somebody is lost, and connects; the thread that
/// exchanges takes the connection over. One that came, and comes again before it was let in, has
/// given its first connection up: only the thread that exchanges may close that, between two ticks,
/// since a wish to let the DC in may be under way.
final class Returns implements Membership.Admission, AutoCloseable {
  static final long PATIENCE_NANOS = 60_000_000_000L;
  private static final long LOOK_NANOS = 500_000_000L;

  private final Group group;
  private final PairedTransport transport;
  private final Door door;
  private final UnaryOperator<Transport> shape;
  private final Ledger ledger;
  private final AtomicReferenceArray<Transport> ready;
  private final AtomicIntegerArray stale;
  private Membership members;
  private Thread thread;
  private volatile boolean closed;

  /// @param shape makes a pair's links as slow as they should be
  Returns(PairedTransport transport, Door door, UnaryOperator<Transport> shape, Ledger ledger) {
    this.transport = transport;
    group = transport.group();
    this.door = door;
    this.shape = shape;
    this.ledger = ledger;
    ready = new AtomicReferenceArray<>(group.size());
    stale = new AtomicIntegerArray(group.size());
  }

  static RendezvousException nobody(String me) {
    return new RendezvousException(
        "no data centre answers "
            + me
            + ", which wants to come back, within "
            + PATIENCE_NANOS / 1_000_000_000L
            + " s: the training may have ended");
  }

  /// Looks for DCs that come back, until it is closed.
  void watch(Membership who) {
    members = who;
    thread = Thread.ofPlatform().name("strait-returns").daemon().start(this::run);
  }

  /// Connects a DC that comes back with all survivors; returns their numbers.
  ///
  /// @throws RendezvousException if nobody answers
  List<Integer> comeBack() {
    List<Integer> survivors = new ArrayList<>();
    for (Map.Entry<Integer, Transport> pair : door.enter().entrySet()) {
      transport.replace(pair.getKey(), shape.apply(pair.getValue()));
      survivors.add(pair.getKey());
    }
    return survivors;
  }

  private void run() {
    while (!closed) {
      for (int p = 0; p < group.size() && !closed; p++) {
        if (p != group.me() && !members.isThere(p) && door.hears(p)) {
          look(p);
        }
      }
      LockSupport.parkNanos(LOOK_NANOS);
    }
  }

  private void look(int p) {
    if (ready.get(p) != null) {
      stale.set(p, 1);
      return;
    }
    try {
      List<Integer> known = new ArrayList<>();
      for (int q = 0; q < group.size(); q++) {
        if (q == group.me() || members.isThere(q)) {
          known.add(q);
        }
      }
      Transport pair = door.open(p, known);
      stale.set(p, 0);
      ready.set(p, pair);
    } catch (RendezvousException | PeerLostException e) {
      // It did not come after all, or the store is gone: training goes on as it was.
      System.getLogger(Returns.class.getName())
          .log(System.Logger.Level.INFO, dc(p) + " does not come back: " + e.getMessage());
    }
  }

  @Override
  public int candidate() {
    for (int p = 0; p < group.size(); p++) {
      Transport pair = ready.get(p);
      if (pair != null && stale.get(p) == 0) {
        return p;
      }
      if (pair != null) {
        ready.set(p, null);
        pair.close();
      }
    }
    return -1;
  }

  @Override
  public void admit(int dc) {
    Transport pair = ready.get(dc);
    int other = 1 - pair.group().me();
    // What encryption adds is counted with all that it adds.
    long bytes = pair.traffic().bytesSent(other) - pair.traffic().tlsSent(other);
    if (bytes > 0) {
      members.links().add(dc, LinkBytes.Kind.CONNECT, bytes);
      ledger.sent(dc, MessageKind.CONNECT, 0, bytes);
    }
    transport.replace(dc, shape.apply(pair));
    ready.set(dc, null);
  }

  private String dc(int p) {
    return group.members().get(p).dc();
  }

  @Override
  public void close() {
    closed = true;
    if (thread != null) {
      LockSupport.unpark(thread);
    }
    for (int p = 0; p < ready.length(); p++) {
      Transport pair = ready.getAndSet(p, null);
      if (pair != null) {
        pair.close();
      }
    }
  }
}
