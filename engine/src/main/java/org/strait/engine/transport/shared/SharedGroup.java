package org.strait.engine.transport.shared;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.strait.engine.rendezvous.Store;
import org.strait.engine.topology.Group;
import org.strait.engine.topology.Member;
import org.strait.engine.transport.Deadline;
import org.strait.engine.transport.Fold;
import org.strait.engine.transport.GroupCollectives;
import org.strait.engine.transport.SharedVectors;
import org.strait.kernels.DenseOps;
import org.strait.memory.Floats;

/// Sums in shared memory. Long vectors that all members see: member r reads slice r of everybody's
/// vector once, adds in registers, and stores the sum to everybody's vector; two barriers, no
/// copies. Short ones, and any that lie elsewhere: pieces are copied to a stage, and after one
/// barrier everybody adds what all have brought.
final class SharedGroup implements SharedVectors {
  /// Shared vectors below this many bytes go over the stage: a barrier less, a copy more. Measured
  /// with ProcessTiming (test tree), 2 and 4 ranks on 2 cores.
  static final long STAGE_BELOW_BYTES = 4 << 10;

  /// At most this many members add all of a short vector on the stage, each for itself; more add
  /// slices: another barrier and two passes instead of n passes.
  private static final int MOST_ADD_ALL = 4;

  /// A vector is short below this many bytes per member. Slices do better on longer ones although
  /// they copy more: a cache line that a core has read and not written is slow to write for the
  /// core it came from, and whoever adds a slice writes it. Measured with ProcessTiming.
  private static final long ADD_ALL_BELOW_BYTES = 8 << 10;

  private static final long SLICE_FLOATS = 16;
  private static final long PAGE_BYTES = 4096;

  /// The vectors that one call of {@link #floats} gave to all members.
  private static final class Shared {
    final Floats[] ofMember;
    final SharedFile file;
    final long number;

    Shared(Floats[] ofMember, SharedFile file, long number) {
      this.ofMember = ofMember;
      this.file = file;
      this.number = number;
    }
  }

  private final Group group;
  private final Roll roll;
  private final Stage stage;
  private final SharedFile file;
  private final Arena arena;
  private final Store store;
  private final long timeoutNanos;
  private final List<Shared> vectors = new ArrayList<>();

  SharedGroup(
      Group group,
      Roll roll,
      Stage stage,
      SharedFile file,
      Arena arena,
      Store store,
      long timeoutNanos) {
    this.group = group;
    this.roll = roll;
    this.stage = stage;
    this.file = file;
    this.arena = arena;
    this.store = store;
    this.timeoutNanos = timeoutNanos;
  }

  @Override
  public Floats floats(long n) {
    long bytes = Math.ceilDiv(Math.max(1, n) * Floats.BYTES, PAGE_BYTES) * PAGE_BYTES;
    long number = vectors.size() + 1L;
    SharedFile made =
        new Meeting(group, store, "group/" + group.name() + "/shared/" + number, timeoutNanos)
            .meet(group.size() * bytes, arena);
    MemorySegment all = made.memory().asSlice(Meeting.HEADER_BYTES, group.size() * bytes);
    Floats[] ofMember = new Floats[group.size()];
    for (int i = 0; i < ofMember.length; i++) {
      ofMember[i] = Floats.over(all.asSlice(i * bytes, n * Floats.BYTES));
    }
    vectors.add(new Shared(ofMember, made, number));
    return ofMember[group.me()];
  }

  /// The shared vectors of which this address is in this member's one, or null.
  private Shared holder(long address, long bytes) {
    for (int i = 0; i < vectors.size(); i++) {
      Shared shared = vectors.get(i);
      Floats mine = shared.ofMember[group.me()];
      long offset = address - mine.address();
      if (offset >= 0 && offset + bytes <= mine.length() * Floats.BYTES) {
        return shared;
      }
    }
    return null;
  }

  @Override
  public void sum(Floats vector, DenseOps dense, Deadline deadline) {
    long length = vector.length();
    Shared shared =
        length * Floats.BYTES < STAGE_BELOW_BYTES
            ? null
            : holder(vector.address(), length * Floats.BYTES);
    if (shared != null) {
      long offset = (vector.address() - shared.ofMember[group.me()].address()) / Floats.BYTES;
      roll.barrier(shared.number << 48 | offset, length, deadline);
      dense.sumAll(shared.ofMember, offset + from(length), offset + to(length));
      roll.barrier(deadline);
    } else if (group.size() <= MOST_ADD_ALL
        && length * Floats.BYTES < group.size() * ADD_ALL_BELOW_BYTES) {
      addAll(vector, dense, deadline);
    } else {
      addSlices(vector, dense, deadline);
    }
  }

  private void addAll(Floats vector, DenseOps dense, Deadline deadline) {
    long length = vector.length();
    for (long at = 0; at < length; ) {
      long count = Math.min(Stage.HALF_BYTES / Floats.BYTES, length - at);
      bring(vector.segment(), at * Floats.BYTES, count * Floats.BYTES, length, deadline);
      dense.sumInto(stage.allFloats(), 0, vector, at, count);
      at += count;
    }
  }

  private void addSlices(Floats vector, DenseOps dense, Deadline deadline) {
    long length = vector.length();
    for (long at = 0; at < length; ) {
      long count = Math.min(Stage.HALF_BYTES / Floats.BYTES, length - at);
      long bytes = count * Floats.BYTES;
      bring(vector.segment(), at * Floats.BYTES, bytes, length, deadline);
      dense.sumAll(stage.allFloats(), from(count), to(count));
      roll.barrier(deadline);
      MemorySegment mine = stage.all()[group.me()];
      MemorySegment.copy(mine, 0, vector.segment(), at * Floats.BYTES, bytes);
      at += count;
    }
  }

  /// Where this member's slice of so many floats begins: whole cache lines where possible.
  private long from(long length) {
    return bound(length, group.me());
  }

  private long to(long length) {
    return bound(length, group.me() + 1);
  }

  private long bound(long length, int member) {
    long lines = Math.ceilDiv(length, SLICE_FLOATS);
    return Math.min(length, lines * member / group.size() * SLICE_FLOATS);
  }

  /// Copies some bytes to the stage and waits until all have done so.
  private void bring(MemorySegment data, long at, long bytes, long of, Deadline deadline) {
    MemorySegment.copy(data, at, stage.next(), 0, bytes);
    roll.barrier(-1 - at, of, deadline);
  }

  @Override
  public void allReduce(
      MemorySegment data, Element element, Reduction reduction, Deadline deadline) {
    long bytes = element.count(data.byteSize()) * element.bytes();
    for (long at = 0; at < bytes; at += Stage.HALF_BYTES) {
      long count = Math.min(Stage.HALF_BYTES, bytes - at);
      bring(data, at, count, bytes, deadline);
      reduce(data, at, element, reduction, 0, count);
    }
  }

  /// Combines bytes [from, to) of what all have brought, in member order, into the target.
  private void reduce(
      MemorySegment target, long at, Element element, Reduction reduction, long from, long to) {
    Fold fold = Fold.plain(element, reduction);
    MemorySegment[] brought = stage.all();
    MemorySegment.copy(brought[0], from, target, at, to - from);
    for (int member = 1; member < brought.length; member++) {
      fold.fold(brought[member], from, target, at, to - from);
    }
  }

  @Override
  public void reduceScatter(
      MemorySegment all,
      MemorySegment mine,
      Element element,
      Reduction reduction,
      Deadline deadline) {
    long bytes = element.count(mine.byteSize()) * element.bytes();
    int n = group.size();
    GroupCollectives.checkBlocks(n, bytes, all);
    long most = Stage.HALF_BYTES / n / Long.BYTES * Long.BYTES;
    for (long at = 0; at < bytes; at += most) {
      long count = Math.min(most, bytes - at);
      MemorySegment half = stage.next();
      for (int block = 0; block < n; block++) {
        MemorySegment.copy(all, block * bytes + at, half, block * most, count);
      }
      roll.barrier(-1 - at, bytes, deadline);
      long from = group.me() * most;
      reduce(mine, at, element, reduction, from, from + count);
    }
  }

  @Override
  public void allGather(MemorySegment mine, MemorySegment all, Deadline deadline) {
    long bytes = mine.byteSize();
    GroupCollectives.checkBlocks(group.size(), bytes, all);
    for (long at = 0; at < bytes; at += Stage.HALF_BYTES) {
      long count = Math.min(Stage.HALF_BYTES, bytes - at);
      bring(mine, at, count, bytes, deadline);
      MemorySegment[] brought = stage.all();
      for (int i = 0; i < brought.length; i++) {
        MemorySegment.copy(brought[i], 0, all, i * bytes + at, count);
      }
    }
  }

  @Override
  public void broadcast(MemorySegment data, int root, Deadline deadline) {
    Objects.checkIndex(root, group.size());
    long bytes = data.byteSize();
    Shared shared = bytes < STAGE_BELOW_BYTES ? null : holder(data.address(), bytes);
    if (shared != null) {
      Floats[] ofMember = shared.ofMember;
      long offset = data.address() - ofMember[group.me()].address();
      roll.barrier(shared.number << 48 | offset, bytes, deadline);
      if (group.me() != root) {
        MemorySegment.copy(ofMember[root].segment(), offset, data, 0, bytes);
      }
      roll.barrier(deadline);
      return;
    }
    for (long at = 0; at < bytes; at += Stage.HALF_BYTES) {
      long count = Math.min(Stage.HALF_BYTES, bytes - at);
      MemorySegment half = stage.next();
      if (group.me() == root) {
        MemorySegment.copy(data, at, half, 0, count);
      }
      roll.barrier(-1 - at, bytes, deadline);
      if (group.me() != root) {
        MemorySegment.copy(stage.all()[root], 0, data, at, count);
      }
    }
  }

  @Override
  public void barrier(Deadline deadline) {
    roll.barrier(deadline);
  }

  @Override
  public void accuse(Member culprit) {
    roll.accuse(culprit);
  }

  /// Leaves the others and gives the memory back.
  void close() {
    roll.leave();
    for (Shared shared : vectors) {
      shared.file.close();
    }
    file.close();
    arena.close();
  }
}
