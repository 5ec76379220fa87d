package org.strait.engine.transport;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.net.StandardProtocolFamily;
import java.net.StandardSocketOptions;
import java.nio.ByteBuffer;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.StringJoiner;
import java.util.concurrent.locks.LockSupport;
import org.strait.engine.rendezvous.RendezvousException;
import org.strait.engine.rendezvous.Sockets;
import org.strait.engine.topology.Group;

/// Connects a group, by TCP or Unix-domain sockets: listens for the members above this one,
/// connects to those below and tries again until the time is over, and shakes hands on each
/// connection, of which a pair may have several. Strangers are sent away and named only if somebody
/// is missing in the end.
final class SocketJoin {
  private static final long FIRST_RETRY_NANOS = 5_000_000L;
  private static final long LAST_RETRY_NANOS = 500_000_000L;
  private static final long POLL_NANOS = 500_000L;
  /// Room for bytes on their way between two ranks of one host. There is no distance to fill, and
  /// what waits in the kernel should not leave the cache: with the kernel's own choice (up to 4 MB)
  /// 1 to 16 MB take up to twice as long. Between hosts the kernel chooses.
  private static final int NEAR_BUFFER_BYTES = 512 << 10;

  private static final long STRANGER_NANOS = 5_000_000_000L;

  /// One connection whose handshake is not finished.
  private static final class Attempt {
    final SocketChannel channel;
    final int to; // -1 if it came from outside
    final long sinceNanos;
    final String remote;
    final ByteBuffer in = HandshakeLayout.empty();
    ByteBuffer out;

    Attempt(SocketChannel channel, int to, long sinceNanos, String remote, ByteBuffer out) {
      this.channel = channel;
      this.to = to;
      this.sinceNanos = sinceNanos;
      this.remote = remote;
      this.out = out;
    }
  }

  private final Group group;
  private final HandshakeLayout layout;
  private final SocketAddress[] addresses;
  private final ServerSocketChannel server;
  private final Traffic traffic;
  private final SocketChannel[][] connected;
  private final Attempt[][] outgoing;
  private final List<Attempt> incoming = new ArrayList<>();
  private final List<String> refusals = new ArrayList<>();
  private final String[] troubles;
  private final long[] nextTryNanos;
  private final long[] retryNanos;

  /// @param streams connections per pair
  /// @param addresses where to connect to, for all indices below this rank's, unresolved
  SocketJoin(
      Group group,
      String token,
      int streams,
      SocketAddress[] addresses,
      ServerSocketChannel server,
      Traffic traffic) {
    int n = group.size();
    this.group = group;
    this.layout = new HandshakeLayout(group, token, streams);
    this.addresses = addresses;
    this.server = server;
    this.traffic = traffic;
    connected = new SocketChannel[n][];
    for (int p = 0; p < n; p++) {
      connected[p] = p == group.me() ? null : new SocketChannel[streams];
    }
    outgoing = new Attempt[n][streams];
    troubles = new String[n];
    nextTryNanos = new long[n];
    retryNanos = new long[n];
    Arrays.fill(retryNanos, FIRST_RETRY_NANOS);
    Arrays.fill(nextTryNanos, System.nanoTime());
  }

  /// The non-blocking sockets of every member, null for this one.
  ///
  /// @throws RendezvousException if members are missing at the end, or one refuses
  SocketChannel[][] connect(long timeoutNanos) {
    long startNanos = System.nanoTime();
    boolean done = false;
    try {
      while (!complete()) {
        long now = System.nanoTime();
        if (now - startNanos >= timeoutNanos) {
          throw new RendezvousException(missing(timeoutNanos));
        }
        if (Thread.currentThread().isInterrupted()) {
          throw new RendezvousException("interrupted while connecting group " + group.name());
        }
        accept(now);
        for (int p = 0; p < group.me(); p++) {
          for (int stream = 0; stream < connected[p].length; stream++) {
            if (connected[p][stream] == null) {
              advanceOutgoing(p, stream, now);
            }
          }
        }
        incoming.removeIf(attempt -> advanceIncoming(attempt, now));
        if (!complete()) {
          LockSupport.parkNanos(POLL_NANOS);
        }
      }
      done = true;
      return connected;
    } catch (IOException e) {
      throw new RendezvousException("cannot accept connections of group " + group.name(), e);
    } finally {
      incoming.forEach(attempt -> Sockets.closeQuietly(attempt.channel));
      for (int p = 0; p < group.size() && !done; p++) {
        for (int stream = 0; p != group.me() && stream < connected[p].length; stream++) {
          Sockets.closeQuietly(connected[p][stream]);
          Attempt attempt = outgoing[p][stream];
          Sockets.closeQuietly(attempt == null ? null : attempt.channel);
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

  private void accept(long now) throws IOException {
    for (SocketChannel c = server.accept(); c != null; c = server.accept()) {
      c.configureBlocking(false);
      incoming.add(new Attempt(c, -1, now, String.valueOf(c.getRemoteAddress()), null));
    }
  }

  private void advanceOutgoing(int p, int stream, long now) {
    try {
      if (outgoing[p][stream] == null) {
        if (now - nextTryNanos[p] < 0) {
          return;
        }
        SocketAddress address = resolved(addresses[p]);
        SocketChannel channel =
            address instanceof InetSocketAddress
                ? SocketChannel.open()
                : SocketChannel.open(StandardProtocolFamily.UNIX);
        channel.configureBlocking(false);
        ByteBuffer hello = layout.frame(HandshakeLayout.HELLO, stream);
        outgoing[p][stream] = new Attempt(channel, p, now, address.toString(), hello);
        channel.connect(address);
      }
      Attempt attempt = outgoing[p][stream];
      if (!attempt.channel.finishConnect()) {
        return;
      }
      attempt.channel.write(attempt.out);
      if (readFrame(attempt)) {
        judgeAnswer(attempt);
        keep(attempt, p, stream);
        outgoing[p][stream] = null;
      }
    } catch (IOException e) {
      troubles[p] = text(addresses[p]) + ": " + e.getMessage();
      Attempt attempt = outgoing[p][stream];
      Sockets.closeQuietly(attempt == null ? null : attempt.channel);
      outgoing[p][stream] = null;
      nextTryNanos[p] = now + retryNanos[p];
      retryNanos[p] = Math.min(2 * retryNanos[p], LAST_RETRY_NANOS);
    }
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
    if (verdict == HandshakeLayout.WELCOME && HandshakeLayout.index(in) != attempt.to) {
      verdict = HandshakeLayout.WRONG_INDEX;
    }
    if (verdict != HandshakeLayout.WELCOME) {
      throw new RendezvousException(
          group.members().get(attempt.to)
              + " at "
              + attempt.remote
              + " does not join group "
              + group.name()
              + ": "
              + HandshakeLayout.reason(verdict, HandshakeLayout.version(in)));
    }
  }

  /// Whether the attempt is over, one way or the other.
  private boolean advanceIncoming(Attempt attempt, long now) {
    try {
      if (attempt.out == null && readFrame(attempt)) {
        short verdict = judgeHello(attempt.in);
        if (verdict != HandshakeLayout.WELCOME) {
          String why = HandshakeLayout.reason(verdict, HandshakeLayout.version(attempt.in));
          refuse(attempt, HandshakeLayout.isOurs(attempt.in) ? why : "not a rank");
        }
        attempt.out = layout.frame(verdict, HandshakeLayout.stream(attempt.in));
      }
      if (attempt.out != null) {
        attempt.channel.write(attempt.out);
        if (!attempt.out.hasRemaining()) {
          if (HandshakeLayout.kind(attempt.out) == HandshakeLayout.WELCOME) {
            keep(attempt, HandshakeLayout.index(attempt.in), HandshakeLayout.stream(attempt.in));
          } else {
            attempt.channel.close();
          }
          return true;
        }
      }
      if (now - attempt.sinceNanos > STRANGER_NANOS) {
        refuse(attempt, "silent");
        attempt.channel.close();
        return true;
      }
      return false;
    } catch (IOException e) {
      refuse(attempt, String.valueOf(e.getMessage()));
      Sockets.closeQuietly(attempt.channel);
      return true;
    }
  }

  private short judgeHello(ByteBuffer hello) {
    if (!HandshakeLayout.isOurs(hello) || HandshakeLayout.kind(hello) != HandshakeLayout.HELLO) {
      return HandshakeLayout.OTHER_VERSION;
    }
    short verdict = layout.judge(hello);
    int index = HandshakeLayout.index(hello);
    int stream = HandshakeLayout.stream(hello);
    boolean expected =
        verdict == HandshakeLayout.WELCOME
            && index > group.me()
            && index < group.size()
            && stream < connected[index].length
            && connected[index][stream] == null;
    return verdict == HandshakeLayout.WELCOME && !expected ? HandshakeLayout.WRONG_INDEX : verdict;
  }

  private static boolean readFrame(Attempt attempt) throws IOException {
    if (attempt.channel.read(attempt.in) < 0) {
      throw new IOException("closed during the handshake");
    }
    return !attempt.in.hasRemaining();
  }

  private void keep(Attempt attempt, int member, int stream) throws IOException {
    if (attempt.channel.supportedOptions().contains(StandardSocketOptions.TCP_NODELAY)) {
      attempt.channel.setOption(StandardSocketOptions.TCP_NODELAY, true);
      attempt.channel.setOption(StandardSocketOptions.SO_KEEPALIVE, true);
      if (isOfThisHost(attempt.channel)) {
        attempt.channel.setOption(StandardSocketOptions.SO_SNDBUF, NEAR_BUFFER_BYTES);
      }
    }
    traffic.addSent(member, HandshakeLayout.BYTES);
    traffic.addReceived(member, HandshakeLayout.BYTES);
    connected[member][stream] = attempt.channel;
  }

  /// Whether both ends of a TCP connection have the same address.
  private static boolean isOfThisHost(SocketChannel channel) throws IOException {
    return channel.getLocalAddress() instanceof InetSocketAddress local
        && channel.getRemoteAddress() instanceof InetSocketAddress remote
        && local.getAddress().equals(remote.getAddress());
  }

  private void refuse(Attempt attempt, String why) {
    if (refusals.size() < 8) {
      refusals.add(attempt.remote + " (" + why + ")");
    }
  }

  private String missing(long timeoutNanos) {
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
