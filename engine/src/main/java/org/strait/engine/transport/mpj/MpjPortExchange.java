package org.strait.engine.transport.mpj;

import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import org.strait.engine.rendezvous.Sockets;

/// Stands in for the port exchange of MPJ's own starter. Every process connects and sends {@code
/// writeUTF("Sending Info")}, two ports and its rank; when all have, each is answered {@code
/// writeUTF("#Peer Information;host@readPort@writePort@rank@0;…")} in rank order. Serves one
/// start-up, from a daemon thread. MPJ has no secret to check here.
final class MpjPortExchange implements AutoCloseable {
  private final ServerSocket server;
  private final Socket[] sockets;
  private final String[] peers;

  /// Listens on any free port of an address and serves from a thread named after the group.
  MpjPortExchange(String bind, int size, String name) {
    server = Sockets.serverSocket(bind, 0, size + 16);
    sockets = new Socket[size];
    peers = new String[size];
    Thread.ofPlatform().daemon().name("strait-mpj-ports-" + name).start(this::serve);
  }

  int port() {
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
    InetAddress seen = socket.getInetAddress();
    synchronized (peers) {
      peers[rank] =
          ";" + seen.getHostAddress() + "@" + readPort + "@" + writePort + "@" + rank + "@0";
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
