package org.strait.engine.transport;

import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.util.List;
import java.util.function.Consumer;
import org.strait.engine.rendezvous.Sockets;
import org.strait.engine.topology.Group;
import org.strait.engine.transport.tls.TlsIdentity;

/// How a rank joins a group. Start from {@link #defaults} and change what differs.
///
/// @param bind host name or address to listen on; 0.0.0.0 or :: for all interfaces
/// @param port port to listen on, 0 for any free one
/// @param advertise what others connect to, {@code host} or {@code host:port}; empty for what was
///     bound, which must then be one address
/// @param token secret that all ranks of a job share; may be empty
/// @param timeoutNanos how long to wait for the other members
/// @param network where loopback transports meet, or null
/// @param mpjJars class path of MPJ Express: mpj.jar and log4j-1.2.jar
/// @param mpiLibrary path or name of the native MPI library, or empty for the usual ones
/// @param streams connections between two ranks (TCP and Unix-domain sockets), 1 to 64; the same at
///     every rank; over TCP inside a data centre, so many for each direction
/// @param streamsByMember the same for each member of a group of gateways, 0 for {@code streams};
///     empty if all have as many; both ends of a pair give the same number
/// @param tls what this gateway shows and trusts, or null for connections that are not encrypted
/// @param gatewayBind where this gateway listens for other data centres, or null for the address
///     that they connect to
/// @param host name of the host that this rank counts as on, or empty for this machine's: ranks
///     with the same name (on one machine) share memory, others do not
public record ConnectOptions(
    String bind,
    int port,
    String advertise,
    String token,
    long timeoutNanos,
    LoopbackNetwork network,
    List<Path> mpjJars,
    String mpiLibrary,
    int streams,
    List<Integer> streamsByMember,
    TlsIdentity tls,
    InetSocketAddress gatewayBind,
    String host) {
  /// Most connections between two ranks.
  public static final int MOST_STREAMS = 64;

  /// Checks ranges.
  public ConnectOptions {
    if (port < 0 || port > 65535) {
      throw new IllegalArgumentException("port " + port + " is not in 0..65535");
    }
    if (timeoutNanos <= 0) {
      throw new IllegalArgumentException("timeout of " + timeoutNanos + " ns is not positive");
    }
    if (streams < 1 || streams > MOST_STREAMS) {
      throw new IllegalArgumentException(
          streams + " connections per pair; expected 1 to " + MOST_STREAMS);
    }
    mpjJars = List.copyOf(mpjJars);
    streamsByMember = List.copyOf(streamsByMember);
    for (int count : streamsByMember) {
      if (count < 0 || count > MOST_STREAMS) {
        throw new IllegalArgumentException(
            count + " connections to a member; expected 1 to " + MOST_STREAMS);
      }
    }
  }

  /// Any free port of this machine's loopback interface, an empty token, 60 seconds.
  public static ConnectOptions defaults() {
    return new ConnectOptions(
        "127.0.0.1", 0, "", "", 60_000_000_000L, null, List.of(), "", 1, List.of(), null, null, "");
  }

  /// Listens on another address or port (0 for any free port).
  public ConnectOptions withBind(String address, int newPort) {
    return with(
        draft -> {
          draft.bind = address;
          draft.port = newPort;
        });
  }

  /// Tells others another address than the one bound, {@code host} or {@code host:port}.
  public ConnectOptions withAdvertise(String address) {
    return with(draft -> draft.advertise = address);
  }

  /// Sets the job's secret.
  public ConnectOptions withToken(String newToken) {
    return with(draft -> draft.token = newToken);
  }

  /// Sets how long to wait for the other members.
  public ConnectOptions withTimeoutSeconds(double seconds) {
    long nanos = (long) (seconds * 1e9);
    return with(draft -> draft.timeoutNanos = nanos);
  }

  /// Sets where loopback transports meet.
  public ConnectOptions withNetwork(LoopbackNetwork newNetwork) {
    return with(draft -> draft.network = newNetwork);
  }

  /// Sets the class path of MPJ Express.
  public ConnectOptions withMpjJars(List<Path> jars) {
    return with(draft -> draft.mpjJars = jars);
  }

  /// Sets which native MPI library to use.
  public ConnectOptions withMpiLibrary(String pathOrName) {
    return with(draft -> draft.mpiLibrary = pathOrName);
  }

  /// Sets the number of connections between two ranks.
  public ConnectOptions withStreams(int count) {
    return with(draft -> draft.streams = count);
  }

  /// Sets the number of connections to each member of a group of gateways.
  public ConnectOptions withStreamsByMember(List<Integer> counts) {
    return with(draft -> draft.streamsByMember = counts);
  }

  /// Encrypts; null for no encryption.
  public ConnectOptions withTls(TlsIdentity identity) {
    return with(draft -> draft.tls = identity);
  }

  /// Lets this gateway listen for other data centres at another address than they connect to; null
  /// for the same.
  public ConnectOptions withGatewayBind(InetSocketAddress address) {
    return with(draft -> draft.gatewayBind = address);
  }

  /// Sets the host that this rank counts as on.
  public ConnectOptions withHost(String name) {
    return with(draft -> draft.host = name);
  }

  /// Connections to each member of a group.
  int[] streamsIn(Group group) {
    if (!streamsByMember.isEmpty() && streamsByMember.size() != group.size()) {
      throw new IllegalArgumentException(
          "numbers of connections "
              + streamsByMember
              + " for the "
              + group.size()
              + " members of group "
              + group.name());
    }
    int[] counts = new int[group.size()];
    for (int p = 0; p < counts.length; p++) {
      int asked = streamsByMember.isEmpty() ? 0 : streamsByMember.get(p);
      counts[p] = asked == 0 ? streams : asked;
    }
    return counts;
  }

  /// The address to publish for a port that was bound, {@code host:port}.
  ///
  /// @throws IllegalArgumentException if all interfaces were bound and no address was given
  public String advertised(int boundPort) {
    if (advertise.isEmpty()) {
      if (bind.equals("0.0.0.0") || bind.equals("::")) {
        throw new IllegalArgumentException(
            "bind address " + bind + " is all interfaces: say which address others connect to");
      }
      return Sockets.format(bind, boundPort);
    }
    boolean hasPort = advertise.matches("\\[.*]:\\d+|[^:]*:\\d+");
    return hasPort ? advertise : Sockets.format(advertise.replaceAll("[\\[\\]]", ""), boundPort);
  }

  @Override
  public String toString() {
    // Without the token: options end up in logs.
    return "ConnectOptions[bind=" + Sockets.format(bind, port) + ", advertise=" + advertise + "]";
  }

  private ConnectOptions with(Consumer<Draft> change) {
    Draft draft = new Draft(this);
    change.accept(draft);
    return draft.finished();
  }

  /// A copy that can be changed: the one place that names all fields.
  private static final class Draft {
    private String bind;
    private int port;
    private String advertise;
    private String token;
    private long timeoutNanos;
    private LoopbackNetwork network;
    private List<Path> mpjJars;
    private String mpiLibrary;
    private int streams;
    private List<Integer> streamsByMember;
    private TlsIdentity tls;
    private InetSocketAddress gatewayBind;
    private String host;

    Draft(ConnectOptions from) {
      bind = from.bind;
      port = from.port;
      advertise = from.advertise;
      token = from.token;
      timeoutNanos = from.timeoutNanos;
      network = from.network;
      mpjJars = from.mpjJars;
      mpiLibrary = from.mpiLibrary;
      streams = from.streams;
      streamsByMember = from.streamsByMember;
      tls = from.tls;
      gatewayBind = from.gatewayBind;
      host = from.host;
    }

    ConnectOptions finished() {
      return new ConnectOptions(
          bind,
          port,
          advertise,
          token,
          timeoutNanos,
          network,
          mpjJars,
          mpiLibrary,
          streams,
          streamsByMember,
          tls,
          gatewayBind,
          host);
    }
  }
}
