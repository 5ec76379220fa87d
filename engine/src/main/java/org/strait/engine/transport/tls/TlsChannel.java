package org.strait.engine.transport.tls;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.ByteChannel;
import java.nio.channels.SocketChannel;
import java.security.cert.X509Certificate;
import java.util.Set;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.LongConsumer;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.SSLEngineResult;
import javax.net.ssl.SSLEngineResult.HandshakeStatus;
import javax.net.ssl.SSLEngineResult.Status;
import javax.net.ssl.SSLException;

/// TLS over a socket: plain bytes on this side, records on the other. Non-blocking if the socket
/// is.
///
/// Bytes count as written once their record is with the system, so whoever has written everything
/// leaves nothing behind in this object. A record may have been made while the system took only a
/// part of it: then the next write has to offer the same bytes again, as with an unfinished write
/// to a socket. One thread at a time reads, and one writes; these may be two.
public final class TlsChannel implements ByteChannel {
  /// Most plain bytes of a record (RFC 8446, 5.1).
  private static final int RECORD_BYTES = 16 << 10;

  /// Records that go to the system together.
  private static final int BATCH = 4;

  private static final ByteBuffer NOTHING = ByteBuffer.allocate(0);
  private static final byte ALERT = 21;
  private static final byte HANDSHAKE = 22;

  private final SocketChannel socket;
  private final TlsIdentity identity;
  private final SSLEngine engine;
  private final int packetBytes;
  private final ByteBuffer out;
  private final ByteBuffer in;
  private final ByteBuffer plain;
  private final ReentrantLock writing = new ReentrantLock();
  private int held; // plain bytes whose records are in out
  private boolean begun;
  private boolean heard;
  private boolean ended;
  private long uncountedSent;
  private long uncountedReceived;
  private LongConsumer sentCounter = n -> uncountedSent += n;
  private LongConsumer receivedCounter = n -> uncountedReceived += n;

  private TlsChannel(SocketChannel socket, TlsIdentity identity, boolean client) {
    this.socket = socket;
    this.identity = identity;
    engine = identity.engine(client);
    packetBytes = engine.getSession().getPacketBufferSize();
    // On the heap: the JDK's AES-GCM copies other buffers piece by piece.
    out = ByteBuffer.allocate(BATCH * packetBytes).limit(0);
    in = ByteBuffer.allocate(BATCH * packetBytes).limit(0);
    plain = ByteBuffer.allocate(engine.getSession().getApplicationBufferSize()).limit(0);
  }

  /// The side that connects; no byte travels before {@link #handshake}.
  public static TlsChannel client(SocketChannel socket, TlsIdentity identity) {
    return new TlsChannel(socket, identity, true);
  }

  /// The side that was connected to.
  public static TlsChannel server(SocketChannel socket, TlsIdentity identity) {
    return new TlsChannel(socket, identity, false);
  }

  /// Moves the handshake on as far as the socket lets; returns whether it is over.
  ///
  /// @throws PlainPeerException if the other side does not speak TLS
  /// @throws IOException if one of both sides refuses, see {@link TlsWords}
  public boolean handshake() throws IOException {
    try {
      if (!begun) {
        begun = true;
        engine.beginHandshake();
      }
      while (true) {
        if (!drained()) {
          return false;
        }
        switch (engine.getHandshakeStatus()) {
          case NEED_TASK -> runTasks();
          case NEED_WRAP -> {
            out.clear();
            SSLEngineResult result = engine.wrap(NOTHING, out);
            out.flip();
            sentCounter.accept(result.bytesProduced());
            if (result.getStatus() == Status.CLOSED && !out.hasRemaining()) {
              throw new IOException("closed during the TLS handshake");
            }
          }
          case NEED_UNWRAP, NEED_UNWRAP_AGAIN -> {
            if (unwrap(plain.clear(), true) == Status.BUFFER_UNDERFLOW && !fill()) {
              return false;
            }
            if (ended) {
              throw new IOException("closed during the TLS handshake");
            }
          }
          case FINISHED, NOT_HANDSHAKING -> {
            return true;
          }
        }
      }
    } catch (SSLException e) {
      sayWhy();
      throw e;
    }
  }

  @Override
  public int read(ByteBuffer into) throws IOException {
    int start = into.position();
    while (into.hasRemaining() && !ended) {
      if (plain.hasRemaining()) {
        int n = Math.min(plain.remaining(), into.remaining());
        into.put(into.position(), plain, plain.position(), n);
        into.position(into.position() + n);
        plain.position(plain.position() + n);
        continue;
      }
      int before = in.remaining();
      boolean whole = into.remaining() >= plain.capacity();
      Status status = unwrap(whole ? into : plain.clear(), !whole);
      if (status == Status.OK && in.remaining() == before) {
        throw new IOException("TLS makes no progress: " + engine.getHandshakeStatus());
      }
      if (status == Status.CLOSED || (status == Status.BUFFER_UNDERFLOW && !fill())) {
        break;
      }
    }
    int n = into.position() - start;
    return n == 0 && ended && !plain.hasRemaining() ? -1 : n;
  }

  @Override
  public int write(ByteBuffer data) throws IOException {
    writing.lock();
    try {
      int start = data.position();
      while (drained()) {
        data.position(data.position() + held);
        held = 0;
        if (!data.hasRemaining()) {
          break;
        }
        seal(data);
      }
      return data.position() - start;
    } finally {
      writing.unlock();
    }
  }

  /// Makes records of the next bytes; leaves the position where it was.
  private void seal(ByteBuffer data) throws IOException {
    int start = data.position();
    int limit = data.limit();
    out.clear();
    try {
      while (data.position() < limit && out.remaining() >= packetBytes) {
        // No record across the border that a later call might stop at.
        data.limit(Math.min(limit, data.position() + RECORD_BYTES));
        SSLEngineResult result = engine.wrap(data, out);
        if (result.getStatus() == Status.CLOSED) {
          throw new IOException("TLS connection closed");
        }
        sentCounter.accept(result.bytesProduced() - result.bytesConsumed());
        if (result.getHandshakeStatus() == HandshakeStatus.NEED_TASK) {
          runTasks();
        }
      }
    } finally {
      held = data.position() - start;
      data.limit(limit).position(start);
      out.flip();
    }
  }

  /// Writes what waits; returns whether nothing waits any more.
  private boolean drained() throws IOException {
    if (out.hasRemaining()) {
      socket.write(out);
    }
    return !out.hasRemaining();
  }

  private Status unwrap(ByteBuffer into, boolean flip) throws IOException {
    SSLEngineResult result;
    try {
      result = engine.unwrap(in, into);
    } finally {
      if (flip) {
        plain.flip();
      }
    }
    receivedCounter.accept(result.bytesConsumed() - result.bytesProduced());
    if (result.getHandshakeStatus() == HandshakeStatus.NEED_TASK) {
      runTasks();
    }
    if (result.getStatus() == Status.CLOSED) {
      ended = true;
    } else if (result.getStatus() == Status.BUFFER_OVERFLOW) {
      throw new IOException("a TLS record larger than allowed");
    }
    return result.getStatus();
  }

  /// Takes more from the socket; returns whether there was something.
  private boolean fill() throws IOException {
    in.compact();
    int n;
    try {
      n = socket.read(in);
    } finally {
      in.flip();
    }
    if (n < 0) {
      ended = true;
      if (engine.getHandshakeStatus() != HandshakeStatus.NOT_HANDSHAKING) {
        throw new IOException("closed during the TLS handshake");
      }
    }
    if (!heard && n > 0) {
      heard = true;
      byte first = in.get(in.position());
      if (first != HANDSHAKE && first != ALERT) {
        throw new PlainPeerException();
      }
    }
    return n > 0;
  }

  private void runTasks() {
    for (Runnable task = engine.getDelegatedTask(); task != null; ) {
      task.run();
      task = engine.getDelegatedTask();
    }
  }

  /// Lets the other side know by an alert, if the socket takes it.
  private void sayWhy() {
    try {
      for (int i = 0; i < BATCH && engine.getHandshakeStatus() == HandshakeStatus.NEED_WRAP; i++) {
        out.clear();
        sentCounter.accept(engine.wrap(NOTHING, out).bytesProduced());
        out.flip();
        drained();
      }
    } catch (IOException e) {
      System.getLogger(TlsChannel.class.getName()).log(System.Logger.Level.DEBUG, "alert", e);
    }
  }

  /// The data centres that the other side's certificate names; only after the handshake.
  public Set<String> peerNames() throws IOException {
    return CertificateNames.of((X509Certificate) engine.getSession().getPeerCertificates()[0]);
  }

  /// Says who counts what TLS adds to the bytes written and read: handshake, record headers, tags,
  /// from the first byte on.
  public void countWith(LongConsumer sent, LongConsumer received) {
    sentCounter = sent;
    receivedCounter = received;
    sent.accept(uncountedSent);
    received.accept(uncountedReceived);
  }

  /// Who this side is.
  public TlsIdentity identity() {
    return identity;
  }

  @Override
  public boolean isOpen() {
    return socket.isOpen();
  }

  /// Says goodbye, if nobody is writing and the system takes it at once, and closes the socket.
  @Override
  public void close() throws IOException {
    if (writing.tryLock()) {
      try {
        if (socket.isConnected() && !out.hasRemaining()) {
          engine.closeOutbound();
          sayWhy();
        }
      } finally {
        writing.unlock();
      }
    }
    socket.close();
  }
}
