package org.strait.engine.transport;

import java.io.IOException;
import java.nio.channels.CancelledKeyException;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.nio.channels.SocketChannel;
import org.strait.engine.rendezvous.Sockets;

/// A selector over the sockets of a group for one waiting thread, opened at its first wait. Only
/// interests that changed go to the kernel.
final class SocketWatch implements AutoCloseable {
  private final SocketChannel[] channels;
  private final SelectionKey[] keys;
  private volatile Selector selector;
  private volatile boolean closed;

  SocketWatch(SocketChannel[] channels) {
    this.channels = channels;
    this.keys = new SelectionKey[channels.length];
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
          watch(i, (i == from ? SelectionKey.OP_READ : 0) | (writes ? SelectionKey.OP_WRITE : 0));
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

  private void watch(int i, int interests) throws IOException {
    if (keys[i] == null && interests != 0) {
      keys[i] = channels[i].register(selector, interests);
    } else if (keys[i] != null && keys[i].isValid() && keys[i].interestOps() != interests) {
      keys[i].interestOps(interests);
    }
  }

  private static void ready(SelectionKey key) {
    // The caller tries all its sockets again, whichever it was.
  }
}
