package org.strait.engine.compress;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;

/// Appends bits to a segment, lowest bit of the lowest byte first.
final class BitWriter {
  private MemorySegment out;
  private long offset;
  private long pending;
  private int pendingBits;

  /// Begins at a byte of a segment.
  void start(MemorySegment segment, long at) {
    out = segment;
    offset = at;
    pending = 0;
    pendingBits = 0;
  }

  /// Appends the {@code count} low bits of {@code bits}, 0 ≤ count ≤ 32; higher bits are zero.
  void put(long bits, int count) {
    pending |= bits << pendingBits;
    pendingBits += count;
    if (pendingBits >= Long.SIZE) {
      out.set(PayloadLayout.U64, offset, pending);
      offset += Long.BYTES;
      pendingBits -= Long.SIZE;
      // count - pendingBits bits went out; the shift is below 64 because count is.
      pending = bits >>> (count - pendingBits);
    }
  }

  /// Writes the last bits, padded with zeros to a whole byte; returns the offset after them.
  long finish() {
    while (pendingBits > 0) {
      out.set(ValueLayout.JAVA_BYTE, offset++, (byte) pending);
      pending >>>= Byte.SIZE;
      pendingBits -= Byte.SIZE;
    }
    return offset;
  }
}
