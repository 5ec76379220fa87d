package org.strait.engine.transport;

import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.nio.ByteBuffer;
import java.nio.channels.ClosedSelectorException;
import org.strait.engine.rendezvous.Sockets;

/// One or more non-blocking sockets per member. With several, the bytes of a direction go round
/// them in stripes; the reader goes round likewise, so nothing but the bytes travels. Either
/// direction goes over all, or each has half of them to itself: on one host the kernel delivers to
/// a socket from the sender's core, and waits there while the socket's owner copies into it.
/// Sockets read and write the caller's memory itself, TLS a copy. Reads count no more than was
/// asked for, so that the counts of a round do not depend on timing.
final class SocketPipes implements Pipes {
  private final Connection[][] channels;
  private final int stripeBytes;
  private final int me;
  private final boolean oneWay;
  private final Traffic traffic;
  private final long[] sentBytes;
  private final long[] receivedBytes;
  private final Views[] out;
  private final Views in = new Views();
  private final SocketWatch receiving;
  private final SocketWatch flushing;
  private final SocketWatch[] sending;
  private volatile boolean closed;

  /// @param channels connected and non-blocking, in the same order on both sides of a pair; null at
  ///     this rank's own index
  /// @param stripeBytes how many bytes go over a connection before it is the next one's turn, the
  ///     same on both sides
  /// @param oneWay whether the first half of a pair's connections, an even number of them, carries
  ///     what the lower index sends, and the others what the higher sends
  SocketPipes(Connection[][] channels, int stripeBytes, int me, boolean oneWay, Traffic traffic) {
    int n = channels.length;
    this.channels = channels;
    this.stripeBytes = stripeBytes;
    this.me = me;
    this.oneWay = oneWay;
    this.traffic = traffic;
    sentBytes = new long[n];
    receivedBytes = new long[n];
    out = new Views[n];
    receiving = new SocketWatch(channels, this::reading, this::writing);
    flushing = new SocketWatch(channels, this::reading, this::writing);
    sending = new SocketWatch[n];
    for (int i = 0; i < n; i++) {
      sending[i] = new SocketWatch(channels, this::reading, this::writing);
    }
  }

  @Override
  public long write(int to, MemorySegment data, long at, long end) throws IOException {
    if (out[to] == null) {
      out[to] = new Views();
    }
    Connection[] streams = channels[to];
    long stop = Math.min(end, at + stripeLeft(to, sentBytes[to]));
    int n = streams[writing(to)].bytes().write(out[to].toWrite(data, at, stop));
    sentBytes[to] += n;
    traffic.addSent(to, n);
    return n;
  }

  @Override
  public long read(int from, MemorySegment into, long at, long end) throws IOException {
    Connection[] streams = channels[from];
    long stop = Math.min(end, at + stripeLeft(from, receivedBytes[from]));
    ByteBuffer buffer = in.toRead(into, at, stop);
    int n = streams[reading(from)].bytes().read(buffer);
    if (n > 0) {
      in.read(into, at, stop, n);
      receivedBytes[from] += n;
      traffic.addReceived(from, n);
    }
    return n;
  }

  private int writing(int member) {
    return first(me < member, member) + turn(sentBytes[member], member);
  }

  private int reading(int member) {
    return first(member < me, member) + turn(receivedBytes[member], member);
  }

  private int first(boolean lowerSends, int member) {
    return oneWay && !lowerSends ? ways(member) : 0;
  }

  private int turn(long position, int member) {
    return (int) (position / stripeBytes % ways(member));
  }

  /// Connections that carry a direction.
  private int ways(int member) {
    return oneWay ? channels[member].length / 2 : channels[member].length;
  }

  private long stripeLeft(int member, long position) {
    return ways(member) == 1 ? Integer.MAX_VALUE : stripeBytes - position % stripeBytes;
  }

  @Override
  public void await(int from, int to, Pending pending, long nanos) throws IOException {
    SocketWatch watch = from != NOBODY ? receiving : to != NOBODY ? sending[to] : flushing;
    try {
      watch.await(from, to, pending, nanos);
    } catch (ClosedSelectorException e) {
      throw new IOException("closed by this rank", e);
    }
    Pipes.checkWait(closed);
  }

  @Override
  public void drop(int member) {
    for (Connection channel : channels[member]) {
      Sockets.closeQuietly(channel);
    }
    receiving.wakeup();
    flushing.wakeup();
    sending[member].wakeup();
  }

  @Override
  public void close() {
    closed = true;
    for (int i = 0; i < channels.length; i++) {
      if (channels[i] != null) {
        drop(i);
        sending[i].close();
      }
    }
    receiving.close();
    flushing.close();
  }
}
