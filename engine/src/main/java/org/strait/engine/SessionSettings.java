package org.strait.engine;

import java.net.InetSocketAddress;
import java.util.List;
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
    String route) {
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
        "mesh");
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
    return new SessionSettings(
        request,
        transport,
        allReduce,
        shapeLinks,
        idleSeconds,
        jobHash,
        connect,
        gateways,
        survival,
        route);
  }

  /// The same with another transport.
  public SessionSettings withTransport(String name) {
    return new SessionSettings(
        kernels,
        name,
        allReduce,
        shapeLinks,
        idleSeconds,
        jobHash,
        connect,
        gateways,
        survival,
        route);
  }

  /// The same with another allreduce inside a DC, for instance {@code ring}.
  public SessionSettings withAllReduce(String name) {
    return new SessionSettings(
        kernels,
        transport,
        name,
        shapeLinks,
        idleSeconds,
        jobHash,
        connect,
        gateways,
        survival,
        route);
  }

  /// The same with links as slow as the topology says.
  public SessionSettings withShapedLinks() {
    return new SessionSettings(
        kernels,
        transport,
        allReduce,
        true,
        idleSeconds,
        jobHash,
        connect,
        gateways,
        survival,
        route);
  }

  /// The same with other addresses.
  public SessionSettings withConnect(ConnectOptions options) {
    return new SessionSettings(
        kernels,
        transport,
        allReduce,
        shapeLinks,
        idleSeconds,
        jobHash,
        options,
        gateways,
        survival,
        route);
  }

  /// The same with something that all DCs must have in common.
  public SessionSettings withJobHash(String hash) {
    return new SessionSettings(
        kernels,
        transport,
        allReduce,
        shapeLinks,
        idleSeconds,
        hash,
        connect,
        gateways,
        survival,
        route);
  }

  /// The same with fixed addresses of the gateways, one per DC in DC order.
  public SessionSettings withGateways(List<InetSocketAddress> addresses) {
    return new SessionSettings(
        kernels,
        transport,
        allReduce,
        shapeLinks,
        idleSeconds,
        jobHash,
        connect,
        addresses,
        survival,
        route);
  }

  /// The same with something done about losses of other DCs.
  public SessionSettings withSurvival(Survival other) {
    return new SessionSettings(
        kernels,
        transport,
        allReduce,
        shapeLinks,
        idleSeconds,
        jobHash,
        connect,
        gateways,
        other,
        route);
  }

  /// The same with another way between DCs, for instance {@code hub}.
  public SessionSettings withRoute(String name) {
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
        name);
  }
}
