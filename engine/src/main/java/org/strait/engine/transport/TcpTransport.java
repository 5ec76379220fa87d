package org.strait.engine.transport;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.nio.channels.ServerSocketChannel;
import java.util.Arrays;
import java.util.List;
import org.strait.engine.rendezvous.RendezvousException;
import org.strait.engine.rendezvous.Sockets;
import org.strait.engine.rendezvous.Store;
import org.strait.engine.topology.Group;

/// TCP between all pairs of a group: one listening port per rank while joining, one or more
/// connections per pair after that, inside a data centre (where no streams by member are given) as
/// many for each direction; the higher index connects to the lower.
final class TcpTransport {
  /// Bytes that go over one of a pair's connections before it is the next one's turn.
  static final int STRIPE = 64 << 10;

  /// The same between gateways: what TCP sends at once on a connection that has been quiet (ten
  /// segments of 1448 bytes, RFC 6928), so that n connections carry n times as much in the first
  /// round trip; with a TLS record's head and tag.
  static final int WAN_STRIPE = 14 << 10;

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
      try (Reception reception = new Reception(server, options.token(), options.tls(), true)) {
        // Of a TLS connection both sides read: what is left unread when it closes resets it.
        boolean oneWay = options.tls() == null && options.streamsByMember().isEmpty();
        return connect(
            group, addresses, reception, options, left(options, startNanos), STRIPE, oneWay);
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /// Joins at known addresses, one per member; this rank's own says the port to listen on unless
  /// the options name one.
  static Transport join(Group group, List<InetSocketAddress> addresses, ConnectOptions options) {
    checkAddresses(group, addresses);
    long startNanos = System.nanoTime();
    int port = options.port() != 0 ? options.port() : addresses.get(group.me()).getPort();
    try (ServerSocketChannel server = Sockets.listen(options.bind(), port, 64 + group.size());
        Reception reception = new Reception(server, options.token(), options.tls(), true)) {
      return connect(
          group,
          addresses.toArray(InetSocketAddress[]::new),
          reception,
          options,
          left(options, startNanos),
          WAN_STRIPE);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  static void checkAddresses(Group group, List<InetSocketAddress> addresses) {
    if (addresses.size() != group.size()) {
      throw new IllegalArgumentException(
          "group "
              + group.name()
              + " has "
              + group.size()
              + " members, addresses are "
              + addresses);
    }
  }

  static Transport connect(
      Group group,
      SocketAddress[] addresses,
      Reception reception,
      ConnectOptions options,
      long timeoutNanos,
      int stripeBytes) {
    return connect(group, addresses, reception, options, timeoutNanos, stripeBytes, false);
  }

  private static Transport connect(
      Group group,
      SocketAddress[] addresses,
      Reception reception,
      ConnectOptions options,
      long timeoutNanos,
      int stripeBytes,
      boolean oneWay) {
    Traffic traffic = new Traffic(group.size());
    int[] streams =
        Arrays.stream(options.streamsIn(group)).map(count -> oneWay ? 2 * count : count).toArray();
    Connection[][] connections =
        new SocketJoin(group, options, streams, addresses, reception, traffic)
            .connect(timeoutNanos);
    return new PipedTransport(
        group,
        traffic,
        new SocketPipes(connections, stripeBytes, group.me(), oneWay, traffic),
        System::nanoTime);
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
