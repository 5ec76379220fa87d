package org.strait.engine.transport.mpi;

import static java.lang.foreign.ValueLayout.ADDRESS;
import static java.lang.foreign.ValueLayout.JAVA_INT;
import static org.strait.engine.transport.mpi.MpiLibrary.HANDLE;

import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.invoke.MethodHandle;
import java.util.Objects;
import java.util.function.LongSupplier;
import org.strait.engine.transport.Deadline;
import org.strait.engine.transport.GroupCollectives;
import org.strait.engine.transport.PeerLostException;
import org.strait.engine.transport.Pipes;

/// MPI's collectives, in place on the caller's memory. Each operation is a barrier that can be
/// given up (MPI_Ibarrier), then the blocking call. So waiting for a late member has its deadline,
/// and only while bytes move does a death leave the others inside MPI, where nothing but the end of
/// the process gets them out; mpirun and srun see to that. MPI_Iallreduce could be given up all the
/// time, but leaves the vector in MPI's hands, and takes Open MPI twice the time at 64 MiB; the
/// barrier costs 0.4 to 0.7 µs.
///
/// MPI requires that all members get identical results of a reduction; that holds here for all
/// numbers but NaNs, whose payload may differ. Which order of additions it takes depends on
/// library, sizes and placement.
final class MpiCollectives implements GroupCollectives {
  /// Longest piece, in elements: MPI counts in 32 bits.
  static final long PIECE = 1 << 30;

  private static final int TRIES_BEFORE_PAUSING = 400;
  private static final long ROLL_CALL_NANOS = 1_000_000_000L;

  private final MpiGroup group;
  private final MpiMessages messages;
  private final MpiLibrary library;
  private final LongSupplier nanoTime;
  private final long piece;
  private final MpiMessages.Operation meeting = new MpiMessages.Operation(Arena.ofAuto(), 0);
  private final MemorySegment inPlace;
  private final long communicator;
  private final long byteType;
  private final long float32;
  private final long float64;
  private final long int32;
  private final long sum;
  private final long max;
  private final MethodHandle allreduce;
  private final MethodHandle reduceScatterBlock;
  private final MethodHandle allgather;
  private final MethodHandle bcast;
  private int lost = Pipes.NOBODY;
  private String why;

  /// @param nanoTime clock for deadlines, in nanoseconds
  /// @param piece most elements per call of MPI
  MpiCollectives(MpiGroup group, LongSupplier nanoTime, long piece) {
    this.group = group;
    this.messages = group.messages();
    this.library = group.library();
    this.nanoTime = nanoTime;
    this.piece = piece;
    inPlace = library.kind().inPlace();
    communicator = group.communicator();
    byteType = library.handle(MpiHandle.BYTE);
    float32 = library.handle(MpiHandle.FLOAT32);
    float64 = library.handle(MpiHandle.FLOAT64);
    int32 = library.handle(MpiHandle.INT32);
    sum = library.handle(MpiHandle.SUM);
    max = library.handle(MpiHandle.MAX);
    allreduce = library.bind("MPI_Allreduce", ADDRESS, ADDRESS, JAVA_INT, HANDLE, HANDLE, HANDLE);
    reduceScatterBlock =
        library.bind(
            "MPI_Reduce_scatter_block", ADDRESS, ADDRESS, JAVA_INT, HANDLE, HANDLE, HANDLE);
    allgather =
        library.bind("MPI_Allgather", ADDRESS, JAVA_INT, HANDLE, ADDRESS, JAVA_INT, HANDLE, HANDLE);
    bcast = library.bind("MPI_Bcast", ADDRESS, JAVA_INT, HANDLE, JAVA_INT, HANDLE);
  }

  private long type(Element element) {
    return switch (element) {
      case FLOAT32 -> float32;
      case FLOAT64 -> float64;
      case INT32 -> int32;
    };
  }

  private long operation(Reduction reduction) {
    return switch (reduction) {
      case SUM -> sum;
      case MAX -> max;
    };
  }

  @Override
  public void allReduce(
      MemorySegment data, Element element, Reduction reduction, Deadline deadline) {
    long count = element.count(data.byteSize());
    meet(deadline);
    for (long at = 0; at < count; at += piece) {
      long n = Math.min(piece, count - at);
      MemorySegment part =
          n == count ? data : data.asSlice(at * element.bytes(), n * element.bytes());
      try {
        int rc =
            (int)
                allreduce.invokeExact(
                    inPlace, part, (int) n, type(element), operation(reduction), communicator);
        library.check(rc, "MPI_Allreduce");
      } catch (Throwable e) {
        throw failed(e, deadline);
      }
    }
  }

  @Override
  public void reduceScatter(
      MemorySegment all,
      MemorySegment mine,
      Element element,
      Reduction reduction,
      Deadline deadline) {
    long count = element.count(mine.byteSize());
    GroupCollectives.checkBlocks(group.group().size(), mine.byteSize(), all);
    if (count > piece) {
      // Blocks that are cut do not lie side by side.
      allReduce(all, element, reduction, deadline);
      long bytes = mine.byteSize();
      MemorySegment.copy(all, group.group().me() * bytes, mine, 0, bytes);
      return;
    }
    meet(deadline);
    try {
      int rc =
          (int)
              reduceScatterBlock.invokeExact(
                  all, mine, (int) count, type(element), operation(reduction), communicator);
      library.check(rc, "MPI_Reduce_scatter_block");
    } catch (Throwable e) {
      throw failed(e, deadline);
    }
  }

  @Override
  public void allGather(MemorySegment mine, MemorySegment all, Deadline deadline) {
    GroupCollectives.checkBlocks(group.group().size(), mine.byteSize(), all);
    long bytes = mine.byteSize();
    long offset = group.group().me() * bytes;
    boolean isPlaced = mine.address() == all.address() + offset;
    if (bytes > piece) {
      if (!isPlaced) {
        MemorySegment.copy(mine, 0, all, offset, bytes);
      }
      for (int root = 0; root < group.group().size(); root++) {
        broadcast(all.asSlice(root * bytes, bytes), root, deadline);
      }
      return;
    }
    meet(deadline);
    MemorySegment from = isPlaced ? inPlace : mine;
    try {
      int n = (int) bytes;
      int rc = (int) allgather.invokeExact(from, n, byteType, all, n, byteType, communicator);
      library.check(rc, "MPI_Allgather");
    } catch (Throwable e) {
      throw failed(e, deadline);
    }
  }

  @Override
  public void broadcast(MemorySegment data, int root, Deadline deadline) {
    Objects.checkIndex(root, group.group().size());
    long bytes = data.byteSize();
    meet(deadline);
    for (long at = 0; at < bytes; at += piece) {
      long n = Math.min(piece, bytes - at);
      MemorySegment part = n == bytes ? data : data.asSlice(at, n);
      try {
        int rc = (int) bcast.invokeExact(part, (int) n, byteType, root, communicator);
        library.check(rc, "MPI_Bcast");
      } catch (Throwable e) {
        throw failed(e, deadline);
      }
    }
  }

  @Override
  public void barrier(Deadline deadline) {
    meet(deadline);
  }

  /// Returns when all members are here.
  private void meet(Deadline deadline) {
    if (group.isClosed()) {
      throw new IllegalStateException("transport of group " + group.group().name() + " is closed");
    }
    if (lost != Pipes.NOBODY) {
      throw lose(lost, deadline, 0, why);
    }
    long number = group.enterMeeting();
    try {
      messages.barrier(meeting);
      int tries = 0;
      long since = 0;
      while (!messages.done(meeting)) {
        if (tries++ < TRIES_BEFORE_PAUSING) {
          Thread.onSpinWait();
        } else if (since == 0) {
          since = nanoTime.getAsLong();
        } else {
          waitFor(deadline, number, nanoTime.getAsLong() - since);
        }
      }
    } catch (IOException e) {
      throw failed(e, deadline);
    }
  }

  private void waitFor(Deadline deadline, long number, long waitedNanos) throws IOException {
    group.poll();
    if (group.isClosed()) {
      throw lose(next(), deadline, waitedNanos, "transport closed by this rank");
    }
    if (Thread.currentThread().isInterrupted()) {
      throw lose(next(), deadline, waitedNanos, "interrupted");
    }
    int left = group.firstLeftBefore(number);
    if (left != Pipes.NOBODY) {
      throw lose(left, deadline, waitedNanos, "connection closed");
    }
    if (group.isAsked()) {
      group.announce();
    }
    if (waitedNanos > deadline.idleNanos()) {
      int absent = callRoll();
      throw absent == Pipes.NOBODY
          ? lose(next(), deadline, waitedNanos, "all are here, but MPI_Ibarrier does not end")
          : lose(absent, deadline, waitedNanos, "silent for longer than the deadline");
    }
    MpiGroup.pause(waitedNanos, deadline.idleNanos() - waitedNanos);
  }

  /// The first member that does not answer for a second, or NOBODY.
  private int callRoll() throws IOException {
    group.announce();
    long start = nanoTime.getAsLong();
    while (group.firstAbsent() != Pipes.NOBODY && nanoTime.getAsLong() - start < ROLL_CALL_NANOS) {
      group.poll();
      MpiGroup.pause(nanoTime.getAsLong() - start, ROLL_CALL_NANOS);
    }
    return group.firstAbsent();
  }

  private int next() {
    return (group.group().me() + 1) % group.group().size();
  }

  private PeerLostException lose(int member, Deadline deadline, long waitedNanos, String reason) {
    lost = member;
    why = reason;
    group.lost();
    return new PeerLostException(
        group.group().members().get(member), deadline.phase(), waitedNanos, reason);
  }

  // MPI reports an error without saying whose; a member that has closed is the likely one.
  private RuntimeException failed(Throwable e, Deadline deadline) {
    if (!(e instanceof IOException)) {
      return MpiLibrary.failure(e);
    }
    int left = group.firstLeftBefore(Long.MAX_VALUE);
    return lose(left == Pipes.NOBODY ? next() : left, deadline, 0, e.getMessage());
  }
}
