package org.strait.engine.collective;

import java.lang.foreign.MemorySegment;
import org.strait.engine.transport.Deadline;
import org.strait.engine.transport.Fold;

/// One way in which a reduction travels between members that are all alike, by posts and receives.
/// Segment: a piece of a vector as long as the scratch; while one is being folded, the next ones
/// travel. The same bits on every member and in every run; no garbage.
interface FlatAllReduce {
  /// Name as given to {@code --allreduce}.
  String name();

  /// Replaces the elements by their reduction over all members, of which there are at least two.
  /// Modified: data.
  void reduce(MemorySegment data, long elementBytes, Fold fold, Deadline deadline);
}
