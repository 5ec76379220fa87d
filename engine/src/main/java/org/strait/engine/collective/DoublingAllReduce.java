package org.strait.engine.collective;

import org.strait.engine.transport.Deadline;
import org.strait.engine.transport.Transport;
import org.strait.kernels.DenseOps;
import org.strait.memory.Floats;
import org.strait.memory.HostMemory;

/// Recursive doubling (Thakur, Rabenseifner and Gropp 2005, section 4.5): log2 n steps, each
/// exchanging the whole vector with a partner twice as far away. Few steps, many bytes: for small
/// vectors. If n is no power of two, the members above the largest one below n first give their
/// vectors to a member below, and get the sum from it in the end.
///
/// Both partners add in the same order, the lower index's part first, so they get the same bits
/// even where the operands are NaNs.
final class DoublingAllReduce implements AllReduce {
  private final Transport transport;
  private final DenseOps dense;
  private final Slices.Recent recent;

  DoublingAllReduce(Transport transport, DenseOps dense, HostMemory memory, long segmentFloats) {
    this.transport = transport;
    this.dense = dense;
    this.recent = new Slices.Recent(1, memory.floats(segmentFloats));
  }

  @Override
  public String name() {
    return "doubling";
  }

  @Override
  public void sum(Floats vector, Deadline deadline) {
    Slices slices = recent.of(vector);
    Floats[] segments = slices.segments(0);
    Floats[] scratches = slices.scratches(0);
    for (int s = 0; s < segments.length; s++) {
      sum(segments[s], scratches[s], deadline);
    }
  }

  private void sum(Floats mine, Floats scratch, Deadline deadline) {
    int me = transport.group().me();
    int n = transport.group().size();
    int power = Integer.highestOneBit(n);
    if (me >= power) {
      transport.post(me - power, mine.segment());
      transport.receive(me - power, mine.segment(), deadline);
      return;
    }
    if (me + power < n) {
      transport.receive(me + power, scratch.segment(), deadline);
      dense.axpy(1, scratch, mine);
    }
    for (int distance = 1; distance < power; distance *= 2) {
      int partner = me ^ distance;
      transport.post(partner, mine.segment());
      transport.receive(partner, scratch.segment(), deadline);
      transport.flush(partner, deadline);
      if (me < partner) {
        dense.axpy(1, scratch, mine);
      } else {
        dense.axpy(1, mine, scratch);
        mine.copyFrom(scratch);
      }
    }
    if (me + power < n) {
      transport.post(me + power, mine.segment());
      transport.flush(me + power, deadline);
    }
  }
}
