package org.strait.engine.collective;

import java.lang.foreign.MemorySegment;
import java.util.List;
import java.util.Objects;
import org.strait.engine.transport.Deadline;
import org.strait.engine.transport.GroupCollectives;
import org.strait.engine.transport.SharedVectors;
import org.strait.engine.transport.Transport;
import org.strait.kernels.DenseOps;
import org.strait.memory.Bytes;
import org.strait.memory.Doubles;
import org.strait.memory.Floats;
import org.strait.memory.HostMemory;

/// What the members of a group do together. All members call the same operations in the same order
/// with the same lengths. Results are the same bits on every member and in every run. An operation
/// returns when this member's part is done and its operands may be changed. One thread at a time.
/// Nothing allocates in steady state; a vector of floats that is not among the four summed last
/// costs a few small objects.
public final class Collectives implements AutoCloseable {
  /// Vectors below this many bytes are summed by recursive doubling, others by a ring. Measured
  /// with AllReduceTiming (test tree) over TCP on 2 cores, 2 and 4 ranks: doubling takes half the
  /// ring's time up to 64 KiB, the same at 128 KiB, twice at 256 KiB.
  static final long DOUBLING_BELOW_BYTES = 128 << 10;

  /// Bytes of a segment. Measured likewise: 32 and 64 KiB lose where ranks share cores, more than
  /// 256 KiB gains nothing.
  static final long SEGMENT_BYTES = 256 << 10;

  private final Transport transport;
  private final HostMemory memory;
  private final GroupCollectives whole;
  private final AllReduce allReduce;
  private final BinomialBroadcast broadcast;
  private final MemberOrderSum scalars;
  private final Bytes token;

  private Collectives(
      Transport transport, String name, HostMemory parent, DenseOps dense, long segmentBytes) {
    this.transport = transport;
    this.memory = parent.child("collectives-" + transport.group().name());
    boolean mayBeWhole = name.equals("auto") || name.equals(TransportAllReduce.NAME);
    this.whole = mayBeWhole ? transport.groupCollectives().orElse(null) : null;
    try {
      allReduce = choose(name, transport, whole, memory, dense, segmentBytes);
    } catch (IllegalArgumentException e) {
      memory.close();
      throw e;
    }
    broadcast = new BinomialBroadcast(transport, segmentBytes);
    scalars = new MemberOrderSum(transport, whole, broadcast, memory);
    token = memory.bytes(2);
  }

  /// Collectives over a transport, which they own from now on.
  ///
  /// @param allReduceName one of {@link #names}
  /// @param memory gives scratch of some segments of {@value #SEGMENT_BYTES} bytes
  /// @param dense adds
  /// @throws IllegalArgumentException if the name is unknown
  public static Collectives over(
      Transport transport, String allReduceName, HostMemory memory, DenseOps dense) {
    return over(transport, allReduceName, memory, dense, SEGMENT_BYTES);
  }

  /// The same with segments of another size, a multiple of 8.
  static Collectives over(
      Transport transport, String name, HostMemory memory, DenseOps dense, long segmentBytes) {
    return new Collectives(transport, name, memory, dense, segmentBytes);
  }

  /// The names of allreduce algorithms. {@code auto} and {@code transport} let the transport's own
  /// collectives do what they can, if it has any; {@code transport} insists on them.
  public static List<String> names() {
    return List.of("auto", "ring", "doubling", TransportAllReduce.NAME);
  }

  private static AllReduce choose(
      String name,
      Transport transport,
      GroupCollectives whole,
      HostMemory memory,
      DenseOps dense,
      long segmentBytes) {
    long floats = segmentBytes / Floats.BYTES;
    if (whole instanceof SharedVectors shared) {
      return new SharedAllReduce(name, shared, dense);
    }
    if (whole != null) {
      return new TransportAllReduce(name, whole);
    }
    return switch (name) {
      case "ring" -> new RingAllReduce(transport, dense, memory, floats);
      case "doubling" -> new DoublingAllReduce(transport, dense, memory, floats);
      case "auto" ->
          new AutoAllReduce(
              new DoublingAllReduce(transport, dense, memory, floats),
              new RingAllReduce(transport, dense, memory, floats),
              DOUBLING_BELOW_BYTES);
      case TransportAllReduce.NAME ->
          throw new IllegalArgumentException(
              "allreduce \"transport\": the transport of group "
                  + transport.group().name()
                  + " has no collectives of its own (shared-memory and mpi have); use auto, ring or doubling");
      default ->
          throw new IllegalArgumentException(
              "unknown allreduce \"" + name + "\"; known: " + String.join(", ", names()));
    };
  }

  /// Name of the allreduce algorithm.
  public String name() {
    return allReduce.name();
  }

  /// The transport underneath.
  public Transport transport() {
    return transport;
  }

  /// A zeroed vector of this member that {@link #sum} adds without copies where members share
  /// memory; elsewhere any vector. All members call this together; freed with the collectives.
  public Floats floats(long n) {
    return whole instanceof SharedVectors shared && !alone() ? shared.floats(n) : memory.floats(n);
  }

  /// Replaces the vector by its element-wise sum over all members, in float32. Modified: vector.
  public void sum(Floats vector, Deadline deadline) {
    if (!alone() && vector.length() > 0) {
      allReduce.sum(vector, deadline);
    }
  }

  /// Replaces the vector by its element-wise sum over all members, in float64, added in member
  /// order. For short vectors: everything passes through member 0, or to every member. Modified:
  /// vector.
  public void sum(Doubles vector, Deadline deadline) {
    if (!alone() && vector.length() > 0) {
      scalars.sum(vector, deadline);
    }
  }

  /// Copies the root's bytes to all members. Modified: data, except at the root.
  public void broadcast(MemorySegment data, int root, Deadline deadline) {
    Objects.checkIndex(root, size());
    if (alone()) {
      return;
    }
    if (whole != null) {
      whole.broadcast(data, root, deadline);
    } else {
      broadcast.run(data, root, deadline);
    }
  }

  /// Collects the members' blocks, all of the same size, in member order at the root. Modified:
  /// all, at the root; not looked at elsewhere.
  public void gather(MemorySegment mine, MemorySegment all, int root, Deadline deadline) {
    Objects.checkIndex(root, size());
    long bytes = mine.byteSize();
    if (me() != root) {
      transport.post(root, mine);
      transport.flush(root, deadline);
      return;
    }
    checkAll(bytes, all);
    MemorySegment.copy(mine, 0, all, root * bytes, bytes);
    for (int from = 0; from < size(); from++) {
      if (from != root) {
        transport.receive(from, all, from * bytes, bytes, deadline);
      }
    }
  }

  /// Collects the members' blocks, all of the same size, in member order at every member. For small
  /// blocks: everything passes through member 0. Modified: all.
  public void allGather(MemorySegment mine, MemorySegment all, Deadline deadline) {
    checkAll(mine.byteSize(), all);
    if (whole != null && !alone()) {
      whole.allGather(mine, all, deadline);
      return;
    }
    gather(mine, all, 0, deadline);
    broadcast(all, 0, deadline);
  }

  /// Returns when every member has called it: ⌈log2 n⌉ rounds, in round k a byte to the member 2^k
  /// further (Hensgen, Finkel and Manber 1988).
  public void barrier(Deadline deadline) {
    if (whole != null && !alone()) {
      whole.barrier(deadline);
      return;
    }
    for (int distance = 1; distance < size(); distance *= 2) {
      transport.post((me() + distance) % size(), token.segment(), 0, 1);
      int from = (me() - distance + size()) % size();
      transport.receive(from, token.segment(), 1, 1, deadline);
    }
    if (!alone()) {
      transport.flush(deadline);
    }
  }

  /// Frees the scratch and closes the transport.
  @Override
  public void close() {
    transport.close();
    memory.close();
  }

  private void checkAll(long bytes, MemorySegment all) {
    if (all.byteSize() != Math.multiplyExact(bytes, size())) {
      throw new IllegalArgumentException(
          size() + " blocks of " + bytes + " bytes do not fill " + all.byteSize() + " bytes");
    }
  }

  private boolean alone() {
    return size() == 1;
  }

  private int size() {
    return transport.group().size();
  }

  private int me() {
    return transport.group().me();
  }
}
