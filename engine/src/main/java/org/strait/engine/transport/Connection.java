package org.strait.engine.transport;

import java.io.Closeable;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.ByteChannel;
import java.nio.channels.SocketChannel;
import java.util.Set;
import org.strait.engine.transport.tls.TlsChannel;
import org.strait.engine.transport.tls.TlsIdentity;

/// One connection between two ranks.
///
/// @param socket what to wait for; non-blocking
/// @param bytes what to read and write: the socket itself, or TLS over it
record Connection(SocketChannel socket, ByteChannel bytes) implements Closeable {
  /// A connection that is not encrypted.
  static Connection plain(SocketChannel socket) {
    return new Connection(socket, socket);
  }

  /// A connection that this side opened.
  ///
  /// @param tls who this side is, null for a plain one
  static Connection out(SocketChannel socket, TlsIdentity tls) {
    return tls == null ? plain(socket) : new Connection(socket, TlsChannel.client(socket, tls));
  }

  /// A connection that the other side opened.
  ///
  /// @param tls who this side is, null for a plain one
  static Connection in(SocketChannel socket, TlsIdentity tls) {
    return tls == null ? plain(socket) : new Connection(socket, TlsChannel.server(socket, tls));
  }

  /// Goes on with the TLS handshake, if there is one; returns whether bytes may travel.
  boolean secured() throws IOException {
    return !(bytes instanceof TlsChannel tls) || tls.handshake();
  }

  /// Reads on; returns whether the buffer is full.
  boolean fills(ByteBuffer buffer) throws IOException {
    if (bytes.read(buffer) < 0) {
      throw new IOException("closed during the handshake");
    }
    return !buffer.hasRemaining();
  }

  /// Whether the other side may act for a data centre: its certificate names it, or there is none.
  boolean speaksFor(String dc) throws IOException {
    return !(bytes instanceof TlsChannel tls) || tls.peerNames().contains(dc);
  }

  /// The data centres that the other side's certificate names.
  Set<String> names() throws IOException {
    return bytes instanceof TlsChannel tls ? tls.peerNames() : Set.of();
  }

  /// Counts what TLS adds as traffic with a member.
  void countIn(Traffic traffic, int member) {
    if (bytes instanceof TlsChannel tls) {
      tls.countWith(n -> traffic.addTlsSent(member, n), n -> traffic.addTlsReceived(member, n));
    }
  }

  @Override
  public void close() throws IOException {
    bytes.close();
  }
}
