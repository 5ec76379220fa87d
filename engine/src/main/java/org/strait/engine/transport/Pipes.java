package org.strait.engine.transport;

import java.io.IOException;
import java.lang.foreign.MemorySegment;

/// What differs between the members of the transport family: non-blocking bytes to and from every
/// member of a group, and a way to wait. {@link PipedTransport} makes a transport of it. The thread
/// rule is that of {@link Transport}, except that a write towards a member may come from the
/// sending or from the receiving thread, never from both at once.
public interface Pipes extends Sink {
  /// Stands for "no member" in {@link #await}.
  int NOBODY = -1;

  /// Whether bytes wait to be written towards a member.
  @FunctionalInterface
  interface Pending {
    /// True if a write towards this member has something to write.
    boolean to(int member);
  }

  /// Puts the next bytes of a member at {@code at} up to at most {@code end}, as many as are there,
  /// and returns how many: 0 if none, -1 if the member has closed and everything was read.
  ///
  /// @throws IOException if the connection is gone
  long read(int from, MemorySegment into, long at, long end) throws IOException;

  /// Waits at most so long until a read or a write may move something; may return early. A
  /// receiving thread gives {@code from} and waits for all pending writes too; a thread that only
  /// sends gives NOBODY and its member, or NOBODY twice for all members; it returns at once if
  /// nothing is pending (any more: the receiving thread writes too).
  ///
  /// @throws IOException if this side was closed or the thread interrupted
  void await(int from, int to, Pending pending, long nanos) throws IOException;

  /// What ends a wait, for {@link #await} to call when it has waited.
  ///
  /// @param closed whether this side was closed
  /// @throws IOException if so, or if the thread was interrupted
  static void checkWait(boolean closed) throws IOException {
    if (closed) {
      throw new IOException("closed by this rank");
    }
    if (Thread.currentThread().isInterrupted()) {
      throw new IOException("interrupted");
    }
  }

  /// Closes the connection to one member and wakes whoever waits for it.
  void drop(int member);

  /// Closes everything; waiting calls end.
  void close();
}
