package org.strait.engine;

import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.Collectors;
import org.strait.engine.rendezvous.RendezvousException;
import org.strait.engine.rendezvous.Store;
import org.strait.engine.topology.Group;
import org.strait.engine.topology.Member;
import org.strait.engine.transport.ConnectOptions;
import org.strait.engine.transport.Transport;
import org.strait.engine.transport.Transports;

/// DCs of one launch meet through its store: the one that comes back says that it is there ({@code
/// rejoin/DC}, the number of its life); every survivor answers with those that it knows ({@code
/// rejoin/DC/LIFE/SURVIVOR}); then the returning DC and each of them connect as a group of two.
final class StoreDoor implements Door {
  private static final long LOOK_NANOS = 50_000_000L;

  private final Group group;
  private final Store store;
  private final String name;
  private final ConnectOptions connect;
  private final int life;
  private final int[] lives;

  /// @param name of the transport between DCs
  /// @param life of this DC
  StoreDoor(Group group, Store store, String name, ConnectOptions connect, int life) {
    this.group = group;
    this.store = store;
    this.name = name;
    this.connect = connect.withTimeoutSeconds(Returns.PATIENCE_NANOS / 1e9);
    this.life = life;
    lives = new int[group.size()];
    Arrays.fill(lives, 1);
  }

  @Override
  public Map<Integer, Transport> enter() {
    String me = dc(group.me());
    store.set("rejoin/" + me, "" + life);
    long startNanos = System.nanoTime();
    while (System.nanoTime() - startNanos < Returns.PATIENCE_NANOS) {
      for (int p = 0; p < group.size(); p++) {
        String known = store.peek("rejoin/" + me + "/" + life + "/" + dc(p));
        if (p != group.me() && known != null) {
          return connectTo(known);
        }
      }
      LockSupport.parkNanos(LOOK_NANOS);
    }
    throw Returns.nobody(me);
  }

  private Map<Integer, Transport> connectTo(String known) {
    Map<Integer, Transport> survivors = new LinkedHashMap<>();
    for (String word : known.split(",", -1)) {
      int p = Integer.parseInt(word);
      survivors.put(p, pair(group.me(), p, life));
    }
    return survivors;
  }

  @Override
  public boolean hears(int dc) {
    try {
      String said = store.peek("rejoin/" + dc(dc));
      return said != null && Integer.parseInt(said) > lives[dc];
    } catch (RendezvousException e) {
      // The store is gone: so is the launch.
      System.getLogger(StoreDoor.class.getName()).log(System.Logger.Level.DEBUG, dc(dc), e);
      return false;
    }
  }

  @Override
  public Transport open(int dc, List<Integer> known) {
    lives[dc] = Integer.parseInt(store.peek("rejoin/" + dc(dc)));
    store.set(
        "rejoin/" + dc(dc) + "/" + lives[dc] + "/" + dc(group.me()),
        known.stream().map(String::valueOf).collect(Collectors.joining(",")));
    return pair(dc, group.me(), lives[dc]);
  }

  private Transport pair(int back, int survivor, int backLife) {
    Member low = group.members().get(Math.min(back, survivor));
    Member high = group.members().get(Math.max(back, survivor));
    String pairName = group.name() + "-" + dc(back) + "-" + dc(survivor) + "~" + backLife;
    int me = group.me() == Math.min(back, survivor) ? 0 : 1;
    return Transports.connect(name, new Group(pairName, List.of(low, high), me), store, connect);
  }

  private String dc(int p) {
    return group.members().get(p).dc();
  }
}
