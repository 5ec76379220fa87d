package org.strait.engine.transport;

import java.io.Closeable;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.System.Logger.Level;
import java.net.InetSocketAddress;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.nio.channels.ServerSocketChannel;
import java.time.Duration;
import java.util.List;
import org.strait.engine.rendezvous.Sockets;
import org.strait.engine.topology.Group;

/// The one listening port of a gateway, for all groups that it joins with gateways of other data
/// centres and all their connections: at the start, and later, when one returns. Several joins may
/// go on at the same time, each of another group.
///
/// A connection for a group that nobody joins here yet is told to come again, and its other end
/// does, until its own time is over. So both sides of a new group may begin in any order, and a
/// gateway can ask between two rounds whether somebody has returned:
///
/// ```java
/// if (listener.knocks(pair)) {
///   Transport back = listener.join(pair, addresses, options.withTimeoutSeconds(10));
/// }
/// ```
public final class GatewayListener implements Closeable {
  /// Longer than the longest pause between two tries of {@link SocketJoin}.
  private static final long KNOCK_NANOS = 3_000_000_000L;

  private static final int BACKLOG = 1024;
  private static final long BUSY_MILLIS = 1;

  private final ServerSocketChannel server;
  private final Selector selector;
  private final Reception reception;
  private final Thread thread;
  private volatile boolean closed;

  private GatewayListener(ServerSocketChannel server, Selector selector, Reception reception) {
    this.server = server;
    this.selector = selector;
    this.reception = reception;
    thread = Thread.ofPlatform().daemon().name("strait-gateway").unstarted(this::run);
  }

  /// Begins to listen.
  ///
  /// @param options bind address, port (0 for any free one), token and TLS, for all joins
  /// @throws org.strait.engine.rendezvous.RendezvousException if the address cannot be had
  public static GatewayListener open(ConnectOptions options) {
    ServerSocketChannel server = Sockets.listen(options.bind(), options.port(), BACKLOG);
    try {
      Selector selector = Selector.open();
      server.register(selector, SelectionKey.OP_ACCEPT);
      Reception reception = new Reception(server, options.token(), options.tls(), false);
      GatewayListener listener = new GatewayListener(server, selector, reception);
      listener.thread.start();
      return listener;
    } catch (IOException e) {
      Sockets.closeQuietly(server);
      throw new UncheckedIOException(e);
    }
  }

  /// The port that others connect to.
  public int port() {
    try {
      return ((InetSocketAddress) server.getLocalAddress()).getPort();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /// Joins a group: connects to the members below this one, waits for those above, and returns when
  /// all connections stand.
  ///
  /// @param addresses where each member listens, in the group's order; this rank's own and those
  ///     above it are not looked at
  /// @param options time-out, token, TLS and numbers of connections
  /// @throws org.strait.engine.rendezvous.RendezvousException if members are missing when the time
  ///     is over, or refuse; names them
  public Transport join(Group group, List<InetSocketAddress> addresses, ConnectOptions options) {
    TcpTransport.checkAddresses(group, addresses);
    return TcpTransport.connect(
        group,
        addresses.toArray(InetSocketAddress[]::new),
        reception,
        options,
        options.timeoutNanos(),
        TcpTransport.WAN_STRIPE);
  }

  /// Whether a member above this one has come for a group that is not being joined here, within the
  /// last three seconds; it comes again, so a join will meet it. Costs a look into a map.
  public boolean knocks(Group group) {
    return reception.knocked(HandshakeLayout.digest(group), KNOCK_NANOS, System.nanoTime());
  }

  /// Those who were sent away so far, each with the reason.
  public List<String> refusals() {
    return reception.refusals();
  }

  private void run() {
    try {
      while (!closed) {
        selector.select(key -> {}, reception.busy() ? BUSY_MILLIS : 0);
        reception.pump(System.nanoTime());
      }
    } catch (IOException | java.nio.channels.ClosedSelectorException e) {
      System.getLogger(GatewayListener.class.getName()).log(Level.DEBUG, "listener ends", e);
    }
  }

  /// Listens no more; connections of groups that were joined stay.
  @Override
  public void close() {
    closed = true;
    Sockets.closeQuietly(selector);
    Sockets.closeQuietly(server);
    try {
      thread.join(Duration.ofSeconds(2));
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    reception.close();
  }
}
