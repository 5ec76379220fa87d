package org.strait.engine.transport;

import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.VarHandle;
import java.util.function.Supplier;

/// A bounded ring of bytes from one writing to one reading thread, of one process or of two that
/// map the same memory. Positions count all bytes ever written and read; their difference is what
/// is in the ring.
///
/// The header has one number per 128 bytes, so that writer and reader do not share a cache line (or
/// the pair of lines that is fetched at once): bytes written, bytes taken, writer gone, reader
/// gone.
public final class Ring {
  /// Bytes of a ring's header.
  public static final long HEADER_BYTES = 512;

  private static final long WRITTEN = 0;
  private static final long TAKEN = 128;
  private static final long WRITER_GONE = 256;
  private static final long READER_GONE = 384;
  private static final VarHandle NUMBER = ValueLayout.JAVA_LONG.varHandle();

  private final MemorySegment header;
  private final Supplier<MemorySegment> data;
  private final long capacityBytes;
  private volatile MemorySegment bytes;

  /// @param header {@link #HEADER_BYTES} zeroed bytes, aligned to 128
  /// @param capacityBytes bytes the ring holds
  /// @param data gives so many bytes at the first write or read
  public Ring(MemorySegment header, long capacityBytes, Supplier<MemorySegment> data) {
    this.header = header;
    this.capacityBytes = capacityBytes;
    this.data = data;
  }

  long write(MemorySegment from, long at, long end) throws IOException {
    if (isSet(READER_GONE) || isSet(WRITER_GONE)) {
      throw new IOException("ring closed");
    }
    MemorySegment ring = bytes();
    long position = (long) NUMBER.getAcquire(header, WRITTEN);
    long taken = (long) NUMBER.getAcquire(header, TAKEN);
    long n = Math.min(end - at, capacityBytes - (position - taken));
    long start = position % capacityBytes;
    long first = Math.min(n, capacityBytes - start);
    MemorySegment.copy(from, at, ring, start, first);
    MemorySegment.copy(from, at + first, ring, 0, n - first);
    // Volatile, not just released: the writer looks for sleeping readers next.
    NUMBER.setVolatile(header, WRITTEN, position + n);
    return n;
  }

  long read(MemorySegment into, long at, long end) throws IOException {
    if (isSet(READER_GONE)) {
      throw new IOException("ring closed");
    }
    boolean last = isSet(WRITER_GONE);
    long position = (long) NUMBER.getAcquire(header, TAKEN);
    long n = Math.min(end - at, (long) NUMBER.getVolatile(header, WRITTEN) - position);
    if (n == 0) {
      return last ? -1 : 0;
    }
    MemorySegment ring = bytes();
    long start = position % capacityBytes;
    long first = Math.min(n, capacityBytes - start);
    MemorySegment.copy(ring, start, into, at, first);
    MemorySegment.copy(ring, 0, into, at + first, n - first);
    NUMBER.setVolatile(header, TAKEN, position + n);
    return n;
  }

  boolean canRead() {
    return filled() > 0 || isSet(WRITER_GONE) || isSet(READER_GONE);
  }

  boolean canWrite() {
    return filled() < capacityBytes || isSet(WRITER_GONE) || isSet(READER_GONE);
  }

  void closeWriter() {
    NUMBER.setVolatile(header, WRITER_GONE, 1L);
  }

  void closeReader() {
    NUMBER.setVolatile(header, READER_GONE, 1L);
  }

  private long filled() {
    return (long) NUMBER.getVolatile(header, WRITTEN) - (long) NUMBER.getVolatile(header, TAKEN);
  }

  private boolean isSet(long flag) {
    return (long) NUMBER.getVolatile(header, flag) != 0;
  }

  private MemorySegment bytes() {
    MemorySegment ring = bytes;
    if (ring == null) {
      synchronized (this) {
        ring = bytes;
        if (ring == null) {
          ring = data.get();
          bytes = ring;
        }
      }
    }
    return ring;
  }
}
