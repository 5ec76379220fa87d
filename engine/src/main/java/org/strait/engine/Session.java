package org.strait.engine;

import java.lang.foreign.MemorySegment;
import java.net.InetSocketAddress;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;
import org.strait.engine.collective.Buckets;
import org.strait.engine.collective.Collectives;
import org.strait.engine.compress.Compressor;
import org.strait.engine.compress.Compressors;
import org.strait.engine.exchange.ByteRound;
import org.strait.engine.exchange.Exchange;
import org.strait.engine.exchange.ExchangeQueue;
import org.strait.engine.exchange.Exchanges;
import org.strait.engine.exchange.LinkBytes;
import org.strait.engine.exchange.Membership;
import org.strait.engine.exchange.Quorum;
import org.strait.engine.exchange.Star;
import org.strait.engine.exchange.VectorSum;
import org.strait.engine.ledger.Ledger;
import org.strait.engine.ledger.MessageKind;
import org.strait.engine.rendezvous.Store;
import org.strait.engine.topology.DataCenter;
import org.strait.engine.topology.Group;
import org.strait.engine.topology.LinkMatrix;
import org.strait.engine.topology.Route;
import org.strait.engine.topology.Routes;
import org.strait.engine.topology.Topology;
import org.strait.engine.transport.ConnectOptions;
import org.strait.engine.transport.Deadline;
import org.strait.engine.transport.GatewayListener;
import org.strait.engine.transport.PairedTransport;
import org.strait.engine.transport.ShapedTransport;
import org.strait.engine.transport.Transport;
import org.strait.engine.transport.TransportChoice;
import org.strait.engine.transport.Transports;
import org.strait.kernels.Backend;
import org.strait.kernels.BackendRequest;
import org.strait.kernels.BackendUnavailableException;
import org.strait.kernels.Backends;
import org.strait.kernels.CodecOps;
import org.strait.memory.Floats;
import org.strait.memory.HostMemory;

/// One rank's place in a job: its connections to the other ranks of its DC and, if it is the
/// gateway, to the other DCs. Foreign trainers open one per rank, ask it for an {@link Averager},
/// and hand that their gradients:
///
/// ```java
/// try (Session session = Session.open(topology, rank, store, SessionSettings.defaults());
///     Averager averager = session.averager(gradient.length, "top-k:1%,int8,error-feedback")) {
///   averager.average(gradient, rows); // now the mean over all rows of all data centres
/// }
/// ```
///
/// Several sessions live in one JVM without knowing of each other. One thread at a time uses a
/// session and its averagers.
public final class Session implements AutoCloseable {
  /// Most bytes of a letter: a set of features and their numbers.
  private static final long LETTER_BYTES = 1 << 13;

  private static final long LETTER_BYTES_A_FEATURE = 16;

  private final Topology topology;
  private final int rank;
  private final SessionSettings settings;
  private final HostMemory memory;
  private final Backends.Choice choice;
  private final BackendRequest kernels;
  private Backends.Choice beside;
  private TransportChoice chosen;
  private Transport intraTransport;
  private Collectives intra;
  private GatewayListener listener;
  private Transport direct;
  private Transport wan;
  private PairedTransport paired;
  private Membership members;
  private Returns returns;
  private boolean opensFirst = true;
  private boolean shaped;
  private long[] connectBytes = new long[0];
  private long[] connectTlsBytes = new long[0];

  private Session(
      Topology topology,
      int rank,
      SessionSettings settings,
      BackendRequest kernels,
      Backends.Choice choice,
      HostMemory memory) {
    this.kernels = kernels;
    this.topology = topology;
    this.rank = rank;
    this.settings = settings;
    this.choice = choice;
    this.memory = memory;
  }

  /// Joins a job: returns when this rank is connected to those it speaks to. All ranks of the
  /// topology do this at the same time.
  ///
  /// @param rank this rank, 0 … topology.size() - 1
  /// @param store where the ranks find each other; the caller closes it, after the session
  /// @throws BackendUnavailableException if the backend cannot run here
  /// @throws org.strait.engine.rendezvous.RendezvousException if others are missing; names them
  /// @throws IllegalArgumentException if a setting is unknown; names the known ones
  public static Session open(Topology topology, int rank, Store store, SessionSettings settings)
      throws BackendUnavailableException {
    return open(topology, rank, store, settings, HostMemory.unlimited("session of rank " + rank));
  }

  /// The same with memory that may be limited.
  ///
  /// @param memory owner of all that the session and its averagers allocate; closed with the
  ///     session
  public static Session open(
      Topology topology, int rank, Store store, SessionSettings settings, HostMemory memory)
      throws BackendUnavailableException {
    BackendRequest kernels = settings.kernels().withThreadName("strait-rank" + rank);
    if (kernels.ranksOnHost() == 0) {
      kernels = kernels.withRanksOnHost(topology.size());
    }
    Session session =
        new Session(topology, rank, settings, kernels, Backends.choose(kernels), memory);
    boolean joined = false;
    try {
      session.join(store);
      joined = true;
      return session;
    } finally {
      if (!joined) {
        session.close();
      }
    }
  }

  private void join(Store store) {
    Survival survival = settings.survival();
    Group ranks = topology.intraGroup(rank);
    if (survival.comesBack()) {
      // What the store holds of the group is of its former life.
      ranks = new Group(ranks.name() + "~" + survival.life(), ranks.members(), ranks.me());
    }
    chosen =
        Transports.choose(settings.transport(), ranks, store, settings.connect().withTls(null));
    intraTransport = chosen.transport();
    intra = Collectives.over(intraTransport, settings.allReduce(), memory, backend().dense());
    if (topology.isGateway(rank) && topology.dcs().size() > 1) {
      joinOthers(store, survival);
    }
  }

  private void joinOthers(Store store, Survival survival) {
    List<Integer> survivors = List.of();
    if (survival.comesBack()) {
      paired = PairedTransport.empty(topology.gatewayGroup(rank));
      wan = paired;
      returns = returns(store, survival.ledger());
      survivors = returns.comeBack(survival.life());
      shaped = settings.shapeLinks();
    } else {
      direct = joinGateways(store);
      wan = direct;
      if (settings.shapeLinks()) {
        wan = ShapedTransport.over(direct, topology);
        shaped = wan != direct;
      }
      paired = PairedTransport.over(wan);
      wan = paired;
      returns = returns(store, survival.ledger());
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
    Quorum quorum = Quorum.parse(survival.quorum());
    if (quorum.equals(Quorum.ALL)) {
      members = Membership.fixed(paired, survival.ledger(), memory);
      return;
    }
    members = Membership.open(paired, quorum, survival.ledger(), survival.listener(), memory);
    if (survival.comesBack()) {
      members.outside(survivors);
    }
    if (settings.gateways().isEmpty()) {
      members.admitFrom(returns);
      returns.watch(members);
    }
  }

  private Returns returns(Store store, Ledger ledger) {
    return new Returns(
        paired,
        store,
        Transports.betweenCenters(settings.transport()),
        settings.connect(),
        pair -> settings.shapeLinks() ? ShapedTransport.over(pair, topology) : pair,
        ledger);
  }

  private Transport joinGateways(Store store) {
    Group group = topology.gatewayGroup(rank);
    List<InetSocketAddress> addresses = settings.gateways();
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
    InetSocketAddress bind = options.gatewayBind();
    InetSocketAddress mine = bind != null ? bind : addresses.get(group.me());
    listener = GatewayListener.open(options.withBind(mine.getHostString(), mine.getPort()));
    return listener.join(group, addresses, options);
  }

  /// Where gateways of other DCs reach this one, as long as the session lasts; empty on other ranks
  /// and where gateways find each other through the store.
  public Optional<GatewayListener> gatewayListener() {
    return Optional.ofNullable(listener);
  }

  /// Opens a stream of vectors of n floats. All ranks open the same streams in the same order.
  ///
  /// @param compressor what travels between DCs, see {@link Compressors}
  /// @throws IllegalArgumentException if the specification is not one; the message shows a right
  ///     one
  public Averager averager(long n, String compressor) {
    return averager(n, compressor, false);
  }

  /// The same, with a say in whether a DC that was lost may come back between two rounds: whoever
  /// uses the stream must then send it the state ({@link Trainer} does).
  public Averager averager(long n, String compressor, boolean admits) {
    HostMemory streamMemory = memory.child("averager of " + n);
    boolean opened = false;
    try {
      boolean onlyDc = topology.dcs().size() == 1;
      Compressor made =
          members == null
              ? null
              : Compressors.parse(compressor, n, backend().codec(), streamMemory);
      Exchange exchange =
          onlyDc || topology.isGateway(rank)
              ? exchange(n, made, backend().codec(), admits, streamMemory)
              : null;
      Averager averager =
          new Averager(
              n,
              topology,
              intra,
              exchange,
              made,
              onlyDc,
              backend().dense(),
              settings.idleSeconds(),
              streamMemory);
      opened = true;
      return averager;
    } finally {
      if (!opened) {
        streamMemory.close();
      }
    }
  }

  /// Rounds of vectors in several parts, each an exchange of its own, that travel while the ranks
  /// compute; null on ranks that have none. All ranks open the same in the same order.
  ///
  /// @param ahead rounds that may be under way beside the one that is submitted
  /// @param scalars numbers of a round
  ExchangeQueue queue(
      long[] lengths, String compressor, int ahead, int scalars, HostMemory streamMemory) {
    if (topology.dcs().size() > 1 && !topology.isGateway(rank)) {
      return null;
    }
    CodecOps codec = ahead == 0 ? backend().codec() : codecBesides();
    List<Exchange> exchanges = new ArrayList<>();
    for (long length : lengths) {
      Compressor made =
          members == null ? null : Compressors.parse(compressor, length, codec, streamMemory);
      exchanges.add(exchange(length, made, codec, false, streamMemory));
    }
    Deadline deadline = deadline("exchange between data centres");
    return new ExchangeQueue(exchanges, lengths, ahead, scalars, deadline, streamMemory);
  }

  /// Kernels for the thread that exchanges while the rank's own thread computes.
  private CodecOps codecBesides() {
    try {
      if (beside == null) {
        beside = Backends.choose(kernels.withThreads(1));
      }
      return beside.backend().codec();
    } catch (BackendUnavailableException e) {
      throw new IllegalStateException("the backend " + backend().name() + " ran here before", e);
    }
  }

  private Exchange exchange(
      long n, Compressor made, CodecOps codec, boolean admits, HostMemory streamMemory) {
    if (members == null) {
      return Exchanges.local(n);
    }
    boolean comesBack = settings.survival().comesBack() && opensFirst;
    opensFirst = false;
    return Exchanges.open(
        route(n),
        members,
        made,
        n,
        settings.jobHash(),
        codec,
        admits,
        comesBack,
        streamMemory,
        Deadline.seconds("agreement between data centres", settings.idleSeconds()));
  }

  /// Who sends to whom between DCs, for payloads of about a byte per element.
  private Route route(long n) {
    List<String> names = topology.dcs().stream().map(DataCenter::name).toList();
    return Routes.choose(settings.route(), LinkMatrix.of(topology), names, (double) n).route();
  }

  /// Opens sums of float64 vectors of n elements, for solvers of convex problems. All ranks open
  /// the same streams in the same order; close it before the session.
  public ExactSums exactSums(long n) {
    HostMemory streamMemory = memory.child("sums of " + n);
    boolean opened = false;
    try {
      VectorSum between =
          members == null
              ? null
              : VectorSum.open(
                  members,
                  n,
                  settings.jobHash(),
                  backend().codec(),
                  streamMemory,
                  Deadline.seconds("agreement between data centres", settings.idleSeconds()));
      ExactSums sums =
          new ExactSums(
              n,
              intra,
              between,
              topology.dcs().get(dc()).ranks() == 1,
              topology.dcs().size() == 1,
              settings.idleSeconds(),
              streamMemory);
      opened = true;
      return sums;
    } finally {
      if (!opened) {
        streamMemory.close();
      }
    }
  }

  /// Sums over the ranks of this DC alone; close them before the memory.
  ExactSums insideSums(HostMemory owner) {
    return new ExactSums(
        0,
        intra,
        null,
        topology.dcs().get(dc()).ranks() == 1,
        true,
        settings.idleSeconds(),
        owner.child("sums inside the data centre"));
  }

  /// Opens letters between a hub and all others; only gateways call it. Null if there is only one
  /// DC.
  Star star(int features, double weight) {
    return members == null
        ? null
        : Star.open(
            members,
            LETTER_BYTES + LETTER_BYTES_A_FEATURE * features,
            features,
            weight,
            settings.jobHash(),
            memory,
            deadline("agreement between data centres"));
  }

  /// A zeroed vector of n floats where the ranks of this DC sum it fastest: in memory they share,
  /// if they do. All ranks of the DC ask for the same vectors in the same order; freed with the
  /// session.
  public Floats floats(long n) {
    return intra.floats(n);
  }

  /// Sums a vector inside the DC in buckets while it is being computed; {@link
  /// Averager#averageRows(Buckets, Floats, double)} finishes. All ranks of the DC make the same.
  ///
  /// @param vector best from {@link #floats}
  public Buckets buckets(Floats vector, long bucketBytes) {
    return new Buckets(intra, vector, bucketBytes, true);
  }

  /// Who takes part.
  public Topology topology() {
    return topology;
  }

  /// This rank's number among all ranks.
  public int rank() {
    return rank;
  }

  /// Index of this rank's data centre.
  public int dc() {
    return topology.dcOf(rank);
  }

  /// The kernels this rank computes with.
  public Backend backend() {
    return choice.backend();
  }

  /// One line that says which backend was chosen and why not others.
  public String backendLine() {
    return choice.logLine();
  }

  /// One line that says how the ranks of this DC speak to each other, and how they add up.
  public String transportLine() {
    return "transport " + chosen.why() + "; allreduce " + intra.choice();
  }

  /// Name of the transport, as written in the run record.
  public String transportName() {
    return chosen.name() + (shaped ? ", shaped links" : "");
  }

  /// Owner of the session's memory; freed when the session is closed.
  public HostMemory memory() {
    return memory;
  }

  /// Whether this rank speaks to other DCs, and writes for its own.
  boolean isGateway() {
    return topology.isGateway(rank);
  }

  /// The ranks of this DC.
  Collectives collectives() {
    return intra;
  }

  /// How long this rank waits for others without a sign of progress.
  Deadline deadline(String phase) {
    return Deadline.seconds(phase, settings.idleSeconds());
  }

  /// Gives what the gateway has to all ranks of this DC. Modified on all others: data.
  void fromGateway(MemorySegment data) {
    intra.broadcast(
        data, 0, Deadline.seconds("broadcast inside the data centre", settings.idleSeconds()));
  }

  /// Replaces a vector by its sum over the ranks of this DC. Modified: vector.
  void sumInside(Floats vector) {
    intra.sum(vector, Deadline.seconds("allreduce inside the data centre", settings.idleSeconds()));
  }

  /// Messages of bytes between gateways; all gateways open the same at the same time.
  ByteRound byteRound(MessageKind kind, long maxBytes, HostMemory owner) {
    return new ByteRound(
        members,
        kind,
        maxBytes,
        Deadline.seconds("exchange between data centres", settings.idleSeconds()),
        owner);
  }

  /// Bytes handed to the wire towards another DC so far, everything included; 0 on ranks that are
  /// not gateways.
  public long wanBytesSent(int toDc) {
    return wan == null ? 0 : wan.traffic().bytesSent(toDc);
  }

  /// Bytes handed to the wire towards all other DCs so far; 0 on ranks that are not gateways.
  public long wanBytesSent() {
    return wan == null ? 0 : wan.traffic().bytesSent();
  }

  /// Bytes that connecting to another DC took, before any message: the handshake.
  public long wanConnectBytes(int toDc) {
    return toDc < connectBytes.length ? connectBytes[toDc] : 0;
  }

  /// Bytes that encryption added to what was sent to another DC after connecting.
  public long wanTlsBytes(int toDc) {
    return toDc < connectTlsBytes.length
        ? paired.traffic().tlsSent(toDc) - connectTlsBytes[toDc]
        : 0;
  }

  /// Bytes of messages between gateways that belong to no stream; null on other ranks.
  public LinkBytes wanLinks() {
    return members == null ? null : members.links();
  }

  /// Whether another DC was lost at some time: what was posted to it may never have left.
  public boolean wanBroke(int toDc) {
    return members != null && members.broke(toDc);
  }

  /// Runs something while no message leaves this DC, so that counts do not move.
  public void quietly(Runnable body) {
    if (members == null) {
      body.run();
    } else {
      members.quietly(body);
    }
  }

  /// Posts towards another DC so far; 0 on ranks that are not gateways.
  public long wanMessages(int toDc) {
    return wan == null ? 0 : wan.traffic().posts(toDc);
  }

  /// Waits until everything sent to other DCs has been handed to the wire, so that counts are
  /// complete.
  public void drain() {
    if (members != null) {
      members.drain(Deadline.seconds("last bytes to other data centres", settings.idleSeconds()));
    }
  }

  /// From now on links are as fast as they are. All gateways do this between two streams.
  public void unshapeLinks() {
    drain();
    if (paired != null && direct != null) {
      paired.whole(direct);
    }
    shaped = false;
  }

  /// Closes all connections, ends the rank's threads and frees the session's memory; close its
  /// averagers before.
  @Override
  public void close() {
    choice.backend().close();
    if (beside != null) {
      beside.backend().close();
    }
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
    if (intra != null) {
      intra.close();
    } else if (intraTransport != null) {
      intraTransport.close();
    }
    memory.close();
  }
}
