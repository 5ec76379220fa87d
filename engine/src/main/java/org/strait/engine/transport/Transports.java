package org.strait.engine.transport;

import java.net.InetSocketAddress;
import java.util.List;
import org.strait.engine.rendezvous.Store;
import org.strait.engine.topology.Group;
import org.strait.engine.transport.mpi.MpiTransport;
import org.strait.engine.transport.mpj.MpjTransport;
import org.strait.engine.transport.shared.SharedMemoryTransport;

/// The one choice of a transport.
public final class Transports {
  private Transports() {}

  /// What follows the name of a transport between hosts where ranks of one host share memory.
  private static final String SHARING = "+shared-memory";

  /// The names {@link #connect} knows. {@code auto}: shared memory if all ranks are on one host,
  /// TCP otherwise, with shared memory inside hosts that have several ranks.
  public static List<String> names() {
    return List.of(
        "auto",
        "tcp",
        "unix",
        "shared-memory",
        "loopback",
        "mpj",
        "mpi",
        "tcp" + SHARING,
        "mpj" + SHARING,
        "mpi" + SHARING);
  }

  /// The transport between data centres that goes with one inside them: TCP, whose bytes are
  /// counted at the socket, unless all ranks live in one JVM.
  public static String betweenCenters(String inside) {
    return inside.equals("loopback") ? inside : "tcp";
  }

  /// Joins a group: every member calls this with the same name, group and store, and returns when
  /// all are connected (loopback returns at once).
  ///
  /// @throws org.strait.engine.rendezvous.RendezvousException if members are missing when the time
  ///     is over, or refuse; names them
  /// @throws IllegalArgumentException if the name is unknown or its option is not set
  public static Transport connect(String name, Group group, Store store, ConnectOptions options) {
    return choose(name, group, store, options).transport();
  }

  /// Like {@link #connect}, and says what was chosen.
  public static TransportChoice choose(
      String name, Group group, Store store, ConnectOptions options) {
    if (!name.equals("auto") && !name.endsWith(SHARING)) {
      Transport joined = join(name, group, store, options);
      return new TransportChoice(name, name + " (as asked for)", joined);
    }
    Hosts hosts = Hosts.find(group, store, options);
    String where =
        hosts.count() == 1
            ? group.size() + " ranks on " + hosts.names().getFirst()
            : group.size() + " ranks on " + hosts.count() + " hosts";
    if (name.equals("auto") && group.size() == 1) {
      return new TransportChoice(
          "tcp", "none needed (one rank)", join("tcp", group, store, options));
    }
    if (name.equals("auto") && hosts.count() == 1) {
      Transport joined = SharedMemoryTransport.join(group, store, options);
      return new TransportChoice("shared-memory", "shared-memory (" + where + ")", joined);
    }
    if (name.equals("auto") && hosts.most() == 1) {
      Transport joined = join("tcp", group, store, options);
      return new TransportChoice("tcp", "tcp (" + where + ")", joined);
    }
    String between = name.equals("auto") ? "tcp" : name.substring(0, name.indexOf(SHARING));
    Transport joined = HostedTransport.join(between, group, store, options, hosts);
    return new TransportChoice(between + SHARING, between + SHARING + " (" + where + ")", joined);
  }

  private static Transport join(String name, Group group, Store store, ConnectOptions options) {
    return switch (name) {
      case "tcp" -> TcpTransport.join(group, store, options);
      case "unix" -> UnixTransport.join(group, store, options);
      case "loopback" -> {
        if (options.network() == null) {
          throw new IllegalArgumentException(
              "transport loopback needs options.withNetwork(…), shared by all ranks of this JVM");
        }
        yield options.network().join(group);
      }
      case "shared-memory" -> SharedMemoryTransport.join(group, store, options);
      case "mpj" -> MpjTransport.join(group, store, options);
      case "mpi" -> MpiTransport.join(group, store, options);
      default ->
          throw new IllegalArgumentException(
              "unknown transport \"" + name + "\"; known: " + String.join(", ", names()));
    };
  }

  /// Joins a group over TCP at addresses that are known beforehand, as gateways of separate
  /// launches do: one address per member, this rank's own included, whose port it listens on unless
  /// the options name another. Members may start in any order.
  ///
  /// @throws org.strait.engine.rendezvous.RendezvousException if members are missing when the time
  ///     is over, or refuse; names them
  public static Transport connect(
      Group group, List<InetSocketAddress> addresses, ConnectOptions options) {
    return TcpTransport.join(group, addresses, options);
  }
}
