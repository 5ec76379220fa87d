package org.strait.engine.transport;

import org.strait.engine.topology.Member;
import org.strait.kernels.DenseOps;
import org.strait.memory.Floats;

/// What a group does as a whole if its members see the same memory.
public interface SharedVectors extends GroupCollectives {
  /// A zeroed vector of n floats of this member, which all others can see: sums of it, or of the
  /// same stretch of it on every member, need no copies. All members call this together. Freed with
  /// the transport.
  ///
  /// @throws org.strait.engine.rendezvous.RendezvousException if there is not enough memory
  Floats floats(long n);

  /// Replaces the vector by its sum over all members, added in member order in float32. Any memory
  /// will do; vectors from {@link #floats} are summed in place. Modified: vector.
  ///
  /// @param dense adds
  /// @throws IllegalStateException if members bring stretches that differ
  void sum(Floats vector, DenseOps dense, Deadline deadline);

  /// Tells those who wait for this member that it gives up on somebody of their data centre who
  /// does not share this memory, so that they name the same culprit.
  void accuse(Member culprit);
}
