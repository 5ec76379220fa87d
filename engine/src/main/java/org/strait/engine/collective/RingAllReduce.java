package org.strait.engine.collective;

import java.lang.foreign.MemorySegment;
import org.strait.engine.topology.Group;
import org.strait.engine.transport.Deadline;
import org.strait.engine.transport.Fold;
import org.strait.engine.transport.Transport;

/// Ring allreduce (Patarasuk and Yuan 2009, section 3): every member sends 2(n−1)/n of the vector,
/// the least possible, in 2(n−1) steps, to one neighbour. A segment is passed on as soon as it is
/// folded, so one segment of scratch is enough.
///
/// Chunk c starts at member c and collects c, c+1, … in ring order: the order of additions depends
/// on nothing but n and the length.
final class RingAllReduce implements FlatAllReduce {
  private final int n;
  private final int me;
  private final int next;
  private final int previous;
  private final Chunks chunks;

  RingAllReduce(Transport transport, MemorySegment scratch) {
    Group group = transport.group();
    n = group.size();
    me = group.me();
    next = (me + 1) % n;
    previous = (me + n - 1) % n;
    chunks = new Chunks(transport, scratch);
  }

  @Override
  public String name() {
    return "ring";
  }

  @Override
  public void reduce(MemorySegment data, long elementBytes, Fold fold, Deadline deadline) {
    chunks.of(data, elementBytes, fold, deadline);
    // The last chunk to come, next's own, is complete here and is passed on as the first one of
    // the all-gather. A chunk overwritten there was posted as a partial result before; its total
    // can only come back after next has received that.
    scatter(me, true);
    gather(me);
    chunks.finish();
  }

  /// Leaves chunk r of the reduction at member r; the rest of the data is garbage afterwards.
  void reduceScatter(MemorySegment data, long elementBytes, Fold fold, Deadline deadline) {
    chunks.of(data, elementBytes, fold, deadline);
    scatter(previous, false);
    chunks.finish();
  }

  /// Collects chunk r of member r at all members.
  void allGather(MemorySegment data, long elementBytes, Deadline deadline) {
    chunks.of(data, elementBytes, null, deadline);
    post(me);
    gather(previous);
    chunks.finish();
  }

  /// Sends a chunk, then folds those that come, of members further and further back, and passes
  /// them on.
  private void scatter(int first, boolean passLast) {
    post(first);
    for (int step = 1; step < n; step++) {
      int chunk = (first - step + n) % n;
      long to = chunks.to(chunk);
      for (long at = chunks.from(chunk); at < to; at = chunks.segmentEnd(at, to)) {
        long end = chunks.segmentEnd(at, to);
        chunks.fold(previous, at, end);
        if (step < n - 1 || passLast) {
          chunks.post(next, at, end);
        }
      }
    }
  }

  /// Takes complete chunks, the first one and those of members further and further back, and passes
  /// all but the last on.
  private void gather(int first) {
    for (int step = 0; step < n - 1; step++) {
      int chunk = (first - step + n) % n;
      long to = chunks.to(chunk);
      for (long at = chunks.from(chunk); at < to; at = chunks.segmentEnd(at, to)) {
        long end = chunks.segmentEnd(at, to);
        chunks.receive(previous, at, end);
        if (step < n - 2) {
          chunks.post(next, at, end);
        }
      }
    }
  }

  private void post(int chunk) {
    chunks.post(next, chunks.from(chunk), chunks.to(chunk));
  }
}
