package org.strait.engine.transport;

import java.lang.foreign.MemorySegment;
import org.strait.engine.topology.Group;

/// Ordered, reliable bytes between every pair of members of one group. Members are named by their
/// index in the group. Bytes of one pair and direction arrive in the order they were posted; there
/// are no message borders.
///
/// One thread at a time uses a transport. Sending never blocks: {@link #post} queues, and whatever
/// the kernel does not take at once moves on during later {@link #receive} and {@link #flush}
/// calls, so all members may post first and receive afterwards without a deadlock. No call
/// allocates in steady state.
public interface Transport extends AutoCloseable {
  /// The members and which one this is.
  Group group();

  /// Begins to send all bytes of {@code data} to a member. The bytes must not change until the next
  /// {@link #flush} returns.
  ///
  /// @throws PeerLostException if the connection is known to be gone
  void post(int to, MemorySegment data);

  /// Fills {@code into} with the next bytes from a member; waits for them.
  ///
  /// @throws PeerLostException if the member (or one that still has to take posted bytes) is gone
  ///     or silent for too long
  void receive(int from, MemorySegment into, Deadline deadline);

  /// Waits until everything posted may be overwritten.
  ///
  /// @throws PeerLostException if a receiver is gone or takes nothing for too long
  void flush(Deadline deadline);

  /// Bytes handed to the wire so far, per member, everything included.
  Traffic traffic();

  /// Sends what is posted, as far as peers still take it, and closes all connections.
  @Override
  void close();
}
