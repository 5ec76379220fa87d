package org.strait.engine.collective;

import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Objects;
import java.util.stream.IntStream;
import org.strait.engine.transport.Deadline;
import org.strait.engine.transport.GroupCollectives;
import org.strait.engine.transport.GroupCollectives.Element;
import org.strait.engine.transport.GroupCollectives.Reduction;
import org.strait.engine.transport.Hosted;
import org.strait.engine.transport.SharedVectors;
import org.strait.engine.transport.SubTransport;
import org.strait.engine.transport.Transport;
import org.strait.kernels.DenseOps;
import org.strait.memory.Doubles;
import org.strait.memory.Floats;
import org.strait.memory.HostMemory;
import org.strait.memory.Ints;

/// What the members of a group do together. All members call the same operations in the same order
/// with the same lengths. Results are the same bits on every member and in every run. An operation
/// returns when this member's part is done and its operands may be changed. One thread at a time.
/// Nothing allocates in steady state; a vector that is not among the 32 used last costs a few small
/// objects.
public final class Collectives implements AutoCloseable {
  private static final Logger LOG = System.getLogger(Collectives.class.getName());

  /// Bytes of a segment: two of them per pair are on their way at a time, and should stay in the
  /// cache. Measured with processes on 2 cores: 64 KiB and 256 KiB are slower.
  static final long SEGMENT_BYTES = 128 << 10;

  private final Transport transport;
  private final HostMemory memory;
  private final DenseOps dense;
  private final GroupCollectives whole;
  private final String choice;
  private final AllReduce allReduce;
  private final MemberOrderSum scalars;

  private Collectives(
      Transport transport, String name, HostMemory parent, DenseOps dense, long segmentBytes) {
    this.transport = transport;
    this.memory = parent.child("collectives-" + transport.group().name());
    this.dense = dense;
    boolean mayBeWhole = name.equals("auto") || name.equals(TransportAllReduce.NAME);
    Hosted hosted = transport.hosted().orElse(null);
    boolean byHosts =
        name.split(":", 2)[0].equals(HostCollectives.NAME)
            || (name.equals("auto") && hosted != null);
    GroupCollectives own =
        mayBeWhole && !byHosts ? transport.groupCollectives().orElse(null) : null;
    try {
      if (byHosts) {
        HostCollectives levels =
            new HostCollectives(
                transport,
                checked(hosted, name),
                leaders(name),
                name.equals("auto") ? HostCollectives.FLAT_BELOW_BYTES : 0,
                memory,
                dense,
                segmentBytes);
        whole = levels;
        choice = levels.choice();
      } else if (own == null) {
        refuseWhole(name, transport);
        FlatCollectives flat = new FlatCollectives(transport, name, memory, dense, segmentBytes);
        whole = flat;
        choice = flat.choice();
      } else {
        whole = own;
        choice = TransportAllReduce.NAME;
      }
    } catch (IllegalArgumentException e) {
      memory.close();
      throw e;
    }
    allReduce =
        whole instanceof SharedVectors shared
            ? new SharedAllReduce(name, shared, dense)
            : new TransportAllReduce(name, whole);
    scalars =
        new MemberOrderSum(transport, own, new BinomialBroadcast(transport, segmentBytes), memory);
    if (me() == 0 && !alone()) {
      LOG.log(
          Level.DEBUG,
          "group {0}: {1} members, allreduce {2}: {3}",
          transport.group().name(),
          size(),
          name,
          choice);
    }
  }

  private static void refuseWhole(String name, Transport transport) {
    if (name.equals(TransportAllReduce.NAME)) {
      throw new IllegalArgumentException(
          "allreduce \"transport\": the transport of group "
              + transport.group().name()
              + " has no collectives of its own (shared-memory and mpi have); use "
              + String.join(", ", FlatCollectives.names()));
    }
  }

  private static Hosted checked(Hosted hosted, String name) {
    if (hosted == null) {
      throw new IllegalArgumentException(
          "allreduce \""
              + name
              + "\" needs a transport that knows the ranks' hosts; use --transport auto or"
              + " tcp+shared-memory");
    }
    return hosted;
  }

  /// The leaders per host in {@code hierarchical:2}; 0 if it does not say.
  private static int leaders(String name) {
    int colon = name.indexOf(':');
    String count = colon < 0 ? "0" : name.substring(colon + 1);
    if (!count.matches("\\d{1,4}") || (colon >= 0 && count.matches("0+"))) {
      throw new IllegalArgumentException(
          "allreduce \"" + name + "\": \"" + count + "\" is no number of leaders per host");
    }
    return Integer.parseInt(count);
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
  /// collectives do what they can, if it has any; {@code transport} insists on them. {@code
  /// hierarchical} (or {@code hierarchical:2} for two leaders per host) is what {@code auto} does
  /// with long vectors where several hosts have ranks that share memory.
  public static List<String> names() {
    List<String> names = new ArrayList<>(FlatCollectives.names());
    names.add(TransportAllReduce.NAME);
    names.add(HostCollectives.NAME);
    return List.copyOf(names);
  }

  /// Name of the allreduce algorithm.
  public String name() {
    return allReduce.name();
  }

  /// What is done with which vectors, in words; the same at every member.
  public String choice() {
    return choice;
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

  /// Replaces the vector by its element-wise mean over all members, in float32: the sum, then
  /// scaled. Modified: vector.
  public void mean(Floats vector, Deadline deadline) {
    sum(vector, deadline);
    if (!alone()) {
      dense.scale(1f / size(), vector);
    }
  }

  /// Replaces the elements by their reduction over all members. Modified: data.
  public void allReduce(
      MemorySegment data, Element element, Reduction reduction, Deadline deadline) {
    whole.allReduce(data, element, reduction, deadline);
  }

  /// Reduces n blocks, each as long as {@code mine}, and leaves member r the r-th. Modified: mine,
  /// and all, whose content is undefined afterwards; they do not overlap.
  public void reduceScatter(
      MemorySegment all,
      MemorySegment mine,
      Element element,
      Reduction reduction,
      Deadline deadline) {
    whole.reduceScatter(all, mine, element, reduction, deadline);
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
    whole.broadcast(data, root, deadline);
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
    GroupCollectives.checkBlocks(size(), bytes, all);
    MemorySegment.copy(mine, 0, all, root * bytes, bytes);
    for (int from = 0; from < size(); from++) {
      if (from != root) {
        transport.receive(from, all, from * bytes, bytes, deadline);
      }
    }
  }

  /// Collects the members' blocks, all of the same size, in member order at every member. Mine is
  /// apart from all, or is this member's block of it. Modified: all.
  public void allGather(MemorySegment mine, MemorySegment all, Deadline deadline) {
    whole.allGather(mine, all, deadline);
  }

  /// Returns when every member has called it.
  public void barrier(Deadline deadline) {
    whole.barrier(deadline);
  }

  /// Collectives of those members that give the same color, ordered by key and then by index; all
  /// members call this together. They use the connections of this group, which stays usable: on no
  /// member may operations of both run at the same time, and those of a pair come in the same order
  /// on both. Closing them leaves this group's connections open; close them first.
  public Collectives split(int color, int key, HostMemory parent, Deadline deadline) {
    List<Integer> indices;
    try (HostMemory scratch = memory.child("split")) {
      Ints mine = scratch.ints(2);
      Ints all = scratch.ints(2L * size());
      mine.set(0, color);
      mine.set(1, key);
      allGather(mine.segment(), all.segment(), deadline);
      indices =
          IntStream.range(0, size())
              .filter(i -> all.get(2L * i) == color)
              .boxed()
              .sorted(Comparator.comparing(i -> all.get(2L * i + 1)))
              .toList();
    }
    String name = transport.group().name() + "/" + color;
    boolean any = allReduce.name().equals(TransportAllReduce.NAME);
    return over(
        SubTransport.of(transport, name, indices), any ? "auto" : allReduce.name(), parent, dense);
  }

  /// Frees the scratch and closes the transport.
  @Override
  public void close() {
    transport.close();
    memory.close();
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
