package org.strait.engine.compress;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;

/// Takes bits from a segment, lowest bit of the lowest byte first; never reads past its end.
final class BitReader {
  /// Bits that one look-ahead is sure to hold, whatever the position within a byte.
  private static final int AHEAD_BITS = Long.SIZE - Byte.SIZE + 1;

  private MemorySegment in;
  private long endByte;
  private long bit;
  private long endBit;

  /// Begins at a byte of a segment; {@code bytes} may be read.
  void start(MemorySegment segment, long at, long bytes) {
    in = segment;
    endByte = at + bytes;
    bit = at * Byte.SIZE;
    endBit = endByte * Byte.SIZE;
  }

  /// Number of one-bits before the next zero-bit, both taken; -1 if the bits end first or there are
  /// more than {@code most}.
  long ones(long most) {
    long ones = 0;
    while (bit < endBit) {
      long ahead = Math.min(AHEAD_BITS, endBit - bit);
      long run = Long.numberOfTrailingZeros(~peek());
      if (run < ahead) {
        bit += run + 1;
        return ones + run <= most ? ones + run : -1;
      }
      bit += ahead;
      ones += ahead;
      if (ones > most) {
        return -1;
      }
    }
    return -1;
  }

  /// The next {@code count} bits, 0 ≤ count ≤ 32; -1 if there are fewer.
  long take(int count) {
    if (endBit - bit < count) {
      return -1;
    }
    long bits = peek() & ((1L << count) - 1);
    bit += count;
    return bits;
  }

  /// Whether all that is left is less than a byte of zeros.
  boolean atCleanEnd() {
    return endBit - bit < Byte.SIZE && peek() == 0;
  }

  private long peek() {
    long at = bit >>> 3;
    long word = 0;
    if (endByte - at >= Long.BYTES) {
      word = in.get(PayloadLayout.U64, at);
    } else {
      for (int i = 0; at + i < endByte; i++) {
        word |= (in.get(ValueLayout.JAVA_BYTE, at + i) & 0xffL) << (i * Byte.SIZE);
      }
    }
    return word >>> (bit & 7);
  }
}
