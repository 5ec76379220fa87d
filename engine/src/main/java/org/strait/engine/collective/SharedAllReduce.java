package org.strait.engine.collective;

import org.strait.engine.transport.Deadline;
import org.strait.engine.transport.SharedVectors;
import org.strait.kernels.DenseOps;
import org.strait.memory.Floats;

/// Sum in memory that all members see: each adds one slice of everybody's vector and stores it to
/// everybody's.
final class SharedAllReduce implements AllReduce {
  private final String name;
  private final SharedVectors shared;
  private final DenseOps dense;

  /// @param name what the user asked for
  SharedAllReduce(String name, SharedVectors shared, DenseOps dense) {
    this.name = name;
    this.shared = shared;
    this.dense = dense;
  }

  @Override
  public String name() {
    return name;
  }

  @Override
  public void sum(Floats vector, Deadline deadline) {
    shared.sum(vector, dense, deadline);
  }
}
