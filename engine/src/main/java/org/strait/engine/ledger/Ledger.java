package org.strait.engine.ledger;

/// Takes note of every message that leaves a data centre. Thread-safe; {@link #sent} allocates
/// nothing and does not wait for a disk.
public interface Ledger extends AutoCloseable {
  /// Keeps nothing.
  Ledger NONE =
      new Ledger() {
        @Override
        public void sent(int to, MessageKind kind, long round, long bytes) {}

        @Override
        public void phase(String name) {}

        @Override
        public void close() {}
      };

  /// A message was handed to the transport.
  ///
  /// @param to number of the receiving DC
  /// @param round number that the message carries; 0 if it belongs to none
  /// @param bytes all of it, framing included
  void sent(int to, MessageKind kind, long round, long bytes);

  /// What follows belongs to another part of the run.
  void phase(String name);

  /// Writes the last line; nothing is taken afterwards.
  @Override
  void close();
}
