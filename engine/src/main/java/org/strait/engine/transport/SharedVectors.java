package org.strait.engine.transport;

import org.strait.kernels.DenseOps;
import org.strait.memory.Floats;

/// What a transport offers beyond bytes if its members see the same memory. Same order of calls on
/// all members, one thread at a time, like collectives.
public interface SharedVectors extends AutoCloseable {
  /// A zeroed vector of n floats of this member, which all others can see: sums of it, or of the
  /// same stretch of it on every member, need no copies. All members call this together.
  ///
  /// @throws org.strait.engine.rendezvous.RendezvousException if there is not enough memory
  Floats floats(long n);

  /// Replaces the vector by its sum over all members, added in member order in float32, the same
  /// bits on all. Any memory will do; vectors from {@link #floats} are summed in place. Modified:
  /// vector. Allocates nothing.
  ///
  /// @throws PeerLostException if a member's process ends or it does not come in time
  /// @throws IllegalStateException if members bring stretches that differ
  void sum(Floats vector, DenseOps dense, Deadline deadline);

  /// Returns when every member has called it.
  ///
  /// @throws PeerLostException if a member's process ends or it does not come in time
  void barrier(Deadline deadline);

  /// Leaves the others and gives the memory back.
  @Override
  void close();
}
