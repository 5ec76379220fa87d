package org.strait.engine.transport;

import java.lang.foreign.MemorySegment;
import java.util.Optional;
import org.strait.engine.topology.Group;

/// Ordered, reliable bytes between every pair of members of one group. Members are named by their
/// index in the group. Bytes of one pair and direction arrive in the order they were posted; there
/// are no message borders.
///
/// Sending never blocks: {@link #post} queues, and whatever the wire does not take at once moves on
/// during later {@link #receive} and {@link #flush} calls, so all members may post first and
/// receive afterwards without a deadlock. No call allocates in steady state.
///
/// Threads: sending towards a member ({@code post}, {@code flush(to, …)}) is the business of at
/// most one thread at a time, and so is receiving, from whomever; all of these may be different
/// threads. {@code flush(deadline)} counts as sending towards every member. {@code close} may be
/// called by any thread at any time; calls that wait then end with a PeerLostException. Segments
/// must be usable by any thread (a shared arena, as HostMemory has).
public interface Transport extends AutoCloseable {
  /// The members and which one this is.
  Group group();

  /// Begins to send a stretch of {@code data} to another member. The bytes must not change until
  /// the member has received them or a flush has returned, whichever this rank learns first.
  ///
  /// @throws PeerLostException if a wait has reported before that the member is gone; a loss that
  ///     only this call meets is reported by the next wait, which knows the phase
  /// @throws IllegalStateException if the transport is closed
  void post(int to, MemorySegment data, long offset, long bytes);

  /// Begins to send all of {@code data}.
  default void post(int to, MemorySegment data) {
    post(to, data, 0, data.byteSize());
  }

  /// Fills a stretch of {@code into} with the next bytes from another member; waits for them.
  ///
  /// @throws PeerLostException if the member (or one that still has to take posted bytes) is gone
  ///     or silent for too long
  /// @throws IllegalStateException if the transport is closed
  void receive(int from, MemorySegment into, long offset, long bytes, Deadline deadline);

  /// Fills all of {@code into}.
  default void receive(int from, MemorySegment into, Deadline deadline) {
    receive(from, into, 0, into.byteSize(), deadline);
  }

  /// Waits until everything posted to one member may be overwritten.
  ///
  /// @throws PeerLostException if the member is gone or takes nothing for too long
  /// @throws IllegalStateException if the transport is closed
  void flush(int to, Deadline deadline);

  /// Waits until everything posted may be overwritten.
  ///
  /// @throws PeerLostException if a receiver is gone or takes nothing for too long
  /// @throws IllegalStateException if the transport is closed
  void flush(Deadline deadline);

  /// Waits until everything posted has been handed to the wire, so that {@link #traffic} is
  /// complete.
  ///
  /// @throws PeerLostException if a receiver is gone or takes nothing for too long
  default void drain(Deadline deadline) {
    flush(deadline);
  }

  /// Closes the connections to one member: nothing more is sent to it or received, and whoever
  /// waits for it is told that it is lost. The others are not touched.
  ///
  /// @throws UnsupportedOperationException if this transport cannot
  default void drop(int member) {
    throw new UnsupportedOperationException(
        "the transport of group " + group().name() + " cannot drop single members");
  }

  /// Bytes handed to the wire so far, per member, everything included but what {@link
  /// #groupCollectives} carry.
  Traffic traffic();

  /// What this group does better as a whole than by posts and receives; empty for most transports.
  default Optional<GroupCollectives> groupCollectives() {
    return Optional.empty();
  }

  /// On which hosts the members are and what those of this rank's host share; empty if the
  /// transport makes no difference between hosts.
  default Optional<Hosted> hosted() {
    return Optional.empty();
  }

  /// Sends what is posted, as far as peers still take it, and closes all connections.
  @Override
  void close();
}
