package org.strait.engine.transport;

import java.io.IOException;
import java.net.SocketAddress;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.ServerSocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import org.strait.engine.rendezvous.RendezvousException;
import org.strait.engine.rendezvous.Store;
import org.strait.engine.topology.Group;

/// Unix-domain sockets between the ranks of one host: TCP's byte streams without TCP. While
/// joining, every rank listens in a folder of its own below {@code java.io.tmpdir}, which only its
/// user may enter; nothing is left of it once all are connected. A rank killed before that leaves
/// an empty folder that is in nobody's way.
final class UnixTransport {
  /// Longest path of a socket on Linux, without the zero at its end.
  private static final int MOST_PATH_BYTES = 107;

  private UnixTransport() {}

  /// Joins through a store: publishes this rank's path and waits for those of the members below.
  static Transport join(Group group, Store store, ConnectOptions options) {
    long startNanos = System.nanoTime();
    Path folder = null;
    try {
      folder = Files.createTempDirectory("strait-unix-");
      Path path = folder.resolve("r" + group.me());
      try (ServerSocketChannel server = listen(path, 64 + group.size() * options.streams())) {
        store.set(key(group, group.me()), Host.memory() + "\n" + Host.name() + "\n" + path);
        SocketAddress[] addresses = new SocketAddress[group.size()];
        for (int p = 0; p < group.me(); p++) {
          addresses[p] = published(group, p, store, left(options, startNanos));
        }
        ConnectOptions plain = options.withTls(null);
        try (Reception reception = new Reception(server, options.token(), null, true)) {
          return TcpTransport.connect(
              group, addresses, reception, plain, left(options, startNanos), TcpTransport.STRIPE);
        }
      } finally {
        Files.deleteIfExists(path);
      }
    } catch (IOException e) {
      throw new RendezvousException("unix sockets: " + e.getMessage(), e);
    } finally {
      deleteQuietly(folder);
    }
  }

  private static ServerSocketChannel listen(Path path, int backlog) throws IOException {
    int bytes = path.toString().getBytes(StandardCharsets.UTF_8).length;
    if (bytes > MOST_PATH_BYTES) {
      throw new RendezvousException(
          "unix sockets: the path "
              + path
              + " has "
              + bytes
              + " bytes, at most "
              + MOST_PATH_BYTES
              + "; give a shorter folder with -Djava.io.tmpdir");
    }
    ServerSocketChannel server = ServerSocketChannel.open(StandardProtocolFamily.UNIX);
    boolean bound = false;
    try {
      server.bind(UnixDomainSocketAddress.of(path), backlog);
      server.configureBlocking(false);
      bound = true;
      return server;
    } finally {
      if (!bound) {
        server.close();
      }
    }
  }

  private static SocketAddress published(Group group, int p, Store store, long timeoutNanos) {
    String[] found =
        TcpTransport.published(group, p, store, key(group, p), timeoutNanos).split("\n", 3);
    if (!found[0].equals(Host.memory())) {
      throw new RendezvousException(
          "unix sockets: "
              + group.members().get(group.me())
              + " runs on "
              + Host.name()
              + ", "
              + group.members().get(p)
              + " on "
              + found[1]
              + ": ranks of several hosts need --transport tcp");
    }
    return UnixDomainSocketAddress.of(found[2]);
  }

  private static long left(ConnectOptions options, long startNanos) {
    return Math.max(1, options.timeoutNanos() - (System.nanoTime() - startNanos));
  }

  private static String key(Group group, int index) {
    return "group/" + group.name() + "/unix/" + index;
  }

  private static void deleteQuietly(Path folder) {
    try {
      if (folder != null) {
        Files.deleteIfExists(folder);
      }
    } catch (IOException e) {
      System.getLogger(UnixTransport.class.getName()).log(System.Logger.Level.DEBUG, "delete", e);
    }
  }
}
