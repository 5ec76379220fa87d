package org.strait.engine.rendezvous;

import java.io.BufferedInputStream;
import java.io.BufferedOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/// The values of a job, served over TCP to {@link TcpStore} clients that know the job token.
/// Usually one of these lives in the launcher. One thread accepts (strait-store-PORT), one per
/// connection answers; all end at close.
public final class TcpStoreServer implements AutoCloseable {
  private static final int HELLO_MILLIS = 5_000;

  private final ServerSocket server;
  private final String token;
  private final MemoryStore values = new MemoryStore();
  private final Set<Socket> connections = ConcurrentHashMap.newKeySet();
  private volatile boolean closed;

  /// Starts to serve.
  ///
  /// @param bind host name or address to listen on
  /// @param port 0 for any free one
  /// @param token secret of the job, may be empty
  /// @throws RendezvousException if the port cannot be had: names it and says what to do
  public static TcpStoreServer start(String bind, int port, String token) {
    TcpStoreServer started = new TcpStoreServer(Sockets.serverSocket(bind, port, 256), token);
    Thread.ofPlatform().daemon().name("strait-store-" + started.port()).start(started::accept);
    return started;
  }

  private TcpStoreServer(ServerSocket server, String token) {
    this.server = server;
    this.token = token;
  }

  /// The port it listens on.
  public int port() {
    return server.getLocalPort();
  }

  /// The address it listens on; connect to another of the machine's if it is all interfaces.
  public InetSocketAddress address() {
    return (InetSocketAddress) server.getLocalSocketAddress();
  }

  /// The same values without a network, for the process that serves.
  public Store local() {
    return values;
  }

  @Override
  public void close() {
    closed = true;
    Sockets.closeQuietly(server);
    values.close();
    connections.forEach(Sockets::closeQuietly);
  }

  private void accept() {
    while (!closed) {
      try {
        Socket socket = server.accept();
        connections.add(socket);
        if (closed) {
          Sockets.closeQuietly(socket);
        }
        Thread.ofPlatform()
            .daemon()
            .name("strait-store-" + port() + "-" + socket.getPort())
            .start(() -> serve(socket));
      } catch (IOException e) {
        if (!closed) {
          System.getLogger(TcpStoreServer.class.getName())
              .log(System.Logger.Level.WARNING, "store " + address() + ": " + e.getMessage());
        }
      }
    }
  }

  private void serve(Socket socket) {
    try (socket) {
      socket.setTcpNoDelay(true);
      socket.setSoTimeout(HELLO_MILLIS);
      DataInputStream in = new DataInputStream(new BufferedInputStream(socket.getInputStream()));
      DataOutputStream out =
          new DataOutputStream(new BufferedOutputStream(socket.getOutputStream()));
      String refusal = refusal(in);
      out.writeByte(refusal.isEmpty() ? StoreProtocol.OK : StoreProtocol.REFUSED);
      StoreProtocol.writeText(out, refusal);
      out.flush();
      socket.setSoTimeout(0);
      while (refusal.isEmpty()) {
        answer(in, out);
        out.flush();
      }
    } catch (IOException e) {
      // The client is gone or never was one: the ranks' own deadlines say who is missing.
      System.getLogger(TcpStoreServer.class.getName()).log(System.Logger.Level.DEBUG, "store", e);
    } finally {
      connections.remove(socket);
    }
  }

  private String refusal(DataInputStream in) throws IOException {
    if (in.readInt() != StoreProtocol.MAGIC) {
      throw new IOException("not a rank");
    }
    short version = in.readShort();
    if (version != StoreProtocol.VERSION) {
      return "the store speaks protocol version " + StoreProtocol.VERSION + ", not " + version;
    }
    byte[] theirs = StoreProtocol.readText(in).getBytes(StandardCharsets.UTF_8);
    boolean same = MessageDigest.isEqual(theirs, token.getBytes(StandardCharsets.UTF_8));
    return same ? "" : "the job tokens differ";
  }

  private void answer(DataInputStream in, DataOutputStream out) throws IOException {
    byte request = in.readByte();
    String key = StoreProtocol.readText(in);
    String value;
    try {
      switch (request) {
        case StoreProtocol.SET -> {
          values.set(key, StoreProtocol.readText(in));
          value = "";
        }
        case StoreProtocol.GET -> value = values.get(key, in.readLong());
        case StoreProtocol.PEEK -> value = values.peek(key);
        default -> throw new IOException("unknown request " + request);
      }
    } catch (RendezvousException e) {
      out.writeByte(StoreProtocol.REFUSED);
      StoreProtocol.writeText(out, e.getMessage());
      return;
    }
    out.writeByte(value == null ? StoreProtocol.NONE : StoreProtocol.OK);
    if (value != null) {
      StoreProtocol.writeText(out, value);
    }
  }
}
