package org.strait.engine.collective;

import java.lang.foreign.MemorySegment;
import java.util.List;
import java.util.Objects;
import org.strait.engine.transport.Deadline;
import org.strait.engine.transport.Fold;
import org.strait.engine.transport.GroupCollectives;
import org.strait.engine.transport.Transport;
import org.strait.kernels.DenseOps;
import org.strait.memory.Bytes;
import org.strait.memory.HostMemory;

/// The collectives of members that are all alike, by posts and receives over any transport: which
/// algorithm for which length and group is decided here.
final class FlatCollectives implements GroupCollectives {
  // Measured with processes on 2 cores, against the other ways: direct exchange is ahead of the
  // ring and of halving from 128 KiB on with four members, where doubling falls behind, and with
  // two from 512 KiB on (at 1 MiB four fifths of doubling's time, at 256 KiB more).

  /// Vectors below this many bytes are reduced by recursive doubling in groups of more than two.
  static final long DOUBLING_BELOW_BYTES = 128 << 10;

  /// The same in groups of two.
  static final long PAIR_DOUBLING_BELOW_BYTES = 512 << 10;

  /// Two members have the cache to themselves: longer segments, fewer turns.
  static final long PAIR_SEGMENTS = 4;

  /// Largest group whose members all talk to each other; larger ones form a ring.
  static final int DIRECT_MOST_MEMBERS = 8;

  private final Transport transport;
  private final int n;
  private final int me;
  private final Folds folds;
  private final RingAllReduce ring;
  private final DirectAllReduce direct;
  private final FlatAllReduce shorter;
  private final FlatAllReduce longer;
  private final BinomialBroadcast broadcast;
  private final long doublingBelowBytes;
  private final Bytes token;

  /// @param name one of {@link #names}
  /// @param memory gives a segment of scratch, freed with it
  /// @param dense adds
  /// @param segmentBytes a multiple of 8
  /// @throws IllegalArgumentException if the name is unknown
  FlatCollectives(
      Transport transport, String name, HostMemory memory, DenseOps dense, long segmentBytes) {
    this.transport = transport;
    n = transport.group().size();
    me = transport.group().me();
    folds = new Folds(dense);
    long segment = n == 2 ? PAIR_SEGMENTS * segmentBytes : segmentBytes;
    MemorySegment scratch = memory.bytes(segment).segment();
    ring = new RingAllReduce(transport, scratch);
    direct = new DirectAllReduce(transport, scratch);
    broadcast = new BinomialBroadcast(transport, segmentBytes);
    DoublingAllReduce doubling = new DoublingAllReduce(transport, scratch);
    FlatAllReduce many = n <= DIRECT_MOST_MEMBERS ? direct : ring;
    doublingBelowBytes = n <= 2 ? PAIR_DOUBLING_BELOW_BYTES : DOUBLING_BELOW_BYTES;
    longer =
        switch (name) {
          case "auto" -> many;
          case "ring" -> ring;
          case "direct" -> direct;
          case "halving" -> new HalvingAllReduce(transport, scratch);
          case "doubling" -> doubling;
          case "tree" -> new TreeAllReduce(transport, broadcast, scratch);
          default ->
              throw new IllegalArgumentException(
                  "unknown allreduce \"" + name + "\"; known: " + String.join(", ", names()));
        };
    shorter = name.equals("auto") ? doubling : longer;
    token = memory.bytes(2);
  }

  /// The names of algorithms.
  static List<String> names() {
    return List.of("auto", "ring", "direct", "halving", "doubling", "tree");
  }

  /// What is done with which vectors, in words.
  String choice() {
    return shorter == longer
        ? longer.name()
        : shorter.name() + " below " + (doublingBelowBytes >> 10) + " KiB, then " + longer.name();
  }

  @Override
  public void allReduce(
      MemorySegment data, Element element, Reduction reduction, Deadline deadline) {
    long elements = element.count(data.byteSize());
    if (n > 1 && elements > 0) {
      FlatAllReduce way = data.byteSize() < doublingBelowBytes ? shorter : longer;
      way.reduce(data, element.bytes(), folds.of(element, reduction), deadline);
    }
  }

  @Override
  public void reduceScatter(
      MemorySegment all,
      MemorySegment mine,
      Element element,
      Reduction reduction,
      Deadline deadline) {
    long elements = element.count(mine.byteSize());
    GroupCollectives.checkBlocks(n, mine.byteSize(), all);
    if (n > 1 && elements > 0) {
      Fold fold = folds.of(element, reduction);
      if (longer == ring) {
        ring.reduceScatter(all, element.bytes(), fold, deadline);
      } else {
        direct.reduceScatter(all, element.bytes(), fold, deadline);
      }
    }
    MemorySegment.copy(all, me * mine.byteSize(), mine, 0, mine.byteSize());
  }

  @Override
  public void allGather(MemorySegment mine, MemorySegment all, Deadline deadline) {
    GroupCollectives.checkBlocks(n, mine.byteSize(), all);
    MemorySegment.copy(mine, 0, all, me * mine.byteSize(), mine.byteSize());
    if (n == 1 || mine.byteSize() == 0) {
      return;
    }
    if (longer == ring) {
      ring.allGather(all, 1, deadline);
    } else {
      direct.allGather(all, 1, deadline);
    }
  }

  @Override
  public void broadcast(MemorySegment data, int root, Deadline deadline) {
    Objects.checkIndex(root, n);
    if (n > 1) {
      broadcast.run(data, root, deadline);
    }
  }

  /// ⌈log2 n⌉ rounds, in round k a byte to the member 2^k further (Hensgen, Finkel and Manber
  /// 1988).
  @Override
  public void barrier(Deadline deadline) {
    for (int distance = 1; distance < n; distance *= 2) {
      transport.post((me + distance) % n, token.segment(), 0, 1);
      transport.receive((me - distance + n) % n, token.segment(), 1, 1, deadline);
    }
    transport.flush(deadline);
  }
}
