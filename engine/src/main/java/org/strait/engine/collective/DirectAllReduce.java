package org.strait.engine.collective;

import java.lang.foreign.MemorySegment;
import org.strait.engine.topology.Group;
import org.strait.engine.transport.Deadline;
import org.strait.engine.transport.Fold;
import org.strait.engine.transport.Transport;

/// As few bytes as the ring in two steps instead of 2(n−1): every member sends each other one its
/// chunk, folds what comes for its own, and sends that to all (the "direct" or pairwise exchange of
/// Thakur, Rabenseifner and Gropp 2005, section 3.1, twice). Both steps go on at once, a segment or
/// two apart, so that few bytes are on their way at any time and stay in the cache. For few
/// members: all pairs talk, and where ranks share cores, every step costs a turn of everybody.
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
    // Towards each member: its segment 0, then by turns its next segment and the last one that is
    // complete of this member's own. A segment is overwritten after its owner has received what was
    // posted of it, or it could not have completed it.
    long segments = chunks.segments();
    scatter(0);
    for (long s = 0; s < segments; s++) {
      scatter(s + 1);
      fold(s);
      tell(s);
      if (s > 0) {
        gather(s - 1);
      }
    }
    gather(segments - 1);
    chunks.finish();
  }

  /// Leaves chunk r of the reduction at member r; the rest of the data is as it was.
  void reduceScatter(MemorySegment data, long elementBytes, Fold fold, Deadline deadline) {
    chunks.of(data, elementBytes, fold, deadline);
    long segments = chunks.segments();
    scatter(0);
    for (long s = 0; s < segments; s++) {
      scatter(s + 1);
      fold(s);
    }
    chunks.finish();
  }

  /// Collects chunk r of member r at all members.
  void allGather(MemorySegment data, long elementBytes, Deadline deadline) {
    chunks.of(data, elementBytes, null, deadline);
    long segments = chunks.segments();
    tell(0);
    for (long s = 0; s < segments; s++) {
      tell(s + 1);
      gather(s);
    }
    chunks.finish();
  }

  /// Sends every other member a segment of its chunk.
  private void scatter(long segment) {
    for (int k = 1; k < n; k++) {
      int member = (me + n - k) % n;
      chunks.post(member, chunks.from(member, segment), chunks.from(member, segment + 1));
    }
  }

  private void fold(long segment) {
    for (int k = 1; k < n; k++) {
      chunks.fold((me + k) % n, chunks.from(me, segment), chunks.from(me, segment + 1));
    }
  }

  /// Sends all others a segment of this member's chunk.
  private void tell(long segment) {
    for (int k = 1; k < n; k++) {
      int member = (me + n - k) % n;
      chunks.post(member, chunks.from(me, segment), chunks.from(me, segment + 1));
    }
  }

  private void gather(long segment) {
    for (int k = 1; k < n; k++) {
      int member = (me + k) % n;
      chunks.receive(member, chunks.from(member, segment), chunks.from(member, segment + 1));
    }
  }
}
