package org.strait.engine.transport.mpi;

import static java.lang.foreign.ValueLayout.ADDRESS;
import static java.lang.foreign.ValueLayout.JAVA_INT;

import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemoryLayout;
import java.lang.foreign.MemorySegment;
import java.lang.invoke.MethodHandle;

/// Keeps the signals that the JVM lives on (a null check may be a SIGSEGV) away from libraries that
/// want them. UCX, below MPICH and many builds of Open MPI, takes them when it is loaded, and the
/// first NullPointerException in compiled code ends the process. It is asked not to, through its
/// own variable, and whatever else takes them has them taken back. On other systems than Linux
/// nothing is done.
final class JvmSignals {
  private static final int[] SIGNALS = {4, 7, 8, 11}; // ILL, BUS, FPE, SEGV
  private static final long ACTION_BYTES = 256; // a struct sigaction is 152 with glibc

  private final MemorySegment[] actions;
  private final MethodHandle sigaction;

  private JvmSignals(MemorySegment[] actions, MethodHandle sigaction) {
    this.actions = actions;
    this.sigaction = sigaction;
  }

  /// Remembers the handlers in force; call before a library is loaded.
  static JvmSignals keep() {
    if (!System.getProperty("os.name").equals("Linux")) {
      return new JvmSignals(new MemorySegment[0], null);
    }
    MethodHandle setenv = libc("setenv", ADDRESS, ADDRESS, JAVA_INT);
    MethodHandle sigaction = libc("sigaction", JAVA_INT, ADDRESS, ADDRESS);
    MemorySegment[] actions = new MemorySegment[SIGNALS.length];
    try (Arena arena = Arena.ofConfined()) {
      // A value that the user has set stays.
      int rc =
          (int)
              setenv.invokeExact(
                  arena.allocateFrom("UCX_ERROR_SIGNALS"), arena.allocateFrom(""), 0);
      for (int i = 0; i < actions.length && rc == 0; i++) {
        actions[i] = Arena.ofAuto().allocate(ACTION_BYTES, 8);
        rc = (int) sigaction.invokeExact(SIGNALS[i], MemorySegment.NULL, actions[i]);
      }
      if (rc != 0) {
        throw new IllegalStateException("setenv or sigaction failed");
      }
    } catch (Throwable e) {
      throw MpiLibrary.failure(e);
    }
    return new JvmSignals(actions, sigaction);
  }

  /// Puts the handlers back.
  void restore() {
    for (int i = 0; i < actions.length; i++) {
      try {
        int rc = (int) sigaction.invokeExact(SIGNALS[i], actions[i], MemorySegment.NULL);
        if (rc != 0) {
          throw new IllegalStateException("sigaction failed for signal " + SIGNALS[i]);
        }
      } catch (Throwable e) {
        throw MpiLibrary.failure(e);
      }
    }
  }

  @SuppressWarnings("restricted") // calls the C library
  private static MethodHandle libc(String function, MemoryLayout... parameters) {
    Linker linker = Linker.nativeLinker();
    return linker.downcallHandle(
        linker.defaultLookup().findOrThrow(function), FunctionDescriptor.of(JAVA_INT, parameters));
  }
}
