package org.strait.engine;

import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.LongSupplier;
import java.util.function.Supplier;
import java.util.stream.LongStream;
import org.strait.engine.adapt.Adapt;
import org.strait.engine.collective.Buckets;
import org.strait.engine.collective.Collectives;
import org.strait.engine.compress.Compressor;
import org.strait.engine.compress.Compressors;
import org.strait.engine.exchange.ByteRound;
import org.strait.engine.exchange.Exchange;
import org.strait.engine.exchange.ExchangeQueue;
import org.strait.engine.exchange.Exchanges;
import org.strait.engine.exchange.LinkBytes;
import org.strait.engine.exchange.Star;
import org.strait.engine.exchange.VectorSum;
import org.strait.engine.ledger.MessageKind;
import org.strait.engine.rendezvous.Store;
import org.strait.engine.topology.DataCenter;
import org.strait.engine.topology.Group;
import org.strait.engine.topology.LinkMatrix;
import org.strait.engine.topology.Route;
import org.strait.engine.topology.Routes;
import org.strait.engine.topology.Topology;
import org.strait.engine.transport.Deadline;
import org.strait.engine.transport.GatewayListener;
import org.strait.engine.transport.Transport;
import org.strait.engine.transport.TransportChoice;
import org.strait.engine.transport.Transports;
import org.strait.kernels.Backend;
import org.strait.kernels.BackendRequest;
import org.strait.kernels.BackendUnavailableException;
import org.strait.kernels.Backends;
import org.strait.kernels.CodecOps;
import org.strait.memory.Doubles;
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
  private Wan wan;
  private boolean opensFirst = true;
  private boolean lastComesBack;

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
    if (topology.shardOf(rank) >= 0 && topology.dcs().size() > 1) {
      wan = new Wan(topology, rank, settings, memory);
      wan.join(store);
    }
  }

  /// Where gateways of other DCs reach this one, as long as the session lasts; empty on other ranks
  /// and where gateways find each other through the store.
  public Optional<GatewayListener> gatewayListener() {
    return wan == null ? Optional.empty() : wan.listener();
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
      int shard = topology.shardOf(rank);
      long mine =
          onlyDc || shard < 0
              ? n
              : topology.shardBegin(n, shard + 1) - topology.shardBegin(n, shard);
      Compressor made =
          wan == null ? null : Compressors.parse(compressor, mine, backend().codec(), streamMemory);
      Exchange exchange =
          onlyDc || shard >= 0
              ? exchange(mine, made, backend().codec(), admits, streamMemory)
              : null;
      Averager averager =
          new Averager(
              n,
              topology,
              onlyDc ? 0 : shard,
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

  /// Lets an averager's compressor, which has bounds to choose between, be set as the run goes. All
  /// ranks call it for the same averager, right after it was opened.
  ///
  /// @param nanoTime clock, usually System::nanoTime
  /// @throws IllegalArgumentException if there is nothing to choose between
  public void adapt(Averager averager, Adapt adapt, LongSupplier nanoTime) {
    if (wan != null) {
      averager.adapt(
          adaptation(
              adapt,
              List.of(averager.compressor()),
              new long[] {averager.travels()},
              () -> List.of(averager.links()),
              nanoTime,
              averager.memory()));
    }
  }

  /// The same for streams that were just opened; null on ranks that have none.
  Adaptation adaptation(
      Adapt adapt,
      List<Compressor> compressors,
      long[] lengths,
      Supplier<List<LinkBytes>> posted,
      LongSupplier nanoTime,
      HostMemory streamMemory) {
    if (wan == null) {
      return null;
    }
    CodecOps codec = backend().codec();
    long compared = Adaptation.sampled(lengths, adapt);
    Exchange reference =
        Exchanges.open(
            Route.mesh(),
            wan.members(),
            Compressors.parse("bf16", compared, codec, streamMemory),
            compared,
            jobHash(),
            codec,
            false,
            lastComesBack,
            streamMemory,
            Deadline.seconds("agreement between data centres", settings.idleSeconds()));
    long longest = LongStream.of(lengths).max().orElseThrow();
    return new Adaptation(
        adapt,
        this,
        compressors,
        lengths,
        posted,
        reference,
        route(longest),
        wan.measuredLinks(),
        nanoTime,
        streamMemory);
  }

  /// Rounds of vectors in several parts, each an exchange of its own, that travel while the ranks
  /// compute; null on ranks that have none. All ranks open the same in the same order.
  ///
  /// @param ahead rounds that may be under way beside the one that is submitted
  /// @param scalars numbers of a round
  /// @param compressors takes those that were made
  ExchangeQueue queue(
      long[] lengths,
      String compressor,
      int ahead,
      int scalars,
      List<Compressor> compressors,
      HostMemory streamMemory) {
    if (topology.dcs().size() > 1 && !topology.isGateway(rank)) {
      return null; // other gateways have no part in it
    }
    CodecOps codec = ahead == 0 ? backend().codec() : codecBesides();
    List<Exchange> exchanges = new ArrayList<>();
    for (long length : lengths) {
      Compressor made =
          wan == null ? null : Compressors.parse(compressor, length, codec, streamMemory);
      exchanges.add(exchange(length, made, codec, false, streamMemory));
      if (made != null) {
        compressors.add(made);
      }
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
    if (wan == null) {
      return Exchanges.local(n);
    }
    boolean comesBack = settings.survival().comesBack() && opensFirst;
    opensFirst = false;
    lastComesBack = comesBack;
    return Exchanges.open(
        route(n),
        wan.members(),
        made,
        n,
        jobHash(),
        codec,
        admits,
        comesBack,
        streamMemory,
        Deadline.seconds("agreement between data centres", settings.idleSeconds()));
  }

  private String jobHash() {
    int gateways = topology.gateways();
    return settings.jobHash() + (gateways == 1 ? "" : " " + gateways + " gateways");
  }

  /// Who sends to whom between DCs, for payloads of about a byte per element.
  private Route route(long n) {
    List<String> names = topology.dcs().stream().map(DataCenter::name).toList();
    return Routes.choose(settings.route(), links(), names, (double) n).route();
  }

  /// Opens sums of float64 vectors of n elements, for solvers of convex problems. With a route that
  /// is no mesh they meet at its root. All ranks open the same streams in the same order; close it
  /// before the session.
  public ExactSums exactSums(long n) {
    HostMemory streamMemory = memory.child("sums of " + n);
    boolean opened = false;
    try {
      VectorSum between =
          wan == null || !isGateway()
              ? null
              : VectorSum.open(
                  wan.members(),
                  n,
                  route(n).root(),
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
              topology.dcs().size(),
              topology.size(),
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

  /// Opens letters between a hub and all others; only gateways call it. Null if there is only one
  /// DC.
  Star star(int features, double weight) {
    return wan == null
        ? null
        : Star.open(
            wan.members(),
            LETTER_BYTES + LETTER_BYTES_A_FEATURE * features,
            features,
            weight,
            settings.jobHash(),
            memory,
            deadline("agreement between data centres"));
  }

  /// The same sums over the ranks of this DC alone; nothing travels to other DCs.
  ExactSums exactSumsHere(long n) {
    int ranks = topology.dcs().get(dc()).ranks();
    HostMemory streamMemory = memory.child("sums of " + n + " here");
    return new ExactSums(
        n, intra, null, ranks == 1, 1, ranks, settings.idleSeconds(), streamMemory);
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
    return chosen.name() + (wan != null && wan.isShaped() ? ", shaped links" : "");
  }

  /// Owner of the session's memory; freed when the session is closed.
  public HostMemory memory() {
    return memory;
  }

  /// Whether this rank has something of the training's state that must be saved.
  boolean keepsState() {
    return isGateway() || wan != null;
  }

  /// Whether this rank is the first gateway of its DC, which writes for it.
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

  /// The gateway's numbers in all ranks of this DC, which need not know how many there are.
  ///
  /// @param mine not looked at on other ranks
  double[] fromGateway(double[] mine) {
    try (HostMemory scratch = HostMemory.unlimited("numbers")) {
      Doubles count = scratch.doubles(1);
      count.set(0, mine.length);
      fromGateway(count.segment());
      Doubles numbers = scratch.doubles((long) count.get(0));
      for (int i = 0; i < mine.length && isGateway(); i++) {
        numbers.set(i, mine[i]);
      }
      fromGateway(numbers.segment());
      return numbers.toArray();
    }
  }

  /// Replaces a vector by its sum over the ranks of this DC. Modified: vector.
  void sumInside(Floats vector) {
    intra.sum(vector, Deadline.seconds("allreduce inside the data centre", settings.idleSeconds()));
  }

  /// Messages of bytes between gateways; all gateways open the same at the same time.
  ByteRound byteRound(MessageKind kind, long maxBytes, HostMemory owner) {
    return new ByteRound(
        wan.members(),
        kind,
        maxBytes,
        Deadline.seconds("exchange between data centres", settings.idleSeconds()),
        owner);
  }

  /// What is known of links: as described, and as measured where nothing is.
  public LinkMatrix links() {
    return wan == null ? LinkMatrix.of(topology) : wan.links();
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
    return wan == null ? 0 : wan.connectBytes(toDc);
  }

  /// Bytes that encryption added to what was sent to another DC after connecting.
  public long wanTlsBytes(int toDc) {
    return wan == null ? 0 : wan.tlsBytes(toDc);
  }

  /// Bytes of messages between gateways that belong to no stream; null on other ranks.
  public LinkBytes wanLinks() {
    return wan == null ? null : wan.members().links();
  }

  /// Whether another DC takes part, or this is no gateway that could know.
  public boolean wanIsThere(int dc) {
    return wan == null || wan.members().isThere(dc);
  }

  /// Whether another DC was lost at some time: what was posted to it may never have left.
  public boolean wanBroke(int toDc) {
    return wan != null && wan.members().broke(toDc);
  }

  /// Runs something while no message leaves this DC, so that counts do not move.
  public void quietly(Runnable body) {
    if (wan == null) {
      body.run();
    } else {
      wan.members().quietly(body);
    }
  }

  /// Posts towards another DC so far; 0 on ranks that are not gateways.
  public long wanMessages(int toDc) {
    return wan == null ? 0 : wan.traffic().posts(toDc);
  }

  /// Waits until everything sent to other DCs has been handed to the wire, so that counts are
  /// complete.
  public void drain() {
    if (wan != null) {
      wan.members().drain(deadline("last bytes to other data centres"));
    }
  }

  /// From now on links are as fast as they are. All gateways do this between two streams.
  public void unshapeLinks() {
    if (wan != null) {
      drain();
      wan.unshape();
    }
  }

  /// Closes all connections, ends the rank's threads and frees the session's memory; close its
  /// averagers before.
  @Override
  public void close() {
    choice.backend().close();
    if (beside != null) {
      beside.backend().close();
    }
    if (wan != null) {
      wan.close();
    }
    if (intra != null) {
      intra.close();
    } else if (intraTransport != null) {
      intraTransport.close();
    }
    memory.close();
  }
}
