package org.strait.engine.rendezvous;

import java.io.Closeable;
import java.io.IOException;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.StandardSocketOptions;
import java.nio.channels.ServerSocketChannel;

/// Opening and closing sockets with errors that say what to do.
public final class Sockets {
  private static final Logger LOG = System.getLogger(Sockets.class.getName());

  private Sockets() {}

  /// A listening channel, non-blocking.
  ///
  /// @throws RendezvousException if the address cannot be had: names it and says what to do
  public static ServerSocketChannel listen(String host, int port, int backlog) {
    InetSocketAddress address = resolved(host, port);
    ServerSocketChannel server = null;
    try {
      server = ServerSocketChannel.open();
      server.setOption(StandardSocketOptions.SO_REUSEADDR, true);
      server.bind(address, backlog);
      server.configureBlocking(false);
      return server;
    } catch (IOException e) {
      closeQuietly(server);
      throw cannotListen(host, port, e);
    }
  }

  /// A listening socket, blocking.
  ///
  /// @throws RendezvousException if the address cannot be had: names it and says what to do
  public static ServerSocket serverSocket(String host, int port, int backlog) {
    InetSocketAddress address = resolved(host, port);
    ServerSocket server = null;
    try {
      server = new ServerSocket();
      server.setReuseAddress(true);
      server.bind(address, backlog);
      return server;
    } catch (IOException e) {
      closeQuietly(server);
      throw cannotListen(host, port, e);
    }
  }

  private static InetSocketAddress resolved(String host, int port) {
    InetSocketAddress address = new InetSocketAddress(host, port);
    if (address.isUnresolved()) {
      throw new RendezvousException(
          "cannot listen on " + format(host, port) + ": no such host name; check the bind address");
    }
    return address;
  }

  private static RendezvousException cannotListen(String host, int port, IOException e) {
    return new RendezvousException(
        "cannot listen on "
            + format(host, port)
            + " ("
            + e.getMessage()
            + "); stop the process that has the port, choose another port, or 0 for any free one",
        e);
  }

  /// Parses {@code host:port}; the host may be an IPv6 address in brackets.
  public static InetSocketAddress parse(String hostAndPort) {
    int colon = hostAndPort.lastIndexOf(':');
    String host = colon < 0 ? "" : hostAndPort.substring(0, colon);
    if (host.startsWith("[") && host.endsWith("]")) {
      host = host.substring(1, host.length() - 1);
    }
    try {
      int port = Integer.parseInt(hostAndPort.substring(colon + 1));
      if (host.isEmpty() || port < 1 || port > 65535) {
        throw new NumberFormatException(hostAndPort);
      }
      return InetSocketAddress.createUnresolved(host, port);
    } catch (NumberFormatException e) {
      throw new IllegalArgumentException(
          "address \"" + hostAndPort + "\" is not host:port with a port from 1 to 65535", e);
    }
  }

  /// {@code host:port}, with brackets around an IPv6 address.
  public static String format(String host, int port) {
    return (host.contains(":") ? "[" + host + "]" : host) + ":" + port;
  }

  /// Closes if there is something to close; a failure is only worth a debug line.
  public static void closeQuietly(Closeable closeable) {
    if (closeable == null) {
      return;
    }
    try {
      closeable.close();
    } catch (IOException e) {
      LOG.log(Level.DEBUG, "close", e);
    }
  }
}
