package org.strait.engine;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.net.InetSocketAddress;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.strait.engine.rendezvous.RendezvousException;
import org.strait.engine.topology.Group;
import org.strait.engine.topology.Topology;
import org.strait.engine.transport.ConnectOptions;
import org.strait.engine.transport.Deadline;
import org.strait.engine.transport.GatewayListener;
import org.strait.engine.transport.PeerLostException;
import org.strait.engine.transport.Transport;
import org.strait.memory.Bytes;
import org.strait.memory.HostMemory;

/// DCs with launches of their own meet at their gateways' ports: the one that comes back connects
/// to each of the others as a group of two, survivor first, whose name says so. A survivor that
/// hears it joins, and says whom it knows: a bit for each DC, from the lowest. The returning DC is
/// done when it is connected to all that were named; until then it tries again, so survivors may
/// notice its return in any order, and one whose connection it gave up hears it once more.
final class GatewayDoor implements Door {
  private static final double TRY_SECONDS = 3;
  private static final double ANSWER_SECONDS = 10;

  private final Group group;
  private final GatewayListener listener;
  private final List<InetSocketAddress> addresses;
  private final ConnectOptions connect;
  private final Topology topology;
  private final String settings;

  /// @param addresses of the gateways, in DC order
  /// @param settings what all DCs have in common: with another value nobody is heard
  GatewayDoor(
      Group group,
      GatewayListener listener,
      List<InetSocketAddress> addresses,
      ConnectOptions connect,
      Topology topology,
      String settings) {
    this.group = group;
    this.listener = listener;
    this.addresses = addresses;
    this.connect = connect;
    this.topology = topology;
    this.settings = settings;
  }

  @Override
  public Map<Integer, Transport> enter() {
    Map<Integer, Transport> survivors = new LinkedHashMap<>();
    BitSet missing = new BitSet(); // those that were named and are not connected
    String why = "";
    boolean done = false;
    long startNanos = System.nanoTime();
    try {
      while (System.nanoTime() - startNanos < Returns.PATIENCE_NANOS) {
        for (int p = 0; p < group.size() && !done; p++) {
          boolean wanted = survivors.isEmpty() || missing.get(p);
          if (p == group.me() || !wanted) {
            continue;
          }
          try {
            missing.or(enter(p, survivors));
          } catch (RendezvousException | PeerLostException e) {
            why = e.getMessage();
          }
          missing.clear(group.me());
          survivors.keySet().forEach(missing::clear);
          done = !survivors.isEmpty() && missing.isEmpty();
        }
        if (done) {
          return survivors;
        }
      }
    } finally {
      if (!done) {
        survivors.values().forEach(Transport::close);
      }
    }
    throw survivors.isEmpty()
        ? Returns.nobody(dc(group.me()))
        : new RendezvousException(
            dc(group.me()) + " cannot come back, since not all survivors answer: " + why);
  }

  /// Connects with a survivor; returns whom it knows.
  private BitSet enter(int p, Map<Integer, Transport> survivors) {
    Transport pair = join(p, group.me(), TRY_SECONDS);
    boolean done = false;
    try (HostMemory memory = HostMemory.unlimited("return")) {
      Bytes mask = memory.bytes(maskBytes());
      pair.receive(0, mask.segment(), Deadline.seconds("coming back", ANSWER_SECONDS));
      survivors.put(p, pair);
      done = true;
      return BitSet.valueOf(mask.segment().toArray(ValueLayout.JAVA_BYTE));
    } finally {
      if (!done) {
        pair.close();
      }
    }
  }

  private int maskBytes() {
    return (group.size() + 7) / 8;
  }

  @Override
  public boolean hears(int dc) {
    return listener.knocks(pair(group.me(), dc));
  }

  @Override
  public Transport open(int dc, List<Integer> known) {
    Transport pair = join(group.me(), dc, ANSWER_SECONDS);
    boolean done = false;
    try (HostMemory memory = HostMemory.unlimited("return")) {
      BitSet bits = new BitSet();
      known.forEach(bits::set);
      Bytes mask = memory.bytes(maskBytes());
      byte[] set = bits.toByteArray();
      MemorySegment.copy(set, 0, mask.segment(), ValueLayout.JAVA_BYTE, 0, set.length);
      pair.post(1, mask.segment());
      pair.drain(Deadline.seconds("letting " + dc(dc) + " in", ANSWER_SECONDS));
      done = true;
      return pair;
    } finally {
      if (!done) {
        pair.close();
      }
    }
  }

  private Transport join(int survivor, int back, double seconds) {
    int other = group.me() == back ? survivor : back;
    int streams = topology.streams(group.me(), other);
    return listener.join(
        pair(survivor, back),
        new ArrayList<>(List.of(addresses.get(survivor), addresses.get(back))),
        connect.withStreamsByMember(List.of(streams, streams)).withTimeoutSeconds(seconds));
  }

  private Group pair(int survivor, int back) {
    return new Group(
        group.name() + " " + dc(back) + " returns to " + dc(survivor) + " " + settings,
        List.of(group.members().get(survivor), group.members().get(back)),
        group.me() == survivor ? 0 : 1);
  }

  private String dc(int p) {
    return group.members().get(p).dc();
  }
}
