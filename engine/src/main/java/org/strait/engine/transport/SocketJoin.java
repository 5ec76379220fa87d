package org.strait.engine.transport;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.net.StandardProtocolFamily;
import java.net.StandardSocketOptions;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.StringJoiner;
import java.util.concurrent.locks.LockSupport;
import org.strait.engine.rendezvous.RendezvousException;
import org.strait.engine.rendezvous.Sockets;
import org.strait.engine.topology.Group;
import org.strait.engine.transport.tls.CertificateNames;
import org.strait.engine.transport.tls.PlainPeerException;
import org.strait.engine.transport.tls.TlsIdentity;
import org.strait.engine.transport.tls.TlsWords;

/// Connects a group, by TCP or Unix-domain sockets: takes the connections of members above this one
/// from the reception of a listening port, connects to those below and tries again until the time
/// is over, and shakes hands on each connection, of which a pair may have several. Strangers are
/// named only if somebody is missing in the end.
final class SocketJoin {
  private static final long FIRST_RETRY_NANOS = 5_000_000L;
  private static final long LAST_RETRY_NANOS = 500_000_000L;
  private static final long POLL_NANOS = 500_000L;
  /// Room for bytes on their way between two ranks of one host. There is no distance to fill, and
  /// what waits in the kernel should not leave the cache: with the kernel's own choice (up to 4 MB)
  /// 1 to 16 MB take up to twice as long. Between hosts the kernel chooses.
  private static final int NEAR_BUFFER_BYTES = 512 << 10;

  /// One connection whose handshake is not finished.
  private static final class Attempt {
    final Connection connection;
    final int member;
    final int stream;
    final String remote;
    final ByteBuffer in = HandshakeLayout.empty();
    ByteBuffer out;
    boolean secured;
    String refusal; // what this side has against the other, once it has said so

    Attempt(Connection connection, int member, int stream, String remote, ByteBuffer out) {
      this.connection = connection;
      this.member = member;
      this.stream = stream;
      this.remote = remote;
      this.out = out;
    }
  }

  private final Group group;
  private final HandshakeLayout layout;
  private final SocketAddress[] addresses;
  private final Reception reception;
  private final TlsIdentity tls;
  private final Traffic traffic;
  private final Connection[][] connected;
  private final Attempt[][] outgoing;
  private final List<Attempt> incoming = new ArrayList<>();
  private final String[] troubles;
  private final long[] nextTryNanos;
  private final long[] retryNanos;

  /// @param options token, TLS
  /// @param streams connections of the pair with each member
  /// @param addresses where to connect to, for all indices below this rank's, unresolved
  SocketJoin(
      Group group,
      ConnectOptions options,
      int[] streams,
      SocketAddress[] addresses,
      Reception reception,
      Traffic traffic) {
    int n = group.size();
    this.group = group;
    this.layout = new HandshakeLayout(group, options.token(), streams);
    this.addresses = addresses;
    this.reception = reception;
    this.tls = options.tls();
    this.traffic = traffic;
    connected = new Connection[n][];
    outgoing = new Attempt[n][];
    for (int p = 0; p < n; p++) {
      connected[p] = p == group.me() ? null : new Connection[streams[p]];
      outgoing[p] = new Attempt[streams[p]];
    }
    troubles = new String[n];
    nextTryNanos = new long[n];
    retryNanos = new long[n];
    Arrays.fill(retryNanos, FIRST_RETRY_NANOS);
    Arrays.fill(nextTryNanos, System.nanoTime());
  }

  /// The connections with every member, null for this one.
  ///
  /// @throws RendezvousException if members are missing at the end, or one refuses
  Connection[][] connect(long timeoutNanos) {
    long startNanos = System.nanoTime();
    byte[] digest = HandshakeLayout.digest(group);
    boolean done = false;
    reception.expect(digest);
    try {
      while (!complete()) {
        long now = System.nanoTime();
        if (now - startNanos >= timeoutNanos) {
          throw new RendezvousException(missing(timeoutNanos));
        }
        if (Thread.currentThread().isInterrupted()) {
          throw new RendezvousException("interrupted while connecting group " + group.name());
        }
        reception.pump(now);
        for (Reception.Knock k = reception.next(digest); k != null; k = reception.next(digest)) {
          answer(k);
        }
        for (int p = 0; p < group.me(); p++) {
          for (int stream = 0; stream < connected[p].length; stream++) {
            if (connected[p][stream] == null) {
              advanceOutgoing(p, stream, now);
            }
          }
        }
        incoming.removeIf(this::isAnswered);
        if (!complete()) {
          LockSupport.parkNanos(POLL_NANOS);
        }
      }
      done = true;
      return connected;
    } catch (IOException e) {
      throw new RendezvousException("cannot accept connections of group " + group.name(), e);
    } finally {
      reception.forget(digest);
      incoming.forEach(attempt -> Sockets.closeQuietly(attempt.connection));
      for (int p = 0; p < group.size() && !done; p++) {
        for (int stream = 0; p != group.me() && stream < connected[p].length; stream++) {
          Sockets.closeQuietly(connected[p][stream]);
          Attempt attempt = outgoing[p][stream];
          Sockets.closeQuietly(attempt == null ? null : attempt.connection);
        }
      }
    }
  }

  private boolean complete() {
    for (int p = 0; p < connected.length; p++) {
      if (!complete(p)) {
        return false;
      }
    }
    return true;
  }

  private boolean complete(int p) {
    return connected[p] == null || !Arrays.asList(connected[p]).contains(null);
  }

  private void advanceOutgoing(int p, int stream, long now) {
    try {
      if (outgoing[p][stream] == null) {
        if (now - nextTryNanos[p] < 0) {
          return;
        }
        SocketAddress address = resolved(addresses[p]);
        SocketChannel socket =
            address instanceof InetSocketAddress
                ? SocketChannel.open()
                : SocketChannel.open(StandardProtocolFamily.UNIX);
        socket.configureBlocking(false);
        ByteBuffer hello = layout.frame(HandshakeLayout.HELLO, p, stream);
        outgoing[p][stream] =
            new Attempt(Connection.out(socket, tls), p, stream, text(addresses[p]), hello);
        socket.connect(address);
      }
      Attempt attempt = outgoing[p][stream];
      if (!attempt.connection.socket().finishConnect() || !isSecured(attempt)) {
        return;
      }
      attempt.connection.bytes().write(attempt.out);
      if (attempt.connection.fills(attempt.in)) {
        if (attempt.refusal != null) {
          throw refused(p, attempt.remote, attempt.refusal);
        }
        judgeAnswer(attempt);
        keep(attempt);
        outgoing[p][stream] = null;
      }
    } catch (PlainPeerException e) {
      throw refused(p, text(addresses[p]), e.getMessage());
    } catch (IOException e) {
      Attempt attempt = outgoing[p][stream];
      if (attempt != null && attempt.refusal != null) {
        throw refused(p, attempt.remote, attempt.refusal);
      }
      if (tls != null && TlsWords.isFinal(e)) {
        throw refused(p, text(addresses[p]), TlsWords.of(e, tls));
      }
      troubles[p] = text(addresses[p]) + ": " + e.getMessage();
      Sockets.closeQuietly(attempt == null ? null : attempt.connection);
      outgoing[p][stream] = null;
      nextTryNanos[p] = now + retryNanos[p];
      retryNanos[p] = Math.min(2 * retryNanos[p], LAST_RETRY_NANOS);
    }
  }

  /// Whether bytes may travel: encrypted, if they have to be, and with whom they are meant for.
  private boolean isSecured(Attempt attempt) throws IOException {
    if (!attempt.secured && attempt.connection.secured()) {
      attempt.secured = true;
      String dc = group.members().get(attempt.member).dc();
      if (!attempt.connection.speaksFor(dc)) {
        attempt.out =
            layout.frame(HandshakeLayout.OTHER_CERTIFICATE, attempt.member, attempt.stream);
        attempt.refusal =
            "its certificate is for "
                + CertificateNames.words(attempt.connection.names())
                + ", expected "
                + dc
                + "; compare gateway addresses and certificates";
      }
    }
    return attempt.secured;
  }

  private JoinRefusedException refused(int member, String remote, String why) {
    return new JoinRefusedException(
        group.members().get(member)
            + " at "
            + remote
            + " does not join group "
            + group.name()
            + ": "
            + why);
  }

  // Resolved at every try: a name may appear late.
  private static SocketAddress resolved(SocketAddress address) throws IOException {
    if (!(address instanceof InetSocketAddress inet)) {
      return address;
    }
    InetSocketAddress resolved = new InetSocketAddress(inet.getHostString(), inet.getPort());
    if (resolved.isUnresolved()) {
      throw new IOException("no such host name");
    }
    return resolved;
  }

  private static String text(SocketAddress address) {
    return address instanceof InetSocketAddress inet
        ? Sockets.format(inet.getHostString(), inet.getPort())
        : address.toString();
  }

  private void judgeAnswer(Attempt attempt) throws IOException {
    ByteBuffer in = attempt.in;
    if (!HandshakeLayout.isOurs(in)) {
      throw new IOException("something else listens there");
    }
    short kind = HandshakeLayout.kind(in);
    short verdict = kind == HandshakeLayout.WELCOME ? layout.judge(in) : kind;
    if (verdict == HandshakeLayout.WELCOME && HandshakeLayout.index(in) != attempt.member) {
      verdict = HandshakeLayout.WRONG_INDEX;
    }
    String why = HandshakeLayout.reason(verdict, HandshakeLayout.version(in));
    if (verdict == HandshakeLayout.LATER) {
      throw new IOException(why);
    }
    if (verdict != HandshakeLayout.WELCOME) {
      throw refused(attempt.member, attempt.remote, why);
    }
  }

  /// Begins to answer a connection that says it is one of this group.
  private void answer(Reception.Knock knock) throws IOException {
    ByteBuffer hello = knock.hello();
    int index = HandshakeLayout.index(hello);
    int stream = HandshakeLayout.stream(hello);
    short verdict = layout.judge(hello);
    if (verdict == HandshakeLayout.WELCOME && !isExpected(index, stream)) {
      verdict = HandshakeLayout.WRONG_INDEX;
    }
    String why = HandshakeLayout.reason(verdict, HandshakeLayout.version(hello));
    if (verdict == HandshakeLayout.WELCOME
        && !knock.connection().speaksFor(group.members().get(index).dc())) {
      verdict = HandshakeLayout.OTHER_CERTIFICATE;
      why =
          "it says it is "
              + group.members().get(index).dc()
              + ", its certificate is for "
              + CertificateNames.words(knock.connection().names());
    }
    if (verdict != HandshakeLayout.WELCOME) {
      reception.refuse(knock.remote(), why);
    }
    int member = index >= 0 && index < group.size() ? index : group.me();
    ByteBuffer out = layout.frame(verdict, member, stream);
    incoming.add(new Attempt(knock.connection(), index, stream, knock.remote(), out));
  }

  private boolean isExpected(int index, int stream) {
    return index > group.me()
        && stream < connected[index].length
        && connected[index][stream] == null;
  }

  /// Whether the answer is out, or cannot get out.
  private boolean isAnswered(Attempt attempt) {
    try {
      attempt.connection.bytes().write(attempt.out);
      if (attempt.out.hasRemaining()) {
        return false;
      }
      if (HandshakeLayout.kind(attempt.out) == HandshakeLayout.WELCOME) {
        keep(attempt);
      } else {
        attempt.connection.close();
      }
    } catch (IOException e) {
      reception.refuse(attempt.remote, String.valueOf(e.getMessage()));
      Sockets.closeQuietly(attempt.connection);
    }
    return true;
  }

  private void keep(Attempt attempt) throws IOException {
    SocketChannel socket = attempt.connection.socket();
    if (socket.supportedOptions().contains(StandardSocketOptions.TCP_NODELAY)) {
      socket.setOption(StandardSocketOptions.TCP_NODELAY, true);
      socket.setOption(StandardSocketOptions.SO_KEEPALIVE, true);
      if (isOfThisHost(socket)) {
        socket.setOption(StandardSocketOptions.SO_SNDBUF, NEAR_BUFFER_BYTES);
      }
    }
    traffic.addSent(attempt.member, HandshakeLayout.BYTES);
    traffic.addReceived(attempt.member, HandshakeLayout.BYTES);
    attempt.connection.countIn(traffic, attempt.member);
    connected[attempt.member][attempt.stream] = attempt.connection;
  }

  /// Whether both ends of a TCP connection have the same address.
  private static boolean isOfThisHost(SocketChannel channel) throws IOException {
    return channel.getLocalAddress() instanceof InetSocketAddress local
        && channel.getRemoteAddress() instanceof InetSocketAddress remote
        && local.getAddress().equals(remote.getAddress());
  }

  private String missing(long timeoutNanos) {
    List<String> refusals = reception.refusals();
    StringJoiner names = new StringJoiner(", ");
    for (int p = 0; p < connected.length; p++) {
      if (!complete(p)) {
        String trouble = troubles[p] == null ? "" : " [" + troubles[p] + "]";
        names.add(group.members().get(p) + trouble);
      }
    }
    return String.format("group %s: after %.1f s ", group.name(), timeoutNanos / 1e9)
        + group.members().get(group.me())
        + " still misses "
        + names
        + (refusals.isEmpty() ? "" : "; sent away: " + String.join(", ", refusals));
  }
}
