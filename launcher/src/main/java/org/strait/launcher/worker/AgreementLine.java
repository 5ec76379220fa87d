package org.strait.launcher.worker;

import com.google.gson.JsonObject;
import com.google.gson.JsonParseException;
import com.google.gson.JsonParser;
import java.io.Closeable;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.SocketTimeoutException;
import java.nio.ByteBuffer;
import java.nio.channels.ByteChannel;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.util.Optional;
import java.util.concurrent.locks.LockSupport;
import org.strait.engine.rendezvous.Sockets;
import org.strait.engine.transport.tls.CertificateNames;
import org.strait.engine.transport.tls.TlsChannel;
import org.strait.engine.transport.tls.TlsIdentity;

/// One connection between launches that agree: whole messages, each with a limit of time, plain or
/// over TLS; every byte sent is counted.
///
///     int magic "STRA", int length, UTF-8 JSON of that length
final class AgreementLine implements Closeable {
  private static final int MAGIC = 0x53545241;
  /// Room for the labels of 65,536 classes from each of many data centres.
  private static final int MOST_BYTES = 1 << 25;

  private static final int HEAD_BYTES = 8;
  private static final long POLL_NANOS = 1_000_000L;

  private final SocketChannel socket;
  private final ByteChannel bytes;
  private final String remote;
  private long sentBytes;

  @FunctionalInterface
  private interface Step {
    boolean done() throws IOException;
  }

  private AgreementLine(SocketChannel socket, ByteChannel bytes, String remote) {
    this.socket = socket;
    this.bytes = bytes;
    this.remote = remote;
    if (bytes instanceof TlsChannel tls) {
      tls.countWith(n -> sentBytes += n, n -> {});
    }
  }

  /// Connects, and shakes hands if it is to be TLS.
  ///
  /// @param tls who this side is, null for a plain connection
  static AgreementLine connect(InetSocketAddress address, TlsIdentity tls, long nanos)
      throws IOException {
    SocketChannel socket = SocketChannel.open();
    boolean done = false;
    try {
      socket.configureBlocking(false);
      socket.connect(new InetSocketAddress(address.getHostString(), address.getPort()));
      AgreementLine line =
          new AgreementLine(
              socket,
              tls == null ? socket : TlsChannel.client(socket, tls),
              Sockets.format(address.getHostString(), address.getPort()));
      long deadline = System.nanoTime() + nanos;
      line.await(socket::finishConnect, deadline);
      line.secure(deadline);
      done = true;
      return line;
    } catch (java.nio.channels.UnresolvedAddressException e) {
      throw new IOException("no such host name", e);
    } finally {
      if (!done) {
        Sockets.closeQuietly(socket);
      }
    }
  }

  /// The side that was connected to.
  static AgreementLine accepted(SocketChannel socket, TlsIdentity tls) throws IOException {
    socket.configureBlocking(false);
    return new AgreementLine(
        socket,
        tls == null ? socket : TlsChannel.server(socket, tls),
        String.valueOf(socket.getRemoteAddress()).replaceFirst("^/", ""));
  }

  /// Ends the TLS handshake, if there is one.
  void secure(long deadlineNanos) throws IOException {
    if (bytes instanceof TlsChannel tls) {
      await(tls::handshake, deadlineNanos);
    }
  }

  void send(JsonObject json, long deadlineNanos) throws IOException {
    byte[] text = json.toString().getBytes(StandardCharsets.UTF_8);
    ByteBuffer out =
        ByteBuffer.allocate(HEAD_BYTES + text.length)
            .putInt(MAGIC)
            .putInt(text.length)
            .put(text)
            .flip();
    sentBytes += out.remaining();
    await(
        () -> {
          bytes.write(out);
          return !out.hasRemaining();
        },
        deadlineNanos);
  }

  JsonObject receive(long deadlineNanos) throws IOException {
    ByteBuffer head = ByteBuffer.allocate(HEAD_BYTES);
    fill(head, deadlineNanos);
    if (head.getInt(0) != MAGIC) {
      throw new IOException("not a launch of strait");
    }
    int length = head.getInt(Integer.BYTES);
    if (length < 0 || length > MOST_BYTES) {
      throw new IOException("a message of " + length + " bytes");
    }
    ByteBuffer text = ByteBuffer.allocate(length);
    fill(text, deadlineNanos);
    try {
      return JsonParser.parseString(new String(text.array(), StandardCharsets.UTF_8))
          .getAsJsonObject();
    } catch (JsonParseException | IllegalStateException e) {
      throw new IOException("not a launch of strait", e);
    }
  }

  private void fill(ByteBuffer buffer, long deadlineNanos) throws IOException {
    await(
        () -> {
          if (buffer.hasRemaining() && bytes.read(buffer) < 0) {
            throw new IOException("connection closed");
          }
          return !buffer.hasRemaining();
        },
        deadlineNanos);
  }

  /// What the other side's certificate names instead of this data centre; empty if all is well.
  Optional<String> otherName(String dc) throws IOException {
    return bytes instanceof TlsChannel tls && !tls.peerNames().contains(dc)
        ? Optional.of(CertificateNames.words(tls.peerNames()))
        : Optional.empty();
  }

  /// Bytes handed to the socket so far.
  long sentBytes() {
    return sentBytes;
  }

  /// Address of the other side.
  String remote() {
    return remote;
  }

  private void await(Step step, long deadlineNanos) throws IOException {
    while (!step.done()) {
      if (System.nanoTime() - deadlineNanos >= 0) {
        throw new SocketTimeoutException("no answer in time");
      }
      LockSupport.parkNanos(POLL_NANOS);
    }
  }

  @Override
  public void close() throws IOException {
    if (socket.isOpen()) {
      bytes.close();
    }
  }
}
