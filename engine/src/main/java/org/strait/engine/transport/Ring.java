package org.strait.engine.transport;

import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.util.concurrent.atomic.AtomicLong;
import org.strait.memory.HostMemory;

/// A bounded ring of bytes from one writing to one reading thread. Positions count all bytes ever
/// written and read; their difference is what is in the ring.
final class Ring {
  static final int CAPACITY_BYTES = 128 << 10;

  private final HostMemory memory;
  private final AtomicLong written = new AtomicLong();
  private final AtomicLong taken = new AtomicLong();
  private volatile MemorySegment bytes;
  private volatile boolean writerGone;
  private volatile boolean readerGone;

  /// @param memory gives the ring's bytes at the first write
  Ring(HostMemory memory) {
    this.memory = memory;
  }

  long write(MemorySegment data, long at, long end) throws IOException {
    if (readerGone || writerGone) {
      throw new IOException("ring closed");
    }
    MemorySegment ring = bytes;
    if (ring == null) {
      ring = memory.bytes(CAPACITY_BYTES).segment();
      bytes = ring;
    }
    long position = written.get();
    long n = Math.min(end - at, CAPACITY_BYTES - (position - taken.get()));
    long start = position % CAPACITY_BYTES;
    long first = Math.min(n, CAPACITY_BYTES - start);
    MemorySegment.copy(data, at, ring, start, first);
    MemorySegment.copy(data, at + first, ring, 0, n - first);
    written.set(position + n);
    return n;
  }

  long read(MemorySegment into, long at, long end) throws IOException {
    if (readerGone) {
      throw new IOException("ring closed");
    }
    boolean last = writerGone;
    long position = taken.get();
    long n = Math.min(end - at, written.get() - position);
    if (n == 0) {
      return last ? -1 : 0;
    }
    long start = position % CAPACITY_BYTES;
    long first = Math.min(n, CAPACITY_BYTES - start);
    MemorySegment.copy(bytes, start, into, at, first);
    MemorySegment.copy(bytes, 0, into, at + first, n - first);
    taken.set(position + n);
    return n;
  }

  boolean canRead() {
    return written.get() > taken.get() || writerGone || readerGone;
  }

  boolean canWrite() {
    return written.get() - taken.get() < CAPACITY_BYTES || writerGone || readerGone;
  }

  void closeWriter() {
    writerGone = true;
  }

  void closeReader() {
    readerGone = true;
  }
}
