package org.strait.engine.transport;

import java.io.IOException;
import java.nio.channels.CancelledKeyException;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.util.function.IntUnaryOperator;
import org.strait.engine.rendezvous.Sockets;

/// A selector over the sockets of a group for one waiting thread, opened at its first wait. Of a
/// member's sockets only the one whose turn it is counts. Only interests that changed go to the
/// kernel.
final class SocketWatch implements AutoCloseable {
  private final Connection[][] channels;
  private final IntUnaryOperator reading;
  private final IntUnaryOperator writing;
  private final SelectionKey[][] keys;
  private volatile Selector selector;
  private volatile boolean closed;

  /// @param reading which socket of a member has the next bytes
  /// @param writing which socket of a member takes the next bytes
  SocketWatch(Connection[][] channels, IntUnaryOperator reading, IntUnaryOperator writing) {
    this.channels = channels;
    this.reading = reading;
    this.writing = writing;
    this.keys = new SelectionKey[channels.length][];
    for (int i = 0; i < channels.length; i++) {
      keys[i] = new SelectionKey[channels[i] == null ? 0 : channels[i].length];
    }
  }

  /// Waits until a socket may be read or written as told, is closed, or the time is over.
  void await(int from, int to, Pipes.Pending pending, long nanos) throws IOException {
    Selector open = opened();
    boolean nothing = from == Pipes.NOBODY;
    try {
      for (int i = 0; i < channels.length; i++) {
        if (channels[i] != null) {
          boolean writes = (to == Pipes.NOBODY || to == i) && pending.to(i);
          nothing &= !writes;
          for (int k = 0; k < channels[i].length; k++) {
            boolean read = i == from && k == reading.applyAsInt(i);
            boolean write = writes && k == writing.applyAsInt(i);
            watch(i, k, (read ? SelectionKey.OP_READ : 0) | (write ? SelectionKey.OP_WRITE : 0));
          }
        }
      }
    } catch (CancelledKeyException e) {
      return; // dropped meanwhile: the next read or write tells
    }
    if (nothing) {
      return; // another thread has written it meanwhile
    }
    open.select(SocketWatch::ready, Math.max(1, Math.min(nanos / 1_000_000, 1_000_000)));
  }

  void wakeup() {
    Selector open = selector;
    if (open != null) {
      open.wakeup();
    }
  }

  @Override
  public void close() {
    synchronized (keys) {
      closed = true;
      Sockets.closeQuietly(selector);
    }
  }

  private Selector opened() throws IOException {
    Selector open = selector;
    if (open != null) {
      return open;
    }
    synchronized (keys) {
      if (closed) {
        throw new IOException("closed by this rank");
      }
      selector = Selector.open();
      return selector;
    }
  }

  private void watch(int i, int k, int interests) throws IOException {
    SelectionKey key = keys[i][k];
    if (key == null && interests != 0) {
      keys[i][k] = channels[i][k].socket().register(selector, interests);
    } else if (key != null && key.isValid() && key.interestOps() != interests) {
      key.interestOps(interests);
    }
  }

  private static void ready(SelectionKey key) {
    // The caller tries all its sockets again, whichever it was.
  }
}
