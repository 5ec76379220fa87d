package org.strait.bench.wan;

/// One way to send a message.
interface Sender extends AutoCloseable {
  /// Sends it and waits for the receiver's answer; returns the seconds that took.
  double send();

  @Override
  void close();
}
