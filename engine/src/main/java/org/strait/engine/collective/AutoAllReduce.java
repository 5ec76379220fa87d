package org.strait.engine.collective;

import org.strait.engine.transport.Deadline;
import org.strait.memory.Floats;

/// Few steps for short vectors, few bytes for long ones.
final class AutoAllReduce implements AllReduce {
  private final AllReduce shorter;
  private final AllReduce longer;
  private final long belowBytes;

  /// @param belowBytes shortest vector that {@code longer} gets, in bytes
  AutoAllReduce(AllReduce shorter, AllReduce longer, long belowBytes) {
    this.shorter = shorter;
    this.longer = longer;
    this.belowBytes = belowBytes;
  }

  @Override
  public String name() {
    return "auto";
  }

  @Override
  public void sum(Floats vector, Deadline deadline) {
    boolean isShort = vector.length() * Floats.BYTES < belowBytes;
    (isShort ? shorter : longer).sum(vector, deadline);
  }
}
