package org.strait.engine.transport.shared;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.List;
import org.strait.engine.rendezvous.Store;
import org.strait.engine.topology.Group;
import org.strait.engine.transport.Deadline;
import org.strait.engine.transport.SharedVectors;
import org.strait.kernels.DenseOps;
import org.strait.memory.Floats;

/// Sums in shared memory: member r reads slice r of everybody's vector once, adds in registers, and
/// stores the sum to everybody's vector. Two barriers, no copies. A vector that lies elsewhere is
/// carried through a stage in pieces that stay in the caches.
final class SharedGroup implements SharedVectors {
  /// Bytes of one member's stage.
  static final long STAGE_BYTES = 512 << 10;

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
  private final SharedFile file;
  private final Arena arena;
  private final Store store;
  private final long timeoutNanos;
  private final Floats[] stage;
  private final MemorySegment[] stageBytes;
  private final List<Shared> vectors = new ArrayList<>();

  SharedGroup(
      Group group,
      Roll roll,
      MemorySegment stage,
      SharedFile file,
      Arena arena,
      Store store,
      long timeoutNanos) {
    this.group = group;
    this.roll = roll;
    this.file = file;
    this.arena = arena;
    this.store = store;
    this.timeoutNanos = timeoutNanos;
    this.stage = parts(stage, STAGE_BYTES, STAGE_BYTES / Floats.BYTES);
    this.stageBytes = new MemorySegment[group.size()];
    for (int i = 0; i < stageBytes.length; i++) {
      stageBytes[i] = this.stage[i].segment();
    }
  }

  @Override
  public Floats floats(long n) {
    long bytes = Math.ceilDiv(Math.max(1, n) * Floats.BYTES, PAGE_BYTES) * PAGE_BYTES;
    long number = vectors.size() + 1L;
    SharedFile made =
        new Meeting(group, store, "group/" + group.name() + "/shared/" + number, timeoutNanos)
            .meet(group.size() * bytes, arena);
    MemorySegment all = made.memory().asSlice(Meeting.HEADER_BYTES, group.size() * bytes);
    Shared shared = new Shared(parts(all, bytes, n), made, number);
    vectors.add(shared);
    return shared.ofMember[group.me()];
  }

  private Floats[] parts(MemorySegment all, long bytes, long floats) {
    Floats[] parts = new Floats[group.size()];
    for (int i = 0; i < parts.length; i++) {
      parts[i] = Floats.over(all.asSlice(i * bytes, floats * Floats.BYTES));
    }
    return parts;
  }

  @Override
  public void sum(Floats vector, DenseOps dense, Deadline deadline) {
    for (int i = 0; i < vectors.size(); i++) {
      Shared shared = vectors.get(i);
      Floats mine = shared.ofMember[group.me()];
      long offset = (vector.address() - mine.address()) / Floats.BYTES;
      if (vector.address() >= mine.address() && offset + vector.length() <= mine.length()) {
        sumInPlace(shared, offset, vector.length(), dense, deadline);
        return;
      }
    }
    sumStaged(vector, dense, deadline);
  }

  private void sumInPlace(
      Shared shared, long offset, long length, DenseOps dense, Deadline deadline) {
    roll.barrier(shared.number << 48 | offset, length, deadline);
    dense.sumAll(shared.ofMember, offset + from(length), offset + to(length));
    roll.barrier(deadline);
  }

  private void sumStaged(Floats vector, DenseOps dense, Deadline deadline) {
    Floats mine = stage[group.me()];
    long length = vector.length();
    long at = 0;
    do {
      long count = Math.min(mine.length(), length - at);
      MemorySegment.copy(
          vector.segment(), at * Floats.BYTES, mine.segment(), 0, count * Floats.BYTES);
      roll.barrier(-1 - at, length, deadline);
      dense.sumAll(stage, from(count), to(count));
      roll.barrier(deadline);
      MemorySegment.copy(
          mine.segment(), 0, vector.segment(), at * Floats.BYTES, count * Floats.BYTES);
      at += count;
    } while (at < length);
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

  @Override
  public void allReduce(
      MemorySegment data, Element element, Reduction reduction, Deadline deadline) {
    long bytes = data.byteSize();
    for (long at = 0; at < bytes; at += STAGE_BYTES) {
      long count = Math.min(STAGE_BYTES, bytes - at);
      MemorySegment.copy(data, at, stageBytes[group.me()], 0, count);
      roll.barrier(-1 - at, bytes, deadline);
      Reduce.into(data, at, stageBytes, element, reduction, 0, count);
      roll.barrier(deadline);
    }
  }

  @Override
  public void reduceScatter(
      MemorySegment all,
      MemorySegment mine,
      Element element,
      Reduction reduction,
      Deadline deadline) {
    long bytes = mine.byteSize();
    checkBlocks(bytes, all);
    for (int block = 0; block < group.size(); block++) {
      for (long at = 0; at < bytes; at += STAGE_BYTES) {
        long count = Math.min(STAGE_BYTES, bytes - at);
        MemorySegment.copy(all, block * bytes + at, stageBytes[group.me()], 0, count);
        roll.barrier(-1 - at, bytes, deadline);
        if (block == group.me()) {
          Reduce.into(mine, at, stageBytes, element, reduction, 0, count);
        }
        roll.barrier(deadline);
      }
    }
  }

  @Override
  public void allGather(MemorySegment mine, MemorySegment all, Deadline deadline) {
    long bytes = mine.byteSize();
    checkBlocks(bytes, all);
    for (long at = 0; at < bytes; at += STAGE_BYTES) {
      long count = Math.min(STAGE_BYTES, bytes - at);
      MemorySegment.copy(mine, at, stageBytes[group.me()], 0, count);
      roll.barrier(-1 - at, bytes, deadline);
      for (int i = 0; i < group.size(); i++) {
        MemorySegment.copy(stageBytes[i], 0, all, i * bytes + at, count);
      }
      roll.barrier(deadline);
    }
  }

  @Override
  public void broadcast(MemorySegment data, int root, Deadline deadline) {
    long bytes = data.byteSize();
    for (long at = 0; at < bytes; at += STAGE_BYTES) {
      long count = Math.min(STAGE_BYTES, bytes - at);
      if (group.me() == root) {
        MemorySegment.copy(data, at, stageBytes[root], 0, count);
      }
      roll.barrier(-1 - at, bytes, deadline);
      if (group.me() != root) {
        MemorySegment.copy(stageBytes[root], 0, data, at, count);
      }
      roll.barrier(deadline);
    }
  }

  private void checkBlocks(long bytes, MemorySegment all) {
    if (all.byteSize() != bytes * group.size()) {
      throw new IllegalArgumentException(
          group.size() + " blocks of " + bytes + " bytes do not fill " + all.byteSize() + " bytes");
    }
  }

  @Override
  public void barrier(Deadline deadline) {
    roll.barrier(deadline);
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
