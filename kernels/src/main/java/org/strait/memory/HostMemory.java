package org.strait.memory;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.List;

/// Owner of native memory: every run allocated here lives until this owner is closed, and no
/// longer. Owners form a tree; a child counts against its parent's limit, and closing a parent
/// whose children are still open is refused, with their names. Runs are zeroed and start on a cache
/// line; large ones lie on pages of 2 MiB where Linux has them. Thread-safe.
public final class HostMemory implements AutoCloseable {
  private static final long CACHE_LINE_BYTES = 64;

  /// Runs of so many bytes get memory of their own on large pages.
  private static final long LARGE_BYTES = 2 * LargePages.PAGE_BYTES;

  private final String name;
  private final long limitBytes;
  private final HostMemory parent;
  private final Arena arena = Arena.ofShared();
  private final List<HostMemory> children = new ArrayList<>();
  private long usedBytes;
  private boolean closed;

  /// An owner without a parent.
  ///
  /// @param name what the memory is for; appears in error messages
  /// @param limitBytes most bytes that may be out at once, children included
  public HostMemory(String name, long limitBytes) {
    this(name, limitBytes, null);
  }

  private HostMemory(String name, long limitBytes, HostMemory parent) {
    if (limitBytes < 0) {
      throw new IllegalArgumentException("memory limit of " + name + " is negative: " + limitBytes);
    }
    this.name = name;
    this.limitBytes = limitBytes;
    this.parent = parent;
  }

  /// An owner without a limit.
  public static HostMemory unlimited(String name) {
    return new HostMemory(name, Long.MAX_VALUE);
  }

  /// An owner whose bytes count against this one; close it before this one.
  public synchronized HostMemory child(String childName) {
    checkOpen();
    HostMemory child = new HostMemory(name + "/" + childName, limitBytes, this);
    children.add(child);
    return child;
  }

  /// A zeroed run of n float32.
  public Floats floats(long n) {
    return Floats.over(allocate(n, Floats.BYTES));
  }

  /// A zeroed run of n float64.
  public Doubles doubles(long n) {
    return Doubles.over(allocate(n, Doubles.BYTES));
  }

  /// A zeroed run of n 32-bit integers.
  public Ints ints(long n) {
    return Ints.over(allocate(n, Ints.BYTES));
  }

  /// A zeroed run of n 64-bit integers.
  public Longs longs(long n) {
    return Longs.over(allocate(n, Longs.BYTES));
  }

  /// A zeroed run of n bytes.
  public Bytes bytes(long n) {
    return Bytes.over(allocate(n, Bytes.BYTES));
  }

  /// Bytes out now, children included.
  public synchronized long usedBytes() {
    return usedBytes;
  }

  /// Bytes that may still be allocated before this limit or one above is reached.
  public long roomBytes() {
    long room;
    synchronized (this) {
      room = limitBytes - usedBytes;
    }
    return parent == null ? room : Math.min(room, parent.roomBytes());
  }

  /// What this memory is for.
  public String name() {
    return name;
  }

  /// Frees every run. A run used afterwards throws IllegalStateException.
  ///
  /// @throws IllegalStateException if a child owner is still open; the message names it
  @Override
  public void close() {
    synchronized (this) {
      if (closed) {
        return;
      }
      if (!children.isEmpty()) {
        List<String> open = children.stream().map(child -> child.name).toList();
        throw new IllegalStateException("memory " + name + " closed while still in use by " + open);
      }
      closed = true;
    }
    arena.close();
    if (parent != null) {
      parent.release(this);
    }
  }

  private MemorySegment allocate(long n, long elementBytes) {
    if (n < 0) {
      throw new IllegalArgumentException("memory " + name + ": negative length " + n);
    }
    long bytes = Math.multiplyExact(n, elementBytes);
    reserve(bytes);
    try {
      MemorySegment large = bytes < LARGE_BYTES ? null : LargePages.allocate(bytes, arena);
      return large != null ? large : arena.allocate(bytes, CACHE_LINE_BYTES);
    } catch (OutOfMemoryError e) {
      reserve(-bytes);
      throw new MemoryLimitException(
          "memory " + name + ": the system has no " + bytes + " bytes left", e);
    }
  }

  private void reserve(long bytes) {
    synchronized (this) {
      checkOpen();
      if (bytes > limitBytes - usedBytes) {
        throw new MemoryLimitException(
            "memory "
                + name
                + ": "
                + bytes
                + " bytes asked, "
                + usedBytes
                + " of "
                + limitBytes
                + " in use");
      }
      usedBytes += bytes;
    }
    if (parent != null) {
      try {
        parent.reserve(bytes);
      } catch (MemoryLimitException e) {
        synchronized (this) {
          usedBytes -= bytes;
        }
        throw e;
      }
    }
  }

  private void release(HostMemory child) {
    synchronized (this) {
      children.remove(child);
    }
    reserve(-child.usedBytes);
  }

  private void checkOpen() {
    if (closed) {
      throw new IllegalStateException("memory " + name + " is closed");
    }
  }
}
