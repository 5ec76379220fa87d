package org.strait.kernels.simd;

import static java.lang.foreign.ValueLayout.JAVA_FLOAT_UNALIGNED;
import static java.lang.foreign.ValueLayout.JAVA_INT_UNALIGNED;

import java.lang.foreign.MemorySegment;
import org.strait.memory.Floats;

/// All memory of the process as one segment, where an offset is an address. A loop over a run's own
/// segment is checked against the run's ends, and C2 clears its checks of 64-bit offsets out of the
/// loop with some 50 instructions per operand before each row: for rows of 512 floats that costs a
/// fifth of the time (docs/benchmarks.md, "Dense gradients"). Here the check is against a constant,
/// and a masked address cannot fail it, so that nothing is left of it.
///
/// In return nothing stops a loop that runs over its run: whoever calls such a loop checks the
/// lengths first, and takes addresses from {@link #of}.
final class AddressSpace {
  /// The segment; null if native access is denied, and then {@link #demand} refuses the backend.
  static final MemorySegment ALL = all();

  /// To mask an address with when a loop begins. No 64-bit system gives a process longer ones.
  static final long BASE = (1L << 56) - 1;

  /// To mask an address plus an offset with. C2 sees that it changes nothing and drops it, but only
  /// after it has dropped the check for the sake of it.
  static final long REACH = (1L << 62) - 1;

  private AddressSpace() {}

  /// Null if native access is denied: a class that cannot be initialised would say so only once.
  @SuppressWarnings("restricted") // see the head of this class
  private static MemorySegment all() {
    try {
      return MemorySegment.NULL.reinterpret(Long.MAX_VALUE);
    } catch (IllegalCallerException e) {
      return null;
    }
  }

  /// @throws IllegalCallerException if the user has forbidden native access to this code
  static void demand() {
    if (ALL == null) {
      throw new IllegalCallerException("native access is denied");
    }
  }

  /// The address of a run's first element.
  ///
  /// @throws IllegalStateException if the run's memory is closed
  static long of(Floats run) {
    return of(run.segment());
  }

  /// The address of a segment's first byte.
  ///
  /// @throws IllegalStateException if its memory is closed
  static long of(MemorySegment segment) {
    if (!segment.scope().isAlive()) {
      throw new IllegalStateException(
          "memory of " + segment.byteSize() + " bytes is already closed");
    }
    return segment.address();
  }

  static float get(long address) {
    return ALL.get(JAVA_FLOAT_UNALIGNED, address & REACH);
  }

  static void set(long address, float value) {
    ALL.set(JAVA_FLOAT_UNALIGNED, address & REACH, value);
  }

  static int getInt(long address) {
    return ALL.get(JAVA_INT_UNALIGNED, address & REACH);
  }

  static void setInt(long address, int value) {
    ALL.set(JAVA_INT_UNALIGNED, address & REACH, value);
  }
}
