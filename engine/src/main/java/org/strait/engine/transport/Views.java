package org.strait.engine.transport;

import java.lang.foreign.MemorySegment;
import java.nio.ByteBuffer;

/// ByteBuffers over the segments used last, because sockets want buffers and a new one at each call
/// would be garbage. Segments are told apart by identity. Short stretches pass through a buffer of
/// this object's own, so that they do not push out the views of long ones. One thread at a time.
final class Views {
  static final int SHORT_BYTES = 4 << 10;

  private static final int KEPT = 32;
  private static final int WINDOW_BITS = 30;
  private static final long WINDOW_BYTES = 1L << WINDOW_BITS;

  private final MemorySegment[] segments = new MemorySegment[KEPT];
  private final long[] windows = new long[KEPT];
  private final ByteBuffer[] buffers = new ByteBuffer[KEPT];
  private final ByteBuffer shorter = ByteBuffer.allocateDirect(SHORT_BYTES);
  private final MemorySegment shorterBytes = MemorySegment.ofBuffer(shorter);
  private int next;

  /// A buffer whose remaining bytes are those from {@code at} up to at most {@code end}, to be
  /// written to a socket.
  ByteBuffer toWrite(MemorySegment data, long at, long end) {
    if (end - at <= SHORT_BYTES) {
      MemorySegment.copy(data, at, shorterBytes, 0, end - at);
      return shorter.clear().limit((int) (end - at));
    }
    return view(data, at, end);
  }

  /// A buffer with room for the bytes from {@code at} up to at most {@code end}. What is put into
  /// it must be told to {@link #read}.
  ByteBuffer toRead(MemorySegment into, long at, long end) {
    if (end - at <= SHORT_BYTES) {
      return shorter.clear().limit((int) (end - at));
    }
    return view(into, at, end);
  }

  /// Says that so many bytes were put into what {@link #toRead} returned for the same stretch.
  void read(MemorySegment into, long at, long end, int bytes) {
    if (end - at <= SHORT_BYTES) {
      MemorySegment.copy(shorterBytes, 0, into, at, bytes);
    }
  }

  private ByteBuffer view(MemorySegment segment, long at, long end) {
    long window = at >>> WINDOW_BITS;
    int i = 0;
    while (i < KEPT && (segments[i] != segment || windows[i] != window)) {
      i++;
    }
    if (i == KEPT) {
      i = next;
      next = (next + 1) % KEPT;
      long from = window << WINDOW_BITS;
      long bytes = Math.min(WINDOW_BYTES, segment.byteSize() - from);
      segments[i] = segment;
      windows[i] = window;
      buffers[i] = segment.asSlice(from, bytes).asByteBuffer();
    }
    int start = (int) (at & (WINDOW_BYTES - 1));
    int limit = (int) Math.min(buffers[i].capacity(), start + (end - at));
    return buffers[i].limit(limit).position(start);
  }
}
