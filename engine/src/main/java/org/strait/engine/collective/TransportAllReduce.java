package org.strait.engine.collective;

import org.strait.engine.transport.Deadline;
import org.strait.engine.transport.GroupCollectives;
import org.strait.engine.transport.GroupCollectives.Element;
import org.strait.engine.transport.GroupCollectives.Reduction;
import org.strait.memory.Floats;

/// The transport's own reduction, in place.
final class TransportAllReduce implements AllReduce {
  static final String NAME = "transport";

  private final String name;
  private final GroupCollectives whole;

  /// @param name what the user asked for
  TransportAllReduce(String name, GroupCollectives whole) {
    this.name = name;
    this.whole = whole;
  }

  @Override
  public String name() {
    return name;
  }

  @Override
  public void sum(Floats vector, Deadline deadline) {
    whole.allReduce(vector.segment(), Element.FLOAT32, Reduction.SUM, deadline);
  }
}
