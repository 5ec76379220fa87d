package org.strait.engine.transport;

import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.nio.ByteBuffer;
import java.nio.channels.ClosedSelectorException;
import java.nio.channels.SocketChannel;
import org.strait.engine.rendezvous.Sockets;

/// One non-blocking socket per member. Bytes pass through one direct buffer per member and
/// direction: a socket wants a ByteBuffer, and a view of a segment would be garbage at each call.
/// What was staged but not yet written stays in the buffer, as the caller offers it again. Reads
/// take no more than was asked for, so that the counts of a round do not depend on timing.
final class TcpPipes implements Pipes {
  static final int STAGE_BYTES = 256 << 10;

  private static final class Stage {
    final ByteBuffer buffer = ByteBuffer.allocateDirect(STAGE_BYTES).limit(0);
    final MemorySegment segment = MemorySegment.ofBuffer(buffer.duplicate().clear());
  }

  private final SocketChannel[] channels;
  private final Traffic traffic;
  private final Stage[] out;
  private final Stage[] in;
  private final SocketWatch receiving;
  private final SocketWatch flushing;
  private final SocketWatch[] sending;
  private volatile boolean closed;

  /// @param channels connected and non-blocking, null at this rank's own index
  TcpPipes(SocketChannel[] channels, Traffic traffic) throws IOException {
    int n = channels.length;
    this.channels = channels;
    this.traffic = traffic;
    out = new Stage[n];
    in = new Stage[n];
    receiving = new SocketWatch(channels);
    flushing = new SocketWatch(channels);
    sending = new SocketWatch[n];
    for (int i = 0; i < n; i++) {
      sending[i] = new SocketWatch(channels);
    }
  }

  @Override
  public long write(int to, MemorySegment data, long at, long end) throws IOException {
    if (out[to] == null) {
      out[to] = new Stage();
    }
    ByteBuffer buffer = out[to].buffer;
    if (!buffer.hasRemaining()) {
      int n = (int) Math.min(end - at, STAGE_BYTES);
      MemorySegment.copy(data, at, out[to].segment, 0, n);
      buffer.clear().limit(n);
    }
    int n = channels[to].write(buffer);
    traffic.addSent(to, n);
    return n;
  }

  @Override
  public long read(int from, MemorySegment into, long at, long end) throws IOException {
    if (in[from] == null) {
      in[from] = new Stage();
    }
    ByteBuffer buffer = in[from].buffer;
    buffer.clear().limit((int) Math.min(end - at, STAGE_BYTES));
    int n = channels[from].read(buffer);
    if (n > 0) {
      MemorySegment.copy(in[from].segment, 0, into, at, n);
      traffic.addReceived(from, n);
    }
    return n;
  }

  @Override
  public void await(int from, int to, Pending pending, long nanos) throws IOException {
    SocketWatch watch = from != NOBODY ? receiving : to != NOBODY ? sending[to] : flushing;
    try {
      watch.await(from, to, pending, nanos);
    } catch (ClosedSelectorException e) {
      throw new IOException("closed by this rank", e);
    }
    if (closed) {
      throw new IOException("closed by this rank");
    }
    if (Thread.currentThread().isInterrupted()) {
      throw new IOException("interrupted");
    }
  }

  @Override
  public void drop(int member) {
    Sockets.closeQuietly(channels[member]);
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
