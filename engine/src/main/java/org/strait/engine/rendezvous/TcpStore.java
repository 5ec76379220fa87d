package org.strait.engine.rendezvous;

import java.io.BufferedInputStream;
import java.io.BufferedOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashSet;
import java.util.Set;
import java.util.concurrent.locks.LockSupport;

/// Client of a {@link TcpStoreServer}. Each call uses a connection of its own, kept for later
/// calls, so a thread that waits for a value does not hinder the others.
public final class TcpStore implements Store {
  private static final long FIRST_RETRY_NANOS = 5_000_000L;
  private static final long LAST_RETRY_NANOS = 500_000_000L;
  private static final long GRACE_NANOS = 5_000_000_000L;

  private static final class Connection {
    final Socket socket;
    final DataInputStream in;
    final DataOutputStream out;

    Connection(Socket socket) throws IOException {
      this.socket = socket;
      in = new DataInputStream(new BufferedInputStream(socket.getInputStream()));
      out = new DataOutputStream(new BufferedOutputStream(socket.getOutputStream()));
    }
  }

  private final String host;
  private final int port;
  private final String token;
  private final Deque<Connection> idle = new ArrayDeque<>();
  private final Set<Connection> all = new HashSet<>();
  private boolean closed;

  private TcpStore(String host, int port, String token) {
    this.host = host;
    this.port = port;
    this.token = token;
  }

  /// Connects to a server; tries again while it does not listen yet.
  ///
  /// @param address {@code host:port}
  /// @param timeoutNanos how long to try
  /// @throws RendezvousException if nobody listens there in time, or the token is refused
  public static TcpStore connect(String address, String token, long timeoutNanos) {
    InetSocketAddress parsed = Sockets.parse(address);
    TcpStore store = new TcpStore(parsed.getHostString(), parsed.getPort(), token);
    long startNanos = System.nanoTime();
    long retryNanos = FIRST_RETRY_NANOS;
    while (true) {
      long leftNanos = timeoutNanos - (System.nanoTime() - startNanos);
      try {
        store.giveBack(store.open(Math.max(1, leftNanos)));
        return store;
      } catch (IOException e) {
        if (leftNanos <= retryNanos) {
          throw new RendezvousException(
              String.format(
                  "no store at %s after %.1f s: %s", address, timeoutNanos / 1e9, e.getMessage()),
              e);
        }
        LockSupport.parkNanos(retryNanos);
        retryNanos = Math.min(2 * retryNanos, LAST_RETRY_NANOS);
      }
    }
  }

  @Override
  public void set(String key, String value) {
    ask(StoreProtocol.SET, key, value, 0);
  }

  @Override
  public String get(String key, long timeoutNanos) {
    return ask(StoreProtocol.GET, key, null, timeoutNanos);
  }

  @Override
  public String peek(String key) {
    return ask(StoreProtocol.PEEK, key, null, 0);
  }

  @Override
  public void close() {
    synchronized (all) {
      closed = true;
      all.forEach(connection -> Sockets.closeQuietly(connection.socket));
    }
  }

  private String ask(byte request, String key, String value, long timeoutNanos) {
    Connection connection = null;
    try {
      connection = take();
      // The server ends the wait; should it have died without a word, the client does.
      connection.socket.setSoTimeout(
          (int) Math.min(Integer.MAX_VALUE, (timeoutNanos + GRACE_NANOS) / 1_000_000));
      DataOutputStream out = connection.out;
      out.writeByte(request);
      StoreProtocol.writeText(out, key);
      if (request == StoreProtocol.SET) {
        StoreProtocol.writeText(out, value);
      } else if (request == StoreProtocol.GET) {
        out.writeLong(timeoutNanos);
      }
      out.flush();
      byte status = connection.in.readByte();
      String answer = status == StoreProtocol.NONE ? null : StoreProtocol.readText(connection.in);
      giveBack(connection);
      if (status == StoreProtocol.REFUSED) {
        throw new RendezvousException(answer);
      }
      return answer;
    } catch (IOException e) {
      Sockets.closeQuietly(connection == null ? null : connection.socket);
      String why = e.getMessage() == null ? "connection closed" : e.getMessage();
      throw new RendezvousException(
          "lost the store at "
              + Sockets.format(host, port)
              + " while asking for "
              + key
              + ": "
              + why,
          e);
    }
  }

  private Connection take() throws IOException {
    synchronized (all) {
      if (closed) {
        throw new RendezvousException("the store is closed");
      }
      Connection connection = idle.poll();
      if (connection != null) {
        return connection;
      }
    }
    return open(GRACE_NANOS);
  }

  private void giveBack(Connection connection) {
    synchronized (all) {
      idle.push(connection);
    }
  }

  private Connection open(long timeoutNanos) throws IOException {
    Socket socket = new Socket();
    boolean welcome = false;
    try {
      int millis = (int) Math.max(1, Math.min(60_000, timeoutNanos / 1_000_000));
      socket.connect(new InetSocketAddress(host, port), millis);
      socket.setTcpNoDelay(true);
      socket.setSoTimeout((int) (GRACE_NANOS / 1_000_000));
      Connection connection = new Connection(socket);
      connection.out.writeInt(StoreProtocol.MAGIC);
      connection.out.writeShort(StoreProtocol.VERSION);
      StoreProtocol.writeText(connection.out, token);
      connection.out.flush();
      byte status = connection.in.readByte();
      String reason = StoreProtocol.readText(connection.in);
      if (status != StoreProtocol.OK) {
        throw new RendezvousException(
            "the store at " + Sockets.format(host, port) + " sends this rank away: " + reason);
      }
      synchronized (all) {
        if (closed) {
          throw new RendezvousException("the store is closed");
        }
        all.add(connection);
      }
      welcome = true;
      return connection;
    } finally {
      if (!welcome) {
        socket.close();
      }
    }
  }
}
