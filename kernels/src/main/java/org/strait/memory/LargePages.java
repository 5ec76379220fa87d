package org.strait.memory;

import static java.lang.foreign.ValueLayout.ADDRESS;
import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;

import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemorySegment;
import java.lang.invoke.MethodHandle;
import java.util.NoSuchElementException;

/// Memory straight from Linux, asking for pages of 2 MiB instead of 4 KiB ({@code mmap}, {@code
/// madvise(MADV_HUGEPAGE)}). A large run from {@code malloc} has small pages wherever {@code
/// transparent_hugepage} says {@code madvise}, as most distributions do: filling it then takes a
/// page fault per 4 KiB, and reading it misses the page table's cache (docs/benchmarks.md, "Native
/// memory"). Where the call is not there, or not allowed, there is no such memory, and the caller
/// takes the usual one.
final class LargePages {
  /// Bytes of a large page, and what the runs are aligned to.
  static final long PAGE_BYTES = 1 << 21;

  /// A multiple of the small pages of every system.
  private static final long SMALL_PAGE_BYTES = 1 << 16;

  private static final int READ_WRITE = 3;
  private static final int PRIVATE_ANONYMOUS = 0x22;
  private static final int MADV_HUGEPAGE = 14;
  private static final long FAILED = -1;

  /// The three calls; null where there are none.
  private record Calls(MethodHandle mmap, MethodHandle munmap, MethodHandle madvise) {}

  private static final Calls CALLS = find();

  private LargePages() {}

  @SuppressWarnings("restricted") // three calls of the C library, with the types of its manual
  private static Calls find() {
    if (!System.getProperty("os.name").equals("Linux")) {
      return null;
    }
    try {
      Linker linker = Linker.nativeLinker();
      FunctionDescriptor mmap =
          FunctionDescriptor.of(
              ADDRESS, ADDRESS, JAVA_LONG, JAVA_INT, JAVA_INT, JAVA_INT, JAVA_LONG);
      FunctionDescriptor munmap = FunctionDescriptor.of(JAVA_INT, ADDRESS, JAVA_LONG);
      FunctionDescriptor madvise = FunctionDescriptor.of(JAVA_INT, ADDRESS, JAVA_LONG, JAVA_INT);
      return new Calls(
          linker.downcallHandle(linker.defaultLookup().findOrThrow("mmap"), mmap),
          linker.downcallHandle(linker.defaultLookup().findOrThrow("munmap"), munmap),
          linker.downcallHandle(linker.defaultLookup().findOrThrow("madvise"), madvise));
    } catch (IllegalCallerException | NoSuchElementException | UnsupportedOperationException e) {
      return null; // native access denied, another C library, or a JVM without a linker
    }
  }

  /// Zeroed memory that is given back when the arena closes, or null if there is none of this kind:
  /// then ask the arena, which also knows how to say that there is no memory at all.
  @SuppressWarnings("restricted") // the segment has the size that was mapped
  static MemorySegment allocate(long bytes, Arena arena) {
    if (CALLS == null || bytes > Long.MAX_VALUE - 2 * PAGE_BYTES) {
      return null;
    }
    long size = (bytes + SMALL_PAGE_BYTES - 1) & -SMALL_PAGE_BYTES;
    long mapped = size + PAGE_BYTES;
    try {
      MemorySegment given =
          (MemorySegment)
              CALLS.mmap.invokeExact(
                  MemorySegment.NULL, mapped, READ_WRITE, PRIVATE_ANONYMOUS, -1, 0L);
      long first = given.address();
      if (first == FAILED) {
        return null;
      }
      long start = (first + PAGE_BYTES - 1) & -PAGE_BYTES;
      giveBack(first, start - first);
      giveBack(start + size, first + mapped - start - size);
      MemorySegment run = MemorySegment.ofAddress(start);
      // A kernel without large pages refuses; then they are small.
      int unused = (int) CALLS.madvise.invokeExact(run, size, MADV_HUGEPAGE);
      try {
        return run.reinterpret(bytes, arena, segment -> giveBack(segment.address(), size));
      } catch (RuntimeException e) {
        giveBack(start, size); // the arena has just been closed
        throw e;
      }
    } catch (RuntimeException | Error e) {
      throw e;
    } catch (Throwable e) {
      throw new IllegalStateException("mmap failed", e);
    }
  }

  private static void giveBack(long address, long bytes) {
    if (bytes == 0) {
      return;
    }
    try {
      int result = (int) CALLS.munmap.invokeExact(MemorySegment.ofAddress(address), bytes);
      if (result != 0) {
        throw new IllegalStateException(
            "munmap refused " + bytes + " bytes at 0x" + Long.toHexString(address));
      }
    } catch (RuntimeException | Error e) {
      throw e;
    } catch (Throwable e) {
      throw new IllegalStateException("munmap failed", e);
    }
  }
}
