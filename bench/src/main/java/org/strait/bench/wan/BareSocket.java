package org.strait.bench.wan;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.time.Duration;

/// A blocking socket of this machine and buffers that fit: what the system can move.
final class BareSocket implements Sender {
  private static final int BUFFER_BYTES = 256 << 10;

  private final SocketChannel here;
  private final SocketChannel there;
  private final long bytes;
  private final Thread receiver;

  private BareSocket(SocketChannel here, SocketChannel there, long bytes) {
    this.here = here;
    this.there = there;
    this.bytes = bytes;
    receiver = Thread.ofPlatform().daemon().name("bench-wan-socket").start(this::answerAll);
  }

  static BareSocket open(long bytes) {
    try (ServerSocketChannel server =
        ServerSocketChannel.open()
            .bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0))) {
      SocketChannel here = SocketChannel.open(server.getLocalAddress());
      return new BareSocket(here, server.accept(), bytes);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private void answerAll() {
    ByteBuffer buffer = ByteBuffer.allocateDirect(BUFFER_BYTES);
    try {
      long got = 0;
      for (int n = there.read(buffer.clear()); n >= 0; n = there.read(buffer.clear())) {
        got += n;
        if (got == bytes) {
          got = 0;
          there.write(buffer.clear().limit(1));
        }
      }
    } catch (IOException e) {
      System.getLogger(BareSocket.class.getName()).log(System.Logger.Level.DEBUG, "end", e);
    }
  }

  @Override
  public double send() {
    ByteBuffer buffer = ByteBuffer.allocateDirect(BUFFER_BYTES);
    try {
      long from = System.nanoTime();
      for (long left = bytes; left > 0; ) {
        left -= here.write(buffer.clear().limit((int) Math.min(BUFFER_BYTES, left)));
      }
      if (here.read(buffer.clear().limit(1)) != 1) {
        throw new IOException("the receiver is gone");
      }
      return (System.nanoTime() - from) * 1e-9;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  @Override
  public void close() {
    try {
      here.close();
      receiver.join(Duration.ofSeconds(10));
      there.close();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
