package org.strait.engine.exchange;

import java.lang.foreign.MemorySegment;
import java.nio.ByteBuffer;
import java.util.zip.CRC32C;
import org.strait.engine.transport.Deadline;
import org.strait.engine.transport.Transport;
import org.strait.memory.Bytes;
import org.strait.memory.HostMemory;

/// A buffer whose first bytes travel at any length without a new object per message. A transport
/// wants a segment, and cutting one is an allocation, so all cuts are made beforehand: whole pages
/// from the start of the buffer, and every length shorter than a page in a copy of the rest. With
/// pages of about √capacity that is about 2·√capacity small objects.
final class FrameBuffer {
  private static final long LEAST_PAGE_BYTES = 64;

  private final Bytes bytes;
  private final ByteBuffer view;
  private final long pageBytes;
  private final MemorySegment[] pages;
  private final MemorySegment[] rests;

  /// @param capacity most bytes of a message, at most 2^31 - 1
  FrameBuffer(long capacity, HostMemory memory) {
    bytes = memory.bytes(capacity);
    view = bytes.segment().asByteBuffer();
    long page = LEAST_PAGE_BYTES;
    while (page * page < capacity) {
      page *= 2;
    }
    pageBytes = page;
    pages = new MemorySegment[(int) (capacity / pageBytes) + 1];
    for (int i = 1; i < pages.length; i++) {
      pages[i] = bytes.segment().asSlice(0, i * pageBytes);
    }
    Bytes rest = memory.bytes(pageBytes);
    rests = new MemorySegment[(int) pageBytes];
    for (int i = 1; i < rests.length; i++) {
      rests[i] = rest.segment().asSlice(0, i);
    }
  }

  /// The buffer itself.
  Bytes bytes() {
    return bytes;
  }

  /// Makes the first {@code length} bytes ready for {@link #post}; not while earlier posts may
  /// still be on their way.
  void seal(long length) {
    int rest = (int) (length % pageBytes);
    if (rest > 0) {
      MemorySegment.copy(bytes.segment(), length - rest, rests[rest], 0, rest);
    }
  }

  /// Posts the first {@code length} bytes as they were when sealed.
  void post(Transport transport, int to, long length) {
    int whole = (int) (length / pageBytes);
    int rest = (int) (length % pageBytes);
    if (whole > 0) {
      transport.post(to, pages[whole]);
    }
    if (rest > 0) {
      transport.post(to, rests[rest]);
    }
  }

  /// Receives {@code length} bytes to the start of the buffer.
  void receive(Transport transport, int from, long length, Deadline deadline) {
    int whole = (int) (length / pageBytes);
    int rest = (int) (length % pageBytes);
    if (whole > 0) {
      transport.receive(from, pages[whole], deadline);
    }
    if (rest > 0) {
      transport.receive(from, rests[rest], deadline);
      MemorySegment.copy(rests[rest], 0, bytes.segment(), length - rest, rest);
    }
  }

  /// Adds bytes [from, to) to a checksum.
  void updateCrc(CRC32C crc, long from, long to) {
    view.clear().position((int) from).limit((int) to);
    crc.update(view);
  }
}
