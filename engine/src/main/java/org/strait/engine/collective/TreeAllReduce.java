package org.strait.engine.collective;

import java.lang.foreign.MemorySegment;
import org.strait.engine.transport.Deadline;
import org.strait.engine.transport.Fold;
import org.strait.engine.transport.Transport;

/// Up a binomial tree to member 0 and down again: 2·log2 n steps of the whole vector, segments
/// following each other, but only n−1 messages each way in all. For short vectors of many members.
///
/// A member folds its children in the order of their distance, nearest first.
final class TreeAllReduce implements FlatAllReduce {
  private final Transport transport;
  private final BinomialBroadcast broadcast;
  private final Chunks chunks;

  TreeAllReduce(Transport transport, BinomialBroadcast broadcast, MemorySegment scratch) {
    this.transport = transport;
    this.broadcast = broadcast;
    chunks = new Chunks(transport, scratch);
  }

  @Override
  public String name() {
    return "tree";
  }

  @Override
  public void reduce(MemorySegment data, long elementBytes, Fold fold, Deadline deadline) {
    int n = transport.group().size();
    int me = transport.group().me();
    int lowest = me == 0 ? Integer.highestOneBit(n) * 2 : Integer.lowestOneBit(me);
    long bytes = data.byteSize();
    chunks.of(data, elementBytes, fold, deadline);
    for (long at = 0; at < bytes; at = chunks.segmentEnd(at, bytes)) {
      long end = chunks.segmentEnd(at, bytes);
      for (int bit = 1; bit < lowest && me + bit < n; bit *= 2) {
        chunks.fold(me + bit, at, end);
      }
      if (me != 0) {
        chunks.post(me - lowest, at, end);
      }
    }
    // A segment comes down after the parent has received what was posted of it.
    broadcast.run(data, 0, deadline);
    chunks.finish();
  }
}
