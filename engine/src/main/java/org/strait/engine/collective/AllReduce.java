package org.strait.engine.collective;

import org.strait.engine.transport.Deadline;
import org.strait.memory.Floats;

/// Element-wise sum over a group, left in every member's vector.
public interface AllReduce {
  /// Name as given to {@code --allreduce}.
  String name();

  /// Replaces the vector by the sum over all members: the same bits on every member, and in every
  /// run with the same group. All members pass the same length (0 is legal). Modified: vector.
  /// Allocates nothing in steady state.
  void sum(Floats vector, Deadline deadline);
}
