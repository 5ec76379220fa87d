package org.strait.engine.rendezvous;

import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;

/// A store for ranks that are threads of one JVM, and what {@link TcpStoreServer} keeps its values
/// in.
public final class MemoryStore implements Store {
  private final Map<String, String> values = new HashMap<>();
  private final ReentrantLock lock = new ReentrantLock();
  private final Condition changed = lock.newCondition();
  private boolean closed;

  /// An empty store.
  public MemoryStore() {}

  @Override
  public void set(String key, String value) {
    lock.lock();
    try {
      checkOpen();
      values.put(key, value);
      changed.signalAll();
    } finally {
      lock.unlock();
    }
  }

  @Override
  public String get(String key, long timeoutNanos) {
    long leftNanos = timeoutNanos;
    lock.lock();
    try {
      checkOpen();
      String value = values.get(key);
      while (value == null) {
        if (leftNanos <= 0) {
          throw missing(key, timeoutNanos);
        }
        leftNanos = changed.awaitNanos(leftNanos);
        checkOpen();
        value = values.get(key);
      }
      return value;
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new RendezvousException("interrupted while waiting for \"" + key + "\"", e);
    } finally {
      lock.unlock();
    }
  }

  @Override
  public String peek(String key) {
    lock.lock();
    try {
      checkOpen();
      return values.get(key);
    } finally {
      lock.unlock();
    }
  }

  /// Forgets all values; waiting calls end with a RendezvousException.
  @Override
  public void close() {
    lock.lock();
    try {
      closed = true;
      changed.signalAll();
    } finally {
      lock.unlock();
    }
  }

  static RendezvousException missing(String key, long timeoutNanos) {
    long millis = TimeUnit.NANOSECONDS.toMillis(timeoutNanos);
    return new RendezvousException(
        "nobody has published \"" + key + "\" within " + millis / 1e3 + " s");
  }

  private void checkOpen() {
    if (closed) {
      throw new RendezvousException("the store is closed");
    }
  }
}
