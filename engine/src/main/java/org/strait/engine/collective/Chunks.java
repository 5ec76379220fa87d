package org.strait.engine.collective;

import java.lang.foreign.MemorySegment;
import org.strait.engine.transport.Deadline;
import org.strait.engine.transport.Fold;
import org.strait.engine.transport.Transport;

/// Chunks, the n-th parts of a vector, and how their segments are sent and received. A cursor over
/// one vector at a time, so that nothing is allocated.
final class Chunks {
  private final Transport transport;
  private final MemorySegment scratch;
  private MemorySegment data;
  private long elementBytes;
  private Fold fold;
  private Deadline deadline;

  /// @param scratch as long as a segment
  Chunks(Transport transport, MemorySegment scratch) {
    this.transport = transport;
    this.scratch = scratch;
  }

  void of(MemorySegment vector, long bytesOfAnElement, Fold operation, Deadline until) {
    data = vector;
    elementBytes = bytesOfAnElement;
    fold = operation;
    deadline = until;
  }

  /// Byte where a chunk begins; chunk n begins where the vector ends.
  long from(int chunk) {
    long elements = data.byteSize() / elementBytes;
    return Math.multiplyExact(elements, (long) chunk) / transport.group().size() * elementBytes;
  }

  /// Byte where a chunk ends.
  long to(int chunk) {
    return from(chunk + 1);
  }

  /// Number of segments of the longest chunk.
  long segments() {
    long longest = Math.ceilDiv(data.byteSize() / elementBytes, (long) transport.group().size());
    return Math.ceilDiv(longest * elementBytes, scratch.byteSize());
  }

  /// Byte where a segment of a chunk begins, or the chunk's end where it has fewer.
  long from(int chunk, long segment) {
    return Math.min(to(chunk), from(chunk) + segment * scratch.byteSize());
  }

  /// End of the segment that begins at a byte and reaches at most up to another.
  long segmentEnd(long at, long to) {
    return Math.min(to, at + scratch.byteSize());
  }

  void post(int member, long from, long to) {
    if (from < to) {
      transport.post(member, data, from, to - from);
    }
  }

  void receive(int member, long from, long to) {
    transport.receive(member, data, from, to - from, deadline);
  }

  /// Receives a segment and folds it into the vector.
  void fold(int member, long from, long to) {
    transport.receive(member, scratch, 0, to - from, deadline);
    fold.fold(scratch, 0, data, from, to - from);
  }

  /// Receives a stretch, segment by segment, and folds it into the vector.
  void foldAll(int member, long from, long to) {
    for (long at = from; at < to; at = segmentEnd(at, to)) {
      fold(member, at, segmentEnd(at, to));
    }
  }

  /// Waits until everything posted may be overwritten, and forgets the vector.
  void finish() {
    transport.flush(deadline);
    data = null;
  }
}
