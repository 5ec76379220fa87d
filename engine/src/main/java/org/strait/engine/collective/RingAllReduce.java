package org.strait.engine.collective;

import org.strait.engine.topology.Group;
import org.strait.engine.transport.Deadline;
import org.strait.engine.transport.Transport;
import org.strait.kernels.DenseOps;
import org.strait.memory.Floats;
import org.strait.memory.HostMemory;

/// Ring allreduce (Patarasuk and Yuan 2009, section 3): every member sends 2(n−1)/n of the vector,
/// the least possible, in 2(n−1) steps. Chunk: the n-th part of the vector, one per member.
/// Segment: a piece of a chunk; while one is being added, the next ones travel. A segment is passed
/// on as soon as it is added, so one segment of scratch is enough.
///
/// Chunk c starts at member c and collects c, c+1, … in ring order: the order of additions depends
/// on nothing but n and the length.
final class RingAllReduce implements AllReduce {
  private final Transport transport;
  private final DenseOps dense;
  private final Slices.Recent recent;

  RingAllReduce(Transport transport, DenseOps dense, HostMemory memory, long segmentFloats) {
    this.transport = transport;
    this.dense = dense;
    this.recent = new Slices.Recent(transport.group().size(), memory.floats(segmentFloats));
  }

  @Override
  public String name() {
    return "ring";
  }

  @Override
  public void sum(Floats vector, Deadline deadline) {
    Group group = transport.group();
    int n = group.size();
    int me = group.me();
    int next = (me + 1) % n;
    int previous = (me + n - 1) % n;
    Slices slices = recent.of(vector);

    for (Floats segment : slices.segments(me)) {
      transport.post(next, segment.segment());
    }
    // Reduce-scatter. The last chunk to come, next's own, is complete here and is passed on as the
    // first one of the all-gather.
    for (int step = 1; step < n; step++) {
      int chunk = (me - step + n) % n;
      Floats[] segments = slices.segments(chunk);
      Floats[] scratches = slices.scratches(chunk);
      for (int s = 0; s < segments.length; s++) {
        transport.receive(previous, scratches[s].segment(), deadline);
        dense.axpy(1, scratches[s], segments[s]);
        transport.post(next, segments[s].segment());
      }
    }
    // All-gather. A chunk overwritten here was posted above as a partial sum; its total can only
    // come back after next has received that.
    for (int step = 0; step < n - 1; step++) {
      for (Floats segment : slices.segments((me - step + n) % n)) {
        transport.receive(previous, segment.segment(), deadline);
        if (step < n - 2) {
          transport.post(next, segment.segment());
        }
      }
    }
    transport.flush(deadline);
  }
}
