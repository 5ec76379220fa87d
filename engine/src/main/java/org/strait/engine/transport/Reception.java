package org.strait.engine.transport;

import java.io.Closeable;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import org.strait.engine.rendezvous.Sockets;
import org.strait.engine.transport.tls.PlainPeerException;
import org.strait.engine.transport.tls.TlsIdentity;
import org.strait.engine.transport.tls.TlsWords;

/// The accepting half of joins at one listening port: shakes hands, hears which group a connection
/// is for, and keeps it for the join of that group. Strangers are sent away and remembered in
/// words. Has no thread: whoever waits pumps. Any thread may.
final class Reception implements Closeable {
  private static final long STRANGER_NANOS = 5_000_000_000L;
  private static final int MOST_GUESTS = 1024;
  private static final int MOST_REFUSALS = 8;
  private static final int MOST_REMEMBERED = 256;
  private static final byte TLS_HANDSHAKE = 22;

  /// A connection whose HELLO is read and not yet answered.
  record Knock(Connection connection, String remote, ByteBuffer hello) {}

  /// A connection that has not said what it wants.
  private static final class Guest {
    Connection connection;
    final String remote;
    final long sinceNanos;
    final ByteBuffer hello = HandshakeLayout.empty();
    boolean secured;
    ByteBuffer answer;

    Guest(Connection connection, String remote, long sinceNanos) {
      this.connection = connection;
      this.remote = remote;
      this.sinceNanos = sinceNanos;
    }
  }

  private final ServerSocketChannel server;
  private final String token;
  private final TlsIdentity tls;
  private final boolean oneGroup;
  private final List<Guest> guests = new ArrayList<>();
  private final Map<ByteBuffer, Queue<Knock>> expected = new HashMap<>();
  private final Map<ByteBuffer, Long> turnedAway = new LinkedHashMap<>();
  private final List<String> refusals = new ArrayList<>();

  /// @param server non-blocking; closed by the caller
  /// @param tls who this side is, null for plain connections
  /// @param oneGroup whether other groups than those expected are wrong for good
  Reception(ServerSocketChannel server, String token, TlsIdentity tls, boolean oneGroup) {
    this.server = server;
    this.token = token;
    this.tls = tls;
    this.oneGroup = oneGroup;
  }

  /// From now on connections of this group are kept.
  synchronized void expect(byte[] group) {
    if (expected.putIfAbsent(ByteBuffer.wrap(group), new ArrayDeque<>()) != null) {
      throw new IllegalStateException("this group is being joined already");
    }
    turnedAway.remove(ByteBuffer.wrap(group));
  }

  /// From now on they are not.
  synchronized void forget(byte[] group) {
    closeAll(expected.remove(ByteBuffer.wrap(group)));
  }

  /// The next connection of a group, null if there is none.
  synchronized Knock next(byte[] group) {
    return expected.get(ByteBuffer.wrap(group)).poll();
  }

  /// Whether a member of a group that nobody expected came within this time.
  synchronized boolean knocked(byte[] group, long withinNanos, long now) {
    Long at = turnedAway.get(ByteBuffer.wrap(group));
    return at != null && now - at <= withinNanos;
  }

  /// Whether connections are in the middle of something.
  synchronized boolean busy() {
    return !guests.isEmpty();
  }

  /// Those who were sent away, in words.
  synchronized List<String> refusals() {
    return List.copyOf(refusals);
  }

  /// Remembers somebody who was sent away.
  synchronized void refuse(String remote, String why) {
    String words = remote.replaceFirst("^/", "") + " (" + why + ")";
    if (refusals.size() < MOST_REFUSALS && !refusals.contains(words)) {
      refusals.add(words);
    }
  }

  /// Moves everything on as far as sockets let.
  synchronized void pump(long now) throws IOException {
    for (SocketChannel c = server.accept(); c != null; c = server.accept()) {
      c.configureBlocking(false);
      if (guests.size() >= MOST_GUESTS) {
        c.close();
        continue;
      }
      guests.add(new Guest(Connection.in(c, tls), String.valueOf(c.getRemoteAddress()), now));
    }
    guests.removeIf(guest -> isDone(guest, now));
  }

  private boolean isDone(Guest guest, long now) {
    try {
      if (guest.answer == null && isHeard(guest)) {
        short verdict = judge(guest, now);
        if (verdict == HandshakeLayout.WELCOME) {
          expected
              .get(ByteBuffer.wrap(HandshakeLayout.group(guest.hello)))
              .add(new Knock(guest.connection, guest.remote, guest.hello));
          return true;
        }
        guest.answer = HandshakeLayout.refusal(verdict);
      }
      if (guest.answer != null) {
        guest.connection.bytes().write(guest.answer);
        if (!guest.answer.hasRemaining()) {
          guest.connection.close();
          return true;
        }
      }
      if (now - guest.sinceNanos > STRANGER_NANOS) {
        refuse(guest.remote, "silent");
        guest.connection.close();
        return true;
      }
      return false;
    } catch (IOException e) {
      refuse(guest.remote, tls == null ? String.valueOf(e.getMessage()) : TlsWords.of(e, tls));
      Sockets.closeQuietly(guest.connection);
      return true;
    }
  }

  private boolean isHeard(Guest guest) throws IOException {
    try {
      guest.secured = guest.secured || guest.connection.secured();
    } catch (PlainPeerException e) {
      refuse(guest.remote, e.getMessage());
      guest.connection = Connection.plain(guest.connection.socket());
      guest.answer = HandshakeLayout.refusal(HandshakeLayout.NOT_ENCRYPTED);
      return false;
    }
    return guest.secured && guest.connection.fills(guest.hello);
  }

  private short judge(Guest guest, long now) throws IOException {
    ByteBuffer hello = guest.hello;
    if (!HandshakeLayout.isOurs(hello)) {
      boolean encrypts = tls == null && hello.get(0) == TLS_HANDSHAKE;
      refuse(guest.remote, encrypts ? "it speaks TLS, this side does not" : "not a rank");
      return HandshakeLayout.OTHER_VERSION;
    }
    if (HandshakeLayout.kind(hello) == HandshakeLayout.OTHER_CERTIFICATE) {
      refuse(guest.remote, "it expects another data centre here than the certificate names");
      return HandshakeLayout.OTHER_CERTIFICATE;
    }
    short verdict = verdict(hello, now);
    if (verdict != HandshakeLayout.WELCOME) {
      refuse(guest.remote, HandshakeLayout.reason(verdict, HandshakeLayout.version(hello)));
    }
    return verdict;
  }

  private short verdict(ByteBuffer hello, long now) {
    if (HandshakeLayout.version(hello) != HandshakeLayout.VERSION
        || HandshakeLayout.kind(hello) != HandshakeLayout.HELLO) {
      return HandshakeLayout.OTHER_VERSION;
    }
    if (!HandshakeLayout.knowsToken(hello, token)) {
      return HandshakeLayout.OTHER_TOKEN;
    }
    ByteBuffer group = ByteBuffer.wrap(HandshakeLayout.group(hello));
    if (expected.containsKey(group)) {
      return HandshakeLayout.WELCOME;
    }
    if (oneGroup) {
      return HandshakeLayout.OTHER_GROUP;
    }
    turnedAway.put(group, now);
    if (turnedAway.size() > MOST_REMEMBERED) {
      Iterator<ByteBuffer> oldest = turnedAway.keySet().iterator();
      oldest.next();
      oldest.remove();
    }
    return HandshakeLayout.LATER;
  }

  private static void closeAll(Collection<Knock> knocks) {
    if (knocks != null) {
      knocks.forEach(knock -> Sockets.closeQuietly(knock.connection()));
    }
  }

  /// Sends everybody away who has not been let in.
  @Override
  public synchronized void close() {
    guests.forEach(guest -> Sockets.closeQuietly(guest.connection));
    guests.clear();
    expected.values().forEach(Reception::closeAll);
    expected.clear();
  }
}
