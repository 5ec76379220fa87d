package org.strait.engine.compress;

import java.lang.foreign.MemorySegment;
import org.strait.engine.compress.entropy.SymbolCoder;
import org.strait.memory.Bytes;
import org.strait.memory.Ints;

/// Ascending indices as entropy-coded gaps: shorter than a Rice code where gaps are not those of
/// chance, as in vectors whose large elements sit together. A gap below 16 is a symbol of its own;
/// of a larger one of e + 1 bits the symbol says e and the next two bits, and its e - 2 low bits
/// follow all symbols, lowest first. Bytes: length of the coded symbols, the symbols, the bits.
final class GapCode {
  /// Gaps that are symbols of their own.
  private static final int SMALL = 16;

  private static final int SMALL_BITS = 4;

  /// Largest symbol: gaps have at most 31 bits.
  private static final int LAST = SMALL + (30 - SMALL_BITS) * 4 + 3;

  private final Bytes room;
  private final SymbolCoder symbols;
  private final BitWriter writer = new BitWriter();
  private final BitReader reader = new BitReader();

  /// @param room a byte per index
  GapCode(Bytes room, SymbolCoder symbols) {
    this.room = room;
    this.symbols = symbols;
  }

  /// Most bytes of k indices.
  static long maxBytes(long k) {
    return PayloadLayout.MOST_LENGTH_BYTES + SymbolCoder.maxBytes(k) + 4 * k + Long.BYTES;
  }

  /// Writes the first k indices, at least one; returns the bytes.
  long write(Ints indices, long k, MemorySegment out, long offset) {
    int next = 0;
    for (long j = 0; j < k; j++) {
      int index = indices.get(j);
      room.set(j, (byte) symbol(index - next));
      next = index + 1;
    }
    long start = offset + PayloadLayout.MOST_LENGTH_BYTES;
    long size = symbols.encode(room, k, out, start);
    long at = PayloadLayout.putLength(out, offset, size);
    MemorySegment.copy(out, start, out, at, size);
    writer.start(out, at + size);
    next = 0;
    for (long j = 0; j < k; j++) {
      int index = indices.get(j);
      int gap = index - next;
      if (gap >= SMALL) {
        int low = Integer.SIZE - 3 - Integer.numberOfLeadingZeros(gap);
        writer.put(gap & ((1L << low) - 1), low);
      }
      next = index + 1;
    }
    return writer.finish() - offset;
  }

  private static int symbol(int gap) {
    if (gap < SMALL) {
      return gap;
    }
    int e = Integer.SIZE - 1 - Integer.numberOfLeadingZeros(gap);
    return SMALL + (e - SMALL_BITS) * 4 + (gap >>> (e - 2) & 3);
  }

  /// Reads k ascending indices below n. Modified: the first k of indices.
  ///
  /// @throws PayloadException if the bytes are not exactly such indices
  void read(MemorySegment in, long offset, long bytes, long n, long k, Ints indices) {
    long end = offset + bytes;
    long size = PayloadLayout.length(in, offset, end, "length of coded gaps");
    long at = offset + PayloadLayout.lengthBytes(size);
    if (k == 0 || size > end - at) {
      throw new PayloadException(
          "payload byte " + offset + ": " + size + " bytes of coded gaps for " + k + " indices");
    }
    symbols.decode(in, at, size, room, k, 0, LAST);
    reader.start(in, at + size, end - at - size);
    long next = 0;
    for (long j = 0; j < k; j++) {
      int symbol = room.get(j);
      long gap = symbol;
      if (symbol >= SMALL) {
        int low = (symbol - SMALL) / 4 + SMALL_BITS - 2;
        long bits = reader.take(low);
        if (bits < 0) {
          throw new PayloadException("index " + j + " of " + k + ": the index bytes end");
        }
        gap = (4L | ((symbol - SMALL) & 3)) << low | bits;
      }
      next += gap;
      if (next >= n) {
        throw new PayloadException("index " + j + " of " + k + " is " + next + ", not below " + n);
      }
      indices.set(j, (int) next);
      next++;
    }
    if (!reader.atCleanEnd()) {
      throw new PayloadException(
          bytes + " index bytes from byte " + offset + ": more than " + k + " indices take");
    }
  }
}
