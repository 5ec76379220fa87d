package org.strait.engine.collective;

import java.lang.foreign.MemorySegment;
import java.util.List;
import java.util.stream.IntStream;
import org.strait.engine.topology.Member;
import org.strait.engine.transport.Deadline;
import org.strait.engine.transport.Fold;
import org.strait.engine.transport.GroupCollectives;
import org.strait.engine.transport.Hosted;
import org.strait.engine.transport.Hosts;
import org.strait.engine.transport.SharedVectors;
import org.strait.engine.transport.SubTransport;
import org.strait.engine.transport.Transport;
import org.strait.kernels.DenseOps;
import org.strait.memory.Floats;
import org.strait.memory.HostMemory;

/// Collectives in two levels: members of one host share memory, hosts send each other what their
/// members have in common, once. Leader l of a host: its l-th member, who reduces the l-th part of
/// the vector with the l-th leaders of the other hosts. Hosts may have different numbers of
/// members. Sums are added host by host, inside a host in member order.
final class HostCollectives implements SharedVectors {
  static final String NAME = "hierarchical";

  /// Vectors below this many bytes have one leader per host: parts of them would be messages too
  /// short to be worth another barrier.
  static final long LEADERS_FROM_BYTES = 256 << 10;

  /// Vectors below this many bytes are reduced as if every member had a host of its own, unless two
  /// levels are asked for. Measured with four processes, two on each of two hosts that shared two
  /// cores (docs/benchmarks.md): two levels lose at 256 KiB and win at 1 MiB.
  static final long FLAT_BELOW_BYTES = 512 << 10;

  /// Most leaders per host. Two did as well as one where hosts shared two cores; more were not
  /// measured.
  private static final int MOST_LEADERS = 4;

  private static final long LINE_BYTES = 64;

  private final Transport between;
  private final Hosts hosts;
  private final int host;
  private final int local;
  private final int[] hostOf;
  private final int[] localOf;
  private final SharedVectors near;
  private final FlatCollectives flat;
  private final long flatBelowBytes;
  private final GroupCollectives across;
  private final int leaders;
  private final HostMemory memory;
  private final Parts parts;
  private final Parts blocks;
  private final Folds folds;
  private final MemorySegment scratch;
  private Deadline known;
  private Deadline patient;

  /// @param between connects all members
  /// @param leaders per host at most; 0 for as many as the smallest host has, within reason
  /// @param flatBelowBytes shorter vectors are reduced without regard to hosts
  /// @param memory gives scratch, freed with it
  HostCollectives(
      Transport between,
      Hosted hosted,
      int leaders,
      long flatBelowBytes,
      HostMemory memory,
      DenseOps dense,
      long segmentBytes) {
    this.between = between;
    hosts = hosted.hosts();
    int me = between.group().me();
    host = hosts.of().get(me);
    hostOf = hosts.of().stream().mapToInt(Integer::intValue).toArray();
    localOf =
        IntStream.range(0, hostOf.length).map(i -> hosts.members(hostOf[i]).indexOf(i)).toArray();
    local = localOf[me];
    near =
        hosted.near() == null
            ? null
            : (SharedVectors) hosted.near().groupCollectives().orElseThrow();
    this.leaders = Math.min(leaders == 0 ? MOST_LEADERS : leaders, hosts.fewest());
    this.memory = memory;
    this.flatBelowBytes = hosts.count() == 1 ? 0 : flatBelowBytes;
    flat = new FlatCollectives(between, "auto", memory, dense, segmentBytes);
    across =
        local >= this.leaders || hosts.count() == 1
            ? null
            : new FlatCollectives(
                SubTransport.of(between, between.group().name() + "/leaders" + local, peers()),
                "auto",
                memory,
                dense,
                segmentBytes);
    parts = new Parts(this.leaders, LINE_BYTES);
    blocks = new Parts(hostOf.length, 1);
    folds = new Folds(dense);
    scratch = memory.bytes(segmentBytes).segment();
  }

  /// The members with this one's number on their hosts, in host order.
  private List<Integer> peers() {
    return IntStream.range(0, hosts.count())
        .mapToObj(other -> hosts.members(other).get(local))
        .toList();
  }

  /// What is done, in words.
  String choice() {
    String shorter =
        flatBelowBytes == 0
            ? ""
            : "below " + (flatBelowBytes >> 10) + " KiB " + flat.choice() + "; else ";
    return shorter
        + "shared memory inside "
        + hosts.count()
        + " hosts, "
        + leaders
        + (leaders == 1 ? " leader" : " leaders")
        + " of each between them";
  }

  @Override
  public void accuse(Member culprit) {
    if (near != null) {
      near.accuse(culprit);
    }
  }

  /// For what a host's members wait for while their leaders may wait for another host's: these must
  /// give up first, since they know on whom.
  private Deadline patient(Deadline deadline) {
    if (!deadline.equals(known)) {
      known = deadline;
      patient = new Deadline(deadline.phase(), deadline.idleNanos() + deadline.idleNanos() / 2);
    }
    return patient;
  }

  @Override
  public Floats floats(long n) {
    return near == null ? memory.floats(n) : near.floats(n);
  }

  @Override
  public void sum(Floats vector, DenseOps dense, Deadline deadline) {
    if (vector.length() * Floats.BYTES < flatBelowBytes) {
      flat.allReduce(vector.segment(), Element.FLOAT32, Reduction.SUM, deadline);
      return;
    }
    if (near != null) {
      near.sum(vector, dense, deadline);
    }
    betweenHosts(vector.segment(), Element.FLOAT32, Reduction.SUM, deadline);
  }

  @Override
  public void allReduce(
      MemorySegment data, Element element, Reduction reduction, Deadline deadline) {
    if (data.byteSize() < flatBelowBytes) {
      flat.allReduce(data, element, reduction, deadline);
      return;
    }
    if (near != null) {
      near.allReduce(data, element, reduction, deadline);
    }
    betweenHosts(data, element, reduction, deadline);
  }

  /// Reduces what the members of each host already have in common.
  private void betweenHosts(
      MemorySegment data, Element element, Reduction reduction, Deadline deadline) {
    if (hosts.count() == 1) {
      return;
    }
    if (data.byteSize() < LEADERS_FROM_BYTES || leaders == 1) {
      if (local == 0) {
        across.allReduce(data, element, reduction, deadline);
      }
      share(data, 0, deadline);
      return;
    }
    MemorySegment[] all = parts.of(data);
    if (local < leaders) {
      across.allReduce(all[local], element, reduction, deadline);
    }
    for (int leader = 0; leader < leaders; leader++) {
      share(all[leader], leader, deadline);
    }
  }

  private void share(MemorySegment data, int leader, Deadline deadline) {
    if (near != null) {
      near.broadcast(data, leader, patient(deadline));
    }
  }

  /// Hosts reduce all blocks inside; leaders exchange those of each other's members; hosts share
  /// what theirs have become.
  @Override
  public void reduceScatter(
      MemorySegment all,
      MemorySegment mine,
      Element element,
      Reduction reduction,
      Deadline deadline) {
    long bytes = mine.byteSize();
    if (isFlat(all)) {
      flat.reduceScatter(all, mine, element, reduction, deadline);
      return;
    }
    GroupCollectives.checkBlocks(hostOf.length, bytes, all);
    if (near != null) {
      near.allReduce(all, element, reduction, deadline);
    }
    if (local < leaders) {
      Fold fold = folds.of(element, reduction);
      for (int i = 0; i < hostOf.length; i++) {
        if (hostOf[i] != host && isLed(i)) {
          between.post(peerOn(hostOf[i]), all, i * bytes, bytes);
        }
      }
      for (int i = 0; i < hostOf.length; i++) {
        for (int from = 0; hostOf[i] == host && isLed(i) && from < hosts.count(); from++) {
          if (from != host) {
            receive(peerOn(from), all, i * bytes, bytes, fold, deadline);
          }
        }
      }
      between.flush(deadline);
    }
    shareBlocks(all, true, leaders, patient(deadline));
    MemorySegment.copy(all, between.group().me() * bytes, mine, 0, bytes);
  }

  private void receive(
      int from, MemorySegment into, long at, long bytes, Fold fold, Deadline deadline) {
    for (long done = 0; done < bytes; done += scratch.byteSize()) {
      long count = Math.min(scratch.byteSize(), bytes - done);
      between.receive(from, scratch, 0, count, deadline);
      fold.fold(scratch, 0, into, at + done, count);
    }
  }

  /// Hosts share their members' blocks; leaders exchange them, each those of some members; hosts
  /// share what came.
  @Override
  public void allGather(MemorySegment mine, MemorySegment all, Deadline deadline) {
    if (isFlat(all)) {
      flat.allGather(mine, all, deadline);
      return;
    }
    long bytes = mine.byteSize();
    GroupCollectives.checkBlocks(hostOf.length, bytes, all);
    MemorySegment.copy(mine, 0, all, between.group().me() * bytes, bytes);
    shareBlocks(all, true, hostOf.length, deadline);
    if (local < leaders) {
      for (int to = 0; to < hosts.count(); to++) {
        for (int i = 0; to != host && i < hostOf.length; i++) {
          if (hostOf[i] == host && isLed(i)) {
            between.post(peerOn(to), all, i * bytes, bytes);
          }
        }
      }
      for (int i = 0; i < hostOf.length; i++) {
        if (hostOf[i] != host && isLed(i)) {
          between.receive(peerOn(hostOf[i]), all, i * bytes, bytes, deadline);
        }
      }
      between.flush(deadline);
    }
    shareBlocks(all, false, leaders, patient(deadline));
  }

  private boolean isFlat(MemorySegment all) {
    return hosts.count() == 1 || all.byteSize() < Math.max(1, flatBelowBytes);
  }

  /// Whether a member's block is the business of the leaders with this one's number.
  private boolean isLed(int member) {
    return localOf[member] % leaders == local;
  }

  /// The leader with this one's number on another host.
  private int peerOn(int other) {
    return hosts.members(other).get(local);
  }

  /// Gives everybody on this host the blocks that its leaders have, or its members.
  ///
  /// @param own whether those of its own members; else those of all others
  /// @param holders how many members of a host have blocks to share
  private void shareBlocks(MemorySegment all, boolean own, int holders, Deadline deadline) {
    if (near == null) {
      return;
    }
    MemorySegment[] cut = blocks.of(all);
    for (int i = 0; i < cut.length; i++) {
      if ((hostOf[i] == host) == own) {
        near.broadcast(cut[i], localOf[i] % holders, deadline);
      }
    }
  }

  /// The root's host shares the data, its first leader tells those of the other hosts, and these
  /// share it.
  @Override
  public void broadcast(MemorySegment data, int root, Deadline deadline) {
    int rootHost = hostOf[root];
    if (host == rootHost) {
      share(data, localOf[root], deadline);
    }
    if (local == 0 && hosts.count() > 1) {
      across.broadcast(data, rootHost, deadline);
    }
    if (host != rootHost) {
      share(data, 0, deadline);
    }
  }

  @Override
  public void barrier(Deadline deadline) {
    if (near != null) {
      near.barrier(deadline);
    }
    if (local == 0 && hosts.count() > 1) {
      across.barrier(deadline);
    }
    if (near != null && hosts.count() > 1) {
      near.barrier(patient(deadline));
    }
  }
}
