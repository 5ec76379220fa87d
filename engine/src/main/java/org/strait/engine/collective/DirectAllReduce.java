package org.strait.engine.collective;

import java.lang.foreign.MemorySegment;
import org.strait.engine.topology.Group;
import org.strait.engine.transport.Deadline;
import org.strait.engine.transport.Transport;

/// As few bytes as the ring in two steps instead of 2(n−1): every member sends each other one its
/// chunk, folds what comes for its own, and sends that to all (the "direct" or pairwise exchange of
/// Thakur, Rabenseifner and Gropp 2005, section 3.1, twice). A segment leaves as soon as it is
/// complete. For few members: all pairs talk, and where ranks share cores, every step costs a turn
/// of everybody.
///
/// Member c folds c+1, c+2, … into its own, which gives the ring's bits.
final class DirectAllReduce implements FlatAllReduce {
  private final int n;
  private final int me;
  private final Chunks chunks;

  DirectAllReduce(Transport transport, MemorySegment scratch) {
    Group group = transport.group();
    n = group.size();
    me = group.me();
    chunks = new Chunks(transport, scratch);
  }

  @Override
  public String name() {
    return "direct";
  }

  @Override
  public void reduce(MemorySegment data, long elementBytes, Fold fold, Deadline deadline) {
    chunks.of(data, elementBytes, fold, deadline);
    scatter(true);
    // Chunk p is overwritten after p has received what was posted of it, or p could not have
    // completed it.
    gather();
    chunks.finish();
  }

  /// Leaves chunk r of the reduction at member r; the rest of the data is as it was.
  void reduceScatter(MemorySegment data, long elementBytes, Fold fold, Deadline deadline) {
    chunks.of(data, elementBytes, fold, deadline);
    scatter(false);
    chunks.finish();
  }

  /// Collects chunk r of member r at all members.
  void allGather(MemorySegment data, long elementBytes, Deadline deadline) {
    chunks.of(data, elementBytes, null, deadline);
    tell(chunks.from(me), chunks.to(me));
    gather();
    chunks.finish();
  }

  private void scatter(boolean tell) {
    for (int k = 1; k < n; k++) {
      int member = (me + n - k) % n;
      chunks.post(member, chunks.from(member), chunks.to(member));
    }
    long to = chunks.to(me);
    for (long at = chunks.from(me); at < to; at = chunks.segmentEnd(at, to)) {
      long end = chunks.segmentEnd(at, to);
      for (int k = 1; k < n; k++) {
        chunks.fold((me + k) % n, at, end);
      }
      if (tell) {
        tell(at, end);
      }
    }
  }

  private void tell(long from, long to) {
    for (int k = 1; k < n; k++) {
      chunks.post((me + n - k) % n, from, to);
    }
  }

  private void gather() {
    for (int k = 1; k < n; k++) {
      int member = (me + k) % n;
      chunks.receive(member, chunks.from(member), chunks.to(member));
    }
  }
}
