package org.strait.engine;

import java.net.InetSocketAddress;
import java.util.List;
import java.util.function.Consumer;
import org.strait.engine.transport.ConnectOptions;
import org.strait.engine.transport.LoopbackNetwork;
import org.strait.kernels.BackendRequest;

/// How the ranks of a job speak to each other. All ranks of a job use the same settings but for
/// addresses.
///
/// @param kernels what every rank computes with: backend, threads, and what to decide by; the
///     session names the threads, and takes all ranks to be on one host if nothing else is said
/// @param transport between the ranks: one of {@link org.strait.engine.transport.Transports#names}
/// @param allReduce inside a DC: one of {@link org.strait.engine.collective.Collectives#names}
/// @param shapeLinks whether links with a delay or a bandwidth in the topology are emulated
/// @param idleSeconds longest silence of a peer before it counts as lost; a safety net, since a
///     closed connection is noticed at once and any progress restarts the clock
/// @param jobHash what all DCs must have in common; one with another is refused
/// @param connect addresses, the job's secret, and how long to wait for others
/// @param gateways where each DC's gateway listens, in DC order; empty if gateways find each other
///     through the store, on any free port
/// @param survival what is done about losses of other DCs
/// @param route who sends to whom between DCs: see {@link org.strait.engine.topology.Routes#choose}
/// @param measureLinks whether delays and rates between DCs are measured before anything is sent
public record SessionSettings(
    BackendRequest kernels,
    String transport,
    String allReduce,
    boolean shapeLinks,
    double idleSeconds,
    String jobHash,
    ConnectOptions connect,
    List<InetSocketAddress> gateways,
    Survival survival,
    String route,
    boolean measureLinks) {
  /// Copies the list.
  public SessionSettings {
    gateways = List.copyOf(gateways);
  }

  /// The defaults: TCP on this machine, links as they are, everything else chosen by measurement.
  public static SessionSettings defaults() {
    return new SessionSettings(
        BackendRequest.of("auto"),
        "tcp",
        "auto",
        false,
        120,
        "",
        ConnectOptions.defaults(),
        List.of(),
        Survival.none(),
        "mesh",
        false);
  }

  /// For ranks that are threads of one JVM and speak through memory.
  ///
  /// @param network where they meet: one for all ranks of the job
  public static SessionSettings threadsOf(LoopbackNetwork network) {
    return defaults()
        .withTransport("loopback")
        .withConnect(ConnectOptions.defaults().withNetwork(network));
  }

  /// The same with another backend.
  public SessionSettings withBackend(String name) {
    return withKernels(kernels.withBackend(name));
  }

  /// The same with another number of threads per rank, the caller's included. Results have the same
  /// bits for every number.
  public SessionSettings withThreads(int count) {
    return withKernels(kernels.withThreads(count));
  }

  /// The same with other kernels.
  public SessionSettings withKernels(BackendRequest request) {
    return with(draft -> draft.kernels = request);
  }

  /// The same with another transport.
  public SessionSettings withTransport(String name) {
    return with(draft -> draft.transport = name);
  }

  /// The same with another allreduce inside a DC, for instance {@code ring}.
  public SessionSettings withAllReduce(String name) {
    return with(draft -> draft.allReduce = name);
  }

  /// The same with links as slow as the topology says.
  public SessionSettings withShapedLinks() {
    return with(draft -> draft.shapeLinks = true);
  }

  /// The same with other addresses.
  public SessionSettings withConnect(ConnectOptions options) {
    return with(draft -> draft.connect = options);
  }

  /// The same with something that all DCs must have in common.
  public SessionSettings withJobHash(String hash) {
    return with(draft -> draft.jobHash = hash);
  }

  /// The same with fixed addresses of the gateways, one per DC in DC order.
  public SessionSettings withGateways(List<InetSocketAddress> addresses) {
    return with(draft -> draft.gateways = addresses);
  }

  /// The same with something done about losses of other DCs.
  public SessionSettings withSurvival(Survival other) {
    return with(draft -> draft.survival = other);
  }

  /// The same with another way between DCs, for instance {@code hub}.
  public SessionSettings withRoute(String name) {
    return with(draft -> draft.route = name);
  }

  /// The same with links that are measured first.
  public SessionSettings withMeasuredLinks() {
    return with(draft -> draft.measureLinks = true);
  }

  private SessionSettings with(Consumer<Draft> change) {
    Draft draft = new Draft(this);
    change.accept(draft);
    return draft.finished();
  }

  /// A copy that can be changed: the one place that names all fields.
  private static final class Draft {
    private BackendRequest kernels;
    private String transport;
    private String allReduce;
    private boolean shapeLinks;
    private double idleSeconds;
    private String jobHash;
    private ConnectOptions connect;
    private List<InetSocketAddress> gateways;
    private Survival survival;
    private String route;
    private boolean measureLinks;

    Draft(SessionSettings from) {
      kernels = from.kernels;
      transport = from.transport;
      allReduce = from.allReduce;
      shapeLinks = from.shapeLinks;
      idleSeconds = from.idleSeconds;
      jobHash = from.jobHash;
      connect = from.connect;
      gateways = from.gateways;
      survival = from.survival;
      route = from.route;
      measureLinks = from.measureLinks;
    }

    SessionSettings finished() {
      return new SessionSettings(
          kernels,
          transport,
          allReduce,
          shapeLinks,
          idleSeconds,
          jobHash,
          connect,
          gateways,
          survival,
          route,
          measureLinks);
    }
  }
}
