package org.strait.engine.transport.mpi;

import static java.lang.foreign.ValueLayout.ADDRESS;
import static java.lang.foreign.ValueLayout.JAVA_INT;
import static org.strait.engine.transport.mpi.MpiLibrary.HANDLE;

import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.invoke.MethodHandle;

/// Messages of bytes between the members of one communicator. No call waits.
final class MpiMessages {
  private static final long STATUS_BYTES = 64; // 20 to 32, by kind

  /// An operation that may be under way, with the bytes it moves. One thread at a time.
  static final class Operation {
    final MemorySegment data;
    private final MemorySegment request;
    private final MemorySegment flag;
    private final MemorySegment status;
    private boolean underWay;

    /// @param arena keeps the memory at least as long as this object
    Operation(Arena arena, long bytes) {
      data = arena.allocate(bytes, 64);
      request = arena.allocate(8, 8);
      flag = arena.allocate(JAVA_INT);
      status = arena.allocate(STATUS_BYTES, 8);
    }

    boolean underWay() {
      return underWay;
    }
  }

  private final MpiLibrary library;
  private final long communicator;
  private final long byteType;
  private final MemorySegment statusIgnore;
  private final MethodHandle isend;
  private final MethodHandle irecv;
  private final MethodHandle ibarrier;
  private final MethodHandle test;
  private final MethodHandle iprobe;
  private final MethodHandle getCount;

  MpiMessages(MpiLibrary library, long communicator) {
    this.library = library;
    this.communicator = communicator;
    byteType = library.handle(MpiHandle.BYTE);
    statusIgnore = library.kind().statusIgnore();
    isend =
        library.bind("MPI_Isend", ADDRESS, JAVA_INT, HANDLE, JAVA_INT, JAVA_INT, HANDLE, ADDRESS);
    irecv =
        library.bind("MPI_Irecv", ADDRESS, JAVA_INT, HANDLE, JAVA_INT, JAVA_INT, HANDLE, ADDRESS);
    ibarrier = library.bind("MPI_Ibarrier", HANDLE, ADDRESS);
    test = library.bind("MPI_Test", ADDRESS, ADDRESS, ADDRESS);
    iprobe = library.bind("MPI_Iprobe", JAVA_INT, JAVA_INT, HANDLE, ADDRESS, ADDRESS);
    getCount = library.bind("MPI_Get_count", ADDRESS, HANDLE, ADDRESS);
  }

  /// Begins to send the first bytes of an operation.
  void send(Operation operation, int bytes, int to, int tag) throws IOException {
    try {
      int rc =
          (int)
              isend.invokeExact(
                  operation.data, bytes, byteType, to, tag, communicator, operation.request);
      library.check(rc, "MPI_Isend");
      operation.underWay = true;
    } catch (IOException e) {
      throw e;
    } catch (Throwable e) {
      throw MpiLibrary.failure(e);
    }
  }

  /// Begins to receive a message that is not longer than the operation's bytes.
  void receive(Operation operation, int from, int tag) throws IOException {
    try {
      int capacity = (int) operation.data.byteSize();
      int rc =
          (int)
              irecv.invokeExact(
                  operation.data, capacity, byteType, from, tag, communicator, operation.request);
      library.check(rc, "MPI_Irecv");
      operation.underWay = true;
    } catch (IOException e) {
      throw e;
    } catch (Throwable e) {
      throw MpiLibrary.failure(e);
    }
  }

  /// Begins a barrier of all members.
  void barrier(Operation operation) throws IOException {
    try {
      int rc = (int) ibarrier.invokeExact(communicator, operation.request);
      library.check(rc, "MPI_Ibarrier");
      operation.underWay = true;
    } catch (IOException e) {
      throw e;
    } catch (Throwable e) {
      throw MpiLibrary.failure(e);
    }
  }

  /// Moves what can move; whether the operation is complete, or was never begun.
  boolean done(Operation operation) throws IOException {
    if (!operation.underWay) {
      return true;
    }
    try {
      int rc = (int) test.invokeExact(operation.request, operation.flag, operation.status);
      library.check(rc, "MPI_Test");
      operation.underWay = operation.flag.get(JAVA_INT, 0) == 0;
      return !operation.underWay;
    } catch (IOException e) {
      throw e;
    } catch (Throwable e) {
      throw MpiLibrary.failure(e);
    }
  }

  /// Bytes that a completed receive has brought.
  int received(Operation operation) throws IOException {
    try {
      int rc = (int) getCount.invokeExact(operation.status, byteType, operation.flag);
      library.check(rc, "MPI_Get_count");
      return operation.flag.get(JAVA_INT, 0);
    } catch (IOException e) {
      throw e;
    } catch (Throwable e) {
      throw MpiLibrary.failure(e);
    }
  }

  /// Whether a message is there to be received. The operation's memory is used, so it must not be
  /// under way.
  boolean arrived(Operation operation, int from, int tag) throws IOException {
    try {
      int rc = (int) iprobe.invokeExact(from, tag, communicator, operation.flag, statusIgnore);
      library.check(rc, "MPI_Iprobe");
      return operation.flag.get(JAVA_INT, 0) != 0;
    } catch (IOException e) {
      throw e;
    } catch (Throwable e) {
      throw MpiLibrary.failure(e);
    }
  }
}
