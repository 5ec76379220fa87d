package org.strait.engine.transport.shared;

import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.MethodHandle;
import java.util.Locale;
import java.util.concurrent.locks.LockSupport;

/// Waits for a change of a 32-bit number that processes share (Linux futex(2)): a sleep that the
/// changer ends at once. Elsewhere it sleeps a little, and the caller looks again. A wait may end
/// early. Thread-safe.
final class Futex {
  private static final long WAIT = 0;
  private static final long WAKE = 1;
  private static final long LONGEST_NANOS = 20_000_000;
  private static final long NAP_NANOS = 20_000;

  /// The time-out of a wait, struct timespec, always {@link #LONGEST_NANOS}; never freed.
  private static final MemorySegment LONGEST = longest();

  private static final long NUMBER_OF_CALL = numberOfCall();
  private static final MethodHandle CALL = NUMBER_OF_CALL < 0 ? null : call();

  private Futex() {}

  /// Sleeps while the number is what was expected, until woken, some 20 ms at most, so that callers
  /// can look whether the other side still lives.
  static void await(MemorySegment memory, long offset, int expected) {
    if (CALL == null) {
      LockSupport.parkNanos(NAP_NANOS);
      return;
    }
    futex(memory.address() + offset, WAIT, expected, LONGEST.address());
  }

  /// Wakes all who sleep on the number.
  static void wake(MemorySegment memory, long offset) {
    if (CALL != null) {
      futex(memory.address() + offset, WAKE, Integer.MAX_VALUE, 0);
    }
  }

  private static void futex(long address, long operation, long value, long timeout) {
    try {
      long _ = (long) CALL.invokeExact(NUMBER_OF_CALL, address, operation, value, timeout, 0L, 0L);
    } catch (Throwable e) {
      throw new IllegalStateException("futex", e);
    }
  }

  private static MemorySegment longest() {
    MemorySegment time = Arena.global().allocate(16, 8);
    time.set(ValueLayout.JAVA_LONG, 8, LONGEST_NANOS);
    return time;
  }

  private static long numberOfCall() {
    if (!System.getProperty("os.name", "").equals("Linux")) {
      return -1;
    }
    return switch (System.getProperty("os.arch", "").toLowerCase(Locale.ROOT)) {
      case "amd64", "x86_64" -> 202;
      case "aarch64", "riscv64" -> 98;
      default -> -1;
    };
  }

  @SuppressWarnings("restricted") // a system call that touches only memory that we name
  private static MethodHandle call() {
    Linker linker = Linker.nativeLinker();
    ValueLayout.OfLong number = ValueLayout.JAVA_LONG;
    return linker
        .defaultLookup()
        .find("syscall")
        .map(
            address ->
                linker.downcallHandle(
                    address,
                    FunctionDescriptor.of(
                        number, number, number, number, number, number, number, number),
                    Linker.Option.firstVariadicArg(1)))
        .orElse(null);
  }
}
