package org.strait.engine;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicReferenceArray;
import java.util.concurrent.locks.LockSupport;
import java.util.function.UnaryOperator;
import org.strait.engine.exchange.LinkBytes;
import org.strait.engine.exchange.Membership;
import org.strait.engine.ledger.Ledger;
import org.strait.engine.ledger.MessageKind;
import org.strait.engine.rendezvous.RendezvousException;
import org.strait.engine.rendezvous.Store;
import org.strait.engine.topology.Group;
import org.strait.engine.topology.Member;
import org.strait.engine.transport.ConnectOptions;
import org.strait.engine.transport.PairedTransport;
import org.strait.engine.transport.Transport;
import org.strait.engine.transport.Transports;

/// How a DC that was lost finds the others again, through the store: it says that it is there
/// ({@code rejoin/DC}, the number of its life); every survivor answers with those that it knows
/// ({@code rejoin/DC/LIFE/SURVIVOR}); then the returning DC and each of them connect as a group of
/// two. A thread (strait-returns) of every survivor looks twice a second, while somebody is lost.
final class Returns implements Membership.Admission, AutoCloseable {
  private static final long LOOK_NANOS = 500_000_000L;
  private static final long PATIENCE_NANOS = 60_000_000_000L;

  private final Group group;
  private final PairedTransport transport;
  private final Store store;
  private final String name;
  private final ConnectOptions connect;
  private final UnaryOperator<Transport> shape;
  private final Ledger ledger;
  private final AtomicReferenceArray<Transport> ready;
  private final int[] lives;
  private Membership members;
  private Thread thread;
  private volatile boolean closed;

  /// @param name of the transport between DCs
  /// @param shape makes a pair's links as slow as they should be
  Returns(
      PairedTransport transport,
      Store store,
      String name,
      ConnectOptions connect,
      UnaryOperator<Transport> shape,
      Ledger ledger) {
    this.transport = transport;
    group = transport.group();
    this.store = store;
    this.name = name;
    this.connect = connect.withTimeoutSeconds(PATIENCE_NANOS / 1e9);
    this.shape = shape;
    this.ledger = ledger;
    ready = new AtomicReferenceArray<>(group.size());
    lives = new int[group.size()];
    java.util.Arrays.fill(lives, 1);
  }

  /// Looks for DCs that come back, until it is closed.
  void watch(Membership who) {
    members = who;
    thread = Thread.ofPlatform().name("strait-returns").daemon().start(this::run);
  }

  /// Connects a DC that comes back with all survivors; returns their numbers.
  ///
  /// @throws RendezvousException if nobody answers
  List<Integer> comeBack(int life) {
    String me = dc(group.me());
    store.set("rejoin/" + me, "" + life);
    long startNanos = System.nanoTime();
    while (System.nanoTime() - startNanos < PATIENCE_NANOS) {
      for (int p = 0; p < group.size(); p++) {
        String known = store.peek("rejoin/" + me + "/" + life + "/" + dc(p));
        if (p != group.me() && known != null) {
          return connectTo(known, life);
        }
      }
      LockSupport.parkNanos(LOOK_NANOS / 10);
    }
    throw new RendezvousException(
        "no data centre answers "
            + me
            + ", which wants to come back, within "
            + PATIENCE_NANOS / 1_000_000_000L
            + " s: the training may have ended");
  }

  private List<Integer> connectTo(String known, int life) {
    List<Integer> survivors = new ArrayList<>();
    for (String word : known.split(",", -1)) {
      int p = Integer.parseInt(word);
      transport.replace(p, shape.apply(pair(group.me(), p, life)));
      survivors.add(p);
    }
    return survivors;
  }

  private Transport pair(int back, int survivor, int life) {
    Member low = group.members().get(Math.min(back, survivor));
    Member high = group.members().get(Math.max(back, survivor));
    String pairName = group.name() + "-" + dc(back) + "-" + dc(survivor) + "~" + life;
    int me = group.me() == Math.min(back, survivor) ? 0 : 1;
    return Transports.connect(name, new Group(pairName, List.of(low, high), me), store, connect);
  }

  private void run() {
    while (!closed) {
      for (int p = 0; p < group.size() && !closed; p++) {
        if (p != group.me() && !members.isThere(p) && ready.get(p) == null) {
          look(p);
        }
      }
      LockSupport.parkNanos(LOOK_NANOS);
    }
  }

  private void look(int p) {
    try {
      String life = store.peek("rejoin/" + dc(p));
      if (life == null || Integer.parseInt(life) <= lives[p]) {
        return;
      }
      lives[p] = Integer.parseInt(life);
      StringBuilder known = new StringBuilder();
      for (int q = 0; q < group.size(); q++) {
        if (q == group.me() || members.isThere(q)) {
          known.append(known.isEmpty() ? "" : ",").append(q);
        }
      }
      store.set("rejoin/" + dc(p) + "/" + life + "/" + dc(group.me()), known.toString());
      ready.set(p, pair(p, group.me(), lives[p]));
    } catch (RendezvousException e) {
      // It did not come after all, or the store is gone: training goes on as it was.
      System.getLogger(Returns.class.getName())
          .log(System.Logger.Level.INFO, dc(p) + " does not come back: " + e.getMessage());
    }
  }

  @Override
  public int candidate() {
    for (int p = 0; p < group.size(); p++) {
      if (ready.get(p) != null) {
        return p;
      }
    }
    return -1;
  }

  @Override
  public void admit(int dc) {
    Transport pair = ready.get(dc);
    long bytes = pair.traffic().bytesSent(1 - pair.group().me());
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
