package org.strait.engine.rendezvous;

/// Small values under names, visible to all ranks of a job. Thread-safe.
public interface Store extends AutoCloseable {
  /// Publishes a value; overwrites.
  void set(String key, String value);

  /// The value under a key; waits until it is there.
  ///
  /// @throws RendezvousException if it is not there in time (names the key), or the store is gone
  String get(String key, long timeoutNanos);

  /// The value under a key, or null if there is none yet.
  String peek(String key);

  @Override
  void close();
}
