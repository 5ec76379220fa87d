package org.strait.engine.transport.mpi;

import static java.lang.foreign.ValueLayout.ADDRESS;
import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;
import static org.strait.engine.transport.mpi.MpiLibrary.HANDLE;

import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.security.SecureRandom;
import java.util.Optional;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import org.strait.engine.rendezvous.RendezvousException;

/// This process as a member of MPI's world. MPI can be initialised once in the life of a process,
/// and must be finalised by the thread that did it: a thread of its own, when the JVM ends. A
/// process that has lost a peer, or ends with groups open, is not finalised: that would wait for
/// peers that are gone, and so mpirun learns that the job has failed.
final class MpiProcess {
  private static final AtomicReference<MpiProcess> STARTED = new AtomicReference<>();
  private static final long FINALIZE_SECONDS = 10;
  private static final long LAST_WORDS_NANOS = 2_000_000_000L;

  private final String path;
  private final MpiLibrary library;
  private final CountDownLatch finish = new CountDownLatch(1);
  private final CountDownLatch finished = new CountDownLatch(1);
  private final AtomicInteger openGroups = new AtomicInteger();
  private final Queue<MpiGroup> closedGroups = new ConcurrentLinkedQueue<>();
  // Memory that MPI may still read or write. Never freed, and a reason not to finalise.
  private final Queue<Object> abandoned = new ConcurrentLinkedQueue<>();
  private volatile String failure;
  private int rank;
  private int size;
  private long worldId;

  private MpiProcess(String path, MpiLibrary library) {
    this.path = path;
    this.library = library;
  }

  /// Initialises MPI, or returns what did before.
  ///
  /// @param path of the library, or empty for the usual ones
  /// @throws IllegalArgumentException if there is no usable library, or another was used before
  /// @throws RendezvousException if MPI cannot be used; a second try says the same
  static MpiProcess start(String path, Optional<MpiEnvironment> environment, long timeoutNanos) {
    synchronized (STARTED) {
      MpiProcess process = STARTED.get();
      if (process == null) {
        JvmSignals signals = JvmSignals.keep();
        try {
          process = new MpiProcess(path, MpiLibrary.open(path, environment));
          signals.restore();
          STARTED.set(process);
          process.initialize(timeoutNanos);
        } finally {
          signals.restore();
        }
      }
      if (!path.isEmpty() && !path.equals(process.path)) {
        throw new IllegalArgumentException(
            "transport mpi: this process already uses " + process + ", not " + path);
      }
      if (process.failure != null) {
        throw new RendezvousException("transport mpi: " + process + ": " + process.failure);
      }
      return process;
    }
  }

  MpiLibrary library() {
    return library;
  }

  /// Number of this process among those that were started together.
  int rank() {
    return rank;
  }

  /// How many were started together.
  int size() {
    return size;
  }

  /// The same number in all processes that were started together, and hardly in others.
  long worldId() {
    return worldId;
  }

  /// Makes a communicator of some processes, which all call this with the same arguments. They are
  /// all there, so only a process that dies now can make this wait until the time is over.
  ///
  /// @param ranks numbers of the processes, in member order
  long communicator(int[] ranks, int tag, long timeoutNanos) throws IOException {
    FutureTask<Long> task = new FutureTask<>(() -> create(ranks, tag));
    Thread.ofPlatform().daemon().name("strait-mpi-group").start(task);
    return await(task, "MPI_Comm_create_group", timeoutNanos);
  }

  /// Counts a group that is in use.
  void opened() {
    openGroups.incrementAndGet();
  }

  /// Counts a group that is closed.
  ///
  /// @param stillInUse what MPI may still touch, or null
  void closed(MpiGroup group, Object stillInUse) {
    if (stillInUse != null) {
      abandoned.add(stillInUse);
    }
    closedGroups.add(group);
    openGroups.decrementAndGet();
  }

  private void initialize(long timeoutNanos) {
    FutureTask<String> task = new FutureTask<>(this::join);
    Thread.ofPlatform()
        .daemon()
        .name("strait-mpi")
        .start(
            () -> {
              task.run();
              awaitEnd();
            });
    try {
      failure = await(task, "MPI_Init_thread", timeoutNanos);
    } catch (IOException e) {
      failure = e.getMessage();
    }
  }

  /// Runs on the thread that MPI takes for its own; null, or why MPI cannot be used.
  private String join() throws IOException {
    MpiKind kind = library.kind();
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment out = arena.allocate(8, 8);
      check((int) library.bind("MPI_Initialized", ADDRESS).invokeExact(out), "MPI_Initialized");
      boolean others = out.get(JAVA_INT, 0) != 0;
      if (others) {
        int rc = (int) library.bind("MPI_Query_thread", ADDRESS).invokeExact(out);
        check(rc, "MPI_Query_thread");
      } else {
        int rc =
            (int)
                library
                    .bind("MPI_Init_thread", ADDRESS, ADDRESS, JAVA_INT, ADDRESS)
                    .invokeExact(
                        MemorySegment.NULL, MemorySegment.NULL, kind.threadMultiple(), out);
        check(rc, "MPI_Init_thread");
        Runtime.getRuntime().addShutdownHook(new Thread(this::end, "strait-mpi-end"));
      }
      int level = out.get(JAVA_INT, 0);
      if (level < kind.threadMultiple()) {
        return "its thread level is "
            + level
            + ", but several threads of a rank send and receive: MPI_THREAD_MULTIPLE ("
            + kind.threadMultiple()
            + ") is needed"
            + (others ? "; initialise MPI with it, or leave that to Strait" : "");
      }
      long world = library.handle(MpiHandle.COMM_WORLD);
      returnErrors(world);
      int rc = (int) library.bind("MPI_Comm_rank", HANDLE, ADDRESS).invokeExact(world, out);
      check(rc, "MPI_Comm_rank");
      rank = out.get(JAVA_INT, 0);
      rc = (int) library.bind("MPI_Comm_size", HANDLE, ADDRESS).invokeExact(world, out);
      check(rc, "MPI_Comm_size");
      size = out.get(JAVA_INT, 0);
      out.set(JAVA_LONG, 0, new SecureRandom().nextLong());
      rc =
          (int)
              library
                  .bind("MPI_Bcast", ADDRESS, JAVA_INT, HANDLE, JAVA_INT, HANDLE)
                  .invokeExact(out, 8, library.handle(MpiHandle.BYTE), 0, world);
      check(rc, "MPI_Bcast");
      worldId = out.get(JAVA_LONG, 0);
      return null;
    } catch (IOException e) {
      throw e;
    } catch (Throwable e) {
      throw MpiLibrary.failure(e);
    }
  }

  // MPI's default is to end the process.
  private void returnErrors(long communicator) throws Throwable {
    int rc =
        (int)
            library
                .bind("MPI_Comm_set_errhandler", HANDLE, HANDLE)
                .invokeExact(communicator, library.handle(MpiHandle.ERRORS_RETURN));
    check(rc, "MPI_Comm_set_errhandler");
  }

  private long create(int[] ranks, int tag) throws IOException {
    try (Arena arena = Arena.ofConfined()) {
      long world = library.handle(MpiHandle.COMM_WORLD);
      MemorySegment group = arena.allocate(8, 8);
      MemorySegment out = arena.allocate(8, 8);
      MemorySegment members = arena.allocateFrom(JAVA_INT, ranks);
      check(
          (int) library.bind("MPI_Comm_group", HANDLE, ADDRESS).invokeExact(world, group),
          "MPI_Comm_group");
      int rc =
          (int)
              library
                  .bind("MPI_Group_incl", HANDLE, JAVA_INT, ADDRESS, ADDRESS)
                  .invokeExact(library.readHandle(group), ranks.length, members, out);
      check(rc, "MPI_Group_incl");
      MemorySegment communicator = arena.allocate(8, 8);
      rc =
          (int)
              library
                  .bind("MPI_Comm_create_group", HANDLE, HANDLE, JAVA_INT, ADDRESS)
                  .invokeExact(world, library.readHandle(out), tag, communicator);
      check(rc, "MPI_Comm_create_group");
      check((int) library.bind("MPI_Group_free", ADDRESS).invokeExact(group), "MPI_Group_free");
      check((int) library.bind("MPI_Group_free", ADDRESS).invokeExact(out), "MPI_Group_free");
      returnErrors(library.readHandle(communicator));
      return library.readHandle(communicator);
    } catch (IOException e) {
      throw e;
    } catch (Throwable e) {
      throw MpiLibrary.failure(e);
    }
  }

  private void check(int code, String function) throws IOException {
    library.check(code, function);
  }

  private static <T> T await(FutureTask<T> task, String what, long timeoutNanos)
      throws IOException {
    try {
      return task.get(timeoutNanos, TimeUnit.NANOSECONDS);
    } catch (TimeoutException e) {
      throw new IOException(
          String.format(
              "%s has not returned after %.1f s: not all processes have called it",
              what, timeoutNanos / 1e9),
          e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IOException("interrupted during " + what, e);
    } catch (ExecutionException e) {
      Throwable cause = e.getCause();
      throw cause instanceof IOException io ? io : new IOException(what + ": " + cause, cause);
    }
  }

  private void awaitEnd() {
    try {
      finish.await();
      for (MpiGroup group : closedGroups) {
        group.takeRest(LAST_WORDS_NANOS);
      }
      library.check((int) library.bind("MPI_Finalize").invokeExact(), "MPI_Finalize");
    } catch (Throwable e) {
      System.getLogger(MpiProcess.class.getName()).log(System.Logger.Level.DEBUG, "Finalize", e);
    }
    finished.countDown();
  }

  private void end() {
    if (failure != null || openGroups.get() != 0 || !abandoned.isEmpty()) {
      return;
    }
    finish.countDown();
    try {
      if (!finished.await(FINALIZE_SECONDS, TimeUnit.SECONDS)) {
        System.getLogger(MpiProcess.class.getName())
            .log(System.Logger.Level.DEBUG, "MPI_Finalize has not returned");
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  @Override
  public String toString() {
    return library.name() + " (" + library.version() + ")";
  }
}
