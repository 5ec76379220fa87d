package org.strait.engine.transport.mpj;

import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.List;
import org.strait.engine.rendezvous.Sockets;

/// Stands in for the port exchange of MPJ's own starter. Every process connects and sends {@code
/// writeUTF("Sending Info")}, two ports and its rank; when all have, each is answered {@code
/// writeUTF("#Peer Information;host@readPort@writePort@rank@0;…")} in rank order. Serves one
/// start-up, from a daemon thread. MPJ has no secret to check here.
public final class MpjPortExchange implements AutoCloseable {
  private final ServerSocket server;
  private final Socket[] sockets;
  private final String[] peers;
  private final List<String> hosts;

  /// Listens on any free port of an address and serves from a thread named after the group. Ranks
  /// are told the addresses that the exchange saw.
  MpjPortExchange(String bind, int size, String name) {
    this(bind, List.of(), size, name);
  }

  /// The same; ranks are told the hosts that are given.
  ///
  /// @param hosts name or address of every rank's host, by rank, as the others reach it; empty for
  ///     what the exchange sees, which is wrong for other hosts where a rank is its neighbour
  public MpjPortExchange(String bind, List<String> hosts, int size, String name) {
    this.hosts = List.copyOf(hosts);
    server = Sockets.serverSocket(bind, 0, size + 16);
    sockets = new Socket[size];
    peers = new String[size];
    Thread.ofPlatform().daemon().name("strait-mpj-ports-" + name).start(this::serve);
  }

  /// The port it listens on.
  public int port() {
    return server.getLocalPort();
  }

  /// Whether a rank has reported its ports.
  boolean has(int rank) {
    synchronized (peers) {
      return peers[rank] != null;
    }
  }

  private void serve() {
    try {
      for (int i = 0; i < sockets.length; i++) {
        accept();
      }
      String table = "#Peer Information" + String.join("", peers);
      for (Socket socket : sockets) {
        DataOutputStream out = new DataOutputStream(socket.getOutputStream());
        out.writeUTF(table);
        out.flush();
      }
    } catch (IOException e) {
      // Closed, or a process went away: the ranks' own deadline says who is missing.
      System.getLogger(MpjPortExchange.class.getName()).log(System.Logger.Level.DEBUG, "ports", e);
    } finally {
      close();
    }
  }

  private void accept() throws IOException {
    Socket socket = server.accept();
    DataInputStream in = new DataInputStream(socket.getInputStream());
    if (!in.readUTF().equals("Sending Info")) {
      throw new IOException("not an MPJ process: " + socket.getRemoteSocketAddress());
    }
    int writePort = in.readInt();
    int readPort = in.readInt();
    int rank = in.readInt();
    String host = hosts.isEmpty() ? socket.getInetAddress().getHostAddress() : hosts.get(rank);
    synchronized (peers) {
      peers[rank] = ";" + host + "@" + readPort + "@" + writePort + "@" + rank + "@0";
      sockets[rank] = socket;
    }
  }

  @Override
  public void close() {
    Sockets.closeQuietly(server);
    synchronized (peers) {
      for (Socket socket : sockets) {
        Sockets.closeQuietly(socket);
      }
    }
  }
}
