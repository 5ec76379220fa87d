package org.strait.engine.transport;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetSocketAddress;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.util.List;
import org.strait.engine.rendezvous.RendezvousException;
import org.strait.engine.rendezvous.Sockets;
import org.strait.engine.rendezvous.Store;
import org.strait.engine.topology.Group;

/// TCP between all pairs of a group: one listening port per rank while joining, one or more
/// connections per pair after that; the higher index connects to the lower.
final class TcpTransport {
  private TcpTransport() {}

  /// Joins through a store: publishes this rank's address and waits for those of the members below.
  static Transport join(Group group, Store store, ConnectOptions options) {
    long startNanos = System.nanoTime();
    try (ServerSocketChannel server =
        Sockets.listen(options.bind(), options.port(), 64 + group.size())) {
      int port = ((InetSocketAddress) server.getLocalAddress()).getPort();
      store.set(key(group, group.me()), options.advertised(port));
      InetSocketAddress[] addresses = new InetSocketAddress[group.size()];
      for (int p = 0; p < group.me(); p++) {
        String address = published(group, p, store, key(group, p), left(options, startNanos));
        addresses[p] = Sockets.parse(address);
      }
      return connect(group, addresses, server, options, startNanos);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /// Joins at known addresses, one per member; this rank's own says the port to listen on unless
  /// the options name one.
  static Transport join(Group group, List<InetSocketAddress> addresses, ConnectOptions options) {
    if (addresses.size() != group.size()) {
      throw new IllegalArgumentException(
          "group "
              + group.name()
              + " has "
              + group.size()
              + " members, addresses are "
              + addresses);
    }
    long startNanos = System.nanoTime();
    int port = options.port() != 0 ? options.port() : addresses.get(group.me()).getPort();
    try (ServerSocketChannel server = Sockets.listen(options.bind(), port, 64 + group.size())) {
      return connect(
          group, addresses.toArray(InetSocketAddress[]::new), server, options, startNanos);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static Transport connect(
      Group group,
      InetSocketAddress[] addresses,
      ServerSocketChannel server,
      ConnectOptions options,
      long startNanos) {
    Traffic traffic = new Traffic(group.size());
    SocketChannel[][] channels =
        new SocketJoin(group, options.token(), options.streams(), addresses, server, traffic)
            .connect(left(options, startNanos));
    return new PipedTransport(group, traffic, new SocketPipes(channels, traffic), System::nanoTime);
  }

  /// What a member has put into the store.
  static String published(Group group, int p, Store store, String key, long timeoutNanos) {
    try {
      return store.get(key, timeoutNanos);
    } catch (RendezvousException e) {
      throw new RendezvousException(
          "group "
              + group.name()
              + ": "
              + group.members().get(group.me())
              + " found no address of "
              + group.members().get(p)
              + ": "
              + e.getMessage(),
          e);
    }
  }

  private static long left(ConnectOptions options, long startNanos) {
    return Math.max(1, options.timeoutNanos() - (System.nanoTime() - startNanos));
  }

  private static String key(Group group, int index) {
    return "group/" + group.name() + "/tcp/" + index;
  }
}
