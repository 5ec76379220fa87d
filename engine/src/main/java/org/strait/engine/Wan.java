package org.strait.engine;

import java.net.InetSocketAddress;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;
import org.strait.engine.exchange.LinkBytes;
import org.strait.engine.exchange.LinkProbe;
import org.strait.engine.exchange.Membership;
import org.strait.engine.exchange.Quorum;
import org.strait.engine.ledger.Ledger;
import org.strait.engine.ledger.MessageKind;
import org.strait.engine.rendezvous.RendezvousException;
import org.strait.engine.rendezvous.Store;
import org.strait.engine.topology.Group;
import org.strait.engine.topology.LinkMatrix;
import org.strait.engine.topology.Topology;
import org.strait.engine.transport.ConnectOptions;
import org.strait.engine.transport.Deadline;
import org.strait.engine.transport.GatewayListener;
import org.strait.engine.transport.PairedTransport;
import org.strait.engine.transport.ShapedTransport;
import org.strait.engine.transport.Traffic;
import org.strait.engine.transport.Transport;
import org.strait.engine.transport.Transports;
import org.strait.memory.HostMemory;

/// A gateway's part between data centres: its connections with the same gateway of all others, who
/// of them takes part, and what was counted.
final class Wan implements AutoCloseable {
  private final Topology topology;
  private final int rank;
  private final SessionSettings settings;
  private final HostMemory memory;
  private GatewayListener listener;
  private Transport direct;
  private PairedTransport paired;
  private Membership members;
  private Returns returns;
  private boolean shaped;
  private LinkMatrix measured;
  private long[] connectBytes;
  private long[] connectTlsBytes;

  /// @param rank a gateway of a topology of several data centres
  Wan(Topology topology, int rank, SessionSettings settings, HostMemory memory) {
    this.topology = topology;
    this.rank = rank;
    this.settings = settings;
    this.memory = memory;
  }

  /// Connects with the gateways of the other data centres; close it also if this throws.
  ///
  /// @throws RendezvousException if others are missing; names them
  void join(Store store) {
    Survival survival = settings.survival();
    checkSurvival(survival);
    List<Integer> survivors = List.of();
    if (survival.comesBack()) {
      paired = PairedTransport.empty(topology.gatewayGroup(rank));
      if (!settings.gateways().isEmpty()) {
        listener = listen();
      }
      returns = returns(store, survival);
      survivors = returns.comeBack();
      shaped = settings.shapeLinks();
    } else {
      direct = joinGateways(store);
      Transport over = direct;
      if (settings.shapeLinks()) {
        over = ShapedTransport.over(direct, topology.ofOneGateway());
        shaped = over != direct;
      }
      paired = PairedTransport.over(over);
      returns = returns(store, survival);
    }
    connectBytes = new long[topology.dcs().size()];
    connectTlsBytes = new long[topology.dcs().size()];
    for (int dc = 0; dc < connectBytes.length; dc++) {
      connectBytes[dc] = paired.traffic().bytesSent(dc);
      connectTlsBytes[dc] = paired.traffic().tlsSent(dc);
      if (connectBytes[dc] > 0) {
        survival.ledger().sent(dc, MessageKind.CONNECT, 0, connectBytes[dc]);
      }
    }
    long[] probeBytes = measureLinks(store, survival.comesBack());
    Quorum quorum = Quorum.parse(survival.quorum());
    if (quorum.equals(Quorum.ALL)) {
      members = Membership.fixed(paired, survival.ledger(), memory);
      noteProbe(probeBytes, survival.ledger());
      return;
    }
    members = Membership.open(paired, quorum, survival.ledger(), survival.listener(), memory);
    noteProbe(probeBytes, survival.ledger());
    if (survival.comesBack()) {
      members.outside(survivors);
    }
    members.admitFrom(returns);
    returns.watch(members);
  }

  /// Each shard would agree on who counts for itself, and they might not agree with each other.
  private void checkSurvival(Survival survival) {
    if (topology.gateways() > 1
        && (survival.comesBack() || !Quorum.parse(survival.quorum()).equals(Quorum.ALL))) {
      throw new IllegalArgumentException(
          "a run with "
              + topology.gateways()
              + " gateways in every data centre ends when one is lost, but the quorum is "
              + survival.quorum()
              + "; ask for all, or for one gateway");
    }
  }

  /// Measures links if that is asked for; returns the bytes that it took by DC. One that comes back
  /// takes the figures of its former life.
  private long[] measureLinks(Store store, boolean comesBack) {
    long[] bytes = new long[topology.dcs().size()];
    if (!settings.measureLinks()) {
      return bytes;
    }
    String key = "links/" + rank;
    if (comesBack) {
      if (listener != null) {
        throw new RendezvousException(
            "a data centre that comes back in a launch of its own does not know the links that were"
                + " measured when the training began; describe them in the topology");
      }
      measured = LinkMatrix.parse(store.get(key, (long) (settings.idleSeconds() * 1e9)));
      return bytes;
    }
    Deadline waiting = Deadline.seconds("measuring links", settings.idleSeconds());
    measured = LinkProbe.measure(paired, waiting, System::nanoTime);
    store.set(key, measured.text());
    for (int dc = 0; dc < bytes.length; dc++) {
      bytes[dc] =
          paired.traffic().bytesSent(dc)
              - connectBytes[dc]
              - (paired.traffic().tlsSent(dc) - connectTlsBytes[dc]);
    }
    return bytes;
  }

  private void noteProbe(long[] bytes, Ledger ledger) {
    for (int dc = 0; dc < bytes.length; dc++) {
      if (bytes[dc] > 0) {
        ledger.sent(dc, MessageKind.PROBE, 0, bytes[dc]);
        members.links().add(dc, LinkBytes.Kind.PROBE, bytes[dc]);
      }
    }
  }

  private Returns returns(Store store, Survival survival) {
    Group gateways = topology.gatewayGroup(rank);
    ConnectOptions connect = settings.connect();
    Door door =
        listener == null
            ? new StoreDoor(
                gateways,
                store,
                Transports.betweenCenters(settings.transport()),
                connect,
                survival.life())
            : new GatewayDoor(
                gateways, listener, settings.gateways(), connect, topology, settings.jobHash());
    return new Returns(
        paired,
        door,
        pair -> settings.shapeLinks() ? ShapedTransport.over(pair, topology) : pair,
        survival.ledger());
  }

  private Transport joinGateways(Store store) {
    Group group = topology.gatewayGroup(rank);
    int shard = topology.shardOf(rank);
    List<InetSocketAddress> addresses =
        settings.gateways().stream().map(address -> above(address, shard)).toList();
    ConnectOptions options =
        settings
            .connect()
            .withStreamsByMember(
                IntStream.range(0, group.size())
                    .mapToObj(dc -> topology.streams(group.me(), dc))
                    .toList());
    if (addresses.isEmpty()) {
      String name = Transports.betweenCenters(settings.transport());
      return Transports.connect(name, group, store, options);
    }
    if (addresses.size() != group.size()) {
      throw new IllegalArgumentException(
          addresses.size() + " gateway addresses for " + group.size() + " data centres");
    }
    listener = listen();
    return listener.join(group, addresses, options);
  }

  private GatewayListener listen() {
    InetSocketAddress bind = settings.connect().gatewayBind();
    InetSocketAddress first = bind != null ? bind : settings.gateways().get(topology.dcOf(rank));
    InetSocketAddress mine = above(first, topology.shardOf(rank));
    return GatewayListener.open(settings.connect().withBind(mine.getHostString(), mine.getPort()));
  }

  /// Gateway number s of a DC has the s-th port after that of its first one, from 0.
  private static InetSocketAddress above(InetSocketAddress address, int shard) {
    int port = address.getPort() == 0 ? 0 : address.getPort() + shard;
    return shard == 0
        ? address
        : address.isUnresolved()
            ? InetSocketAddress.createUnresolved(address.getHostString(), port)
            : new InetSocketAddress(address.getAddress(), port);
  }

  /// What is known of links: as described, and as measured where nothing is.
  LinkMatrix links() {
    LinkMatrix described = LinkMatrix.of(topology);
    return measured == null ? described : described.or(measured);
  }

  /// The same, but what was measured counts more than what is described.
  LinkMatrix measuredLinks() {
    return measured == null ? links() : measured.or(links());
  }

  /// Where gateways of other DCs reach this one; empty where they find each other through the
  /// store.
  Optional<GatewayListener> listener() {
    return Optional.ofNullable(listener);
  }

  Membership members() {
    return members;
  }

  /// What went over the connections with each DC.
  Traffic traffic() {
    return paired.traffic();
  }

  long connectBytes(int toDc) {
    return connectBytes[toDc];
  }

  long tlsBytes(int toDc) {
    return paired.traffic().tlsSent(toDc) - connectTlsBytes[toDc];
  }

  boolean isShaped() {
    return shaped;
  }

  /// From now on links are as fast as they are.
  void unshape() {
    if (direct != null) {
      paired.whole(direct);
    }
    shaped = false;
  }

  @Override
  public void close() {
    if (listener != null) {
      listener.close();
    }
    if (returns != null) {
      returns.close();
    }
    if (members != null) {
      members.close();
    }
    if (paired != null) {
      paired.close();
    } else if (direct != null) {
      direct.close();
    }
  }
}
