package org.strait.engine.compress.entropy;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteOrder;
import java.util.Arrays;
import org.strait.memory.Bytes;

/// One block of symbols, with whichever model takes the fewest bytes. The first byte of a coded
/// block says which in its two low bits:
///
/// - 0, raw: the symbols as they are
/// - 1, constant: one byte, the symbol that all are
/// - 2, table: the frequencies ({@link TableCode}), then states and words
/// - 3, zero-centred: its six high bits are the kind, then the share of zeros and the largest
///   magnitude, a byte each ({@link ZeroCentred}), then states and words
///
/// States are 4 bytes each, words 2. Symbols and words are in arrays of the heap while they are
/// coded: the loops are scalar, and an array's bounds cost less than a segment's and hold against
/// any stream.
final class BlockCoder {
  private static final int RAW = 0;
  private static final int CONSTANT = 1;
  private static final int TABLE = 2;
  private static final int ZERO_CENTRED = 3;

  private static final ValueLayout.OfChar WORD =
      ValueLayout.JAVA_CHAR_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);
  private static final ValueLayout.OfInt STATE =
      ValueLayout.JAVA_INT_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);

  /// A symbol takes at most 12 bits, so there are never more words than symbols.
  private static final int SPARE_WORDS = 1;

  private final byte[] symbols;
  private final char[] words;
  private final byte[] head = new byte[1 + TableCode.MOST_BYTES];
  private final int[] counts = new int[4 * Frequencies.SYMBOLS];
  private final int[] total = new int[Frequencies.SYMBOLS];
  private final int[] frequencies = new int[Frequencies.SYMBOLS];
  private final int[] fitted = new int[Frequencies.SYMBOLS];
  private final TableCode table = new TableCode();
  private final ZeroCentred centred = new ZeroCentred();
  private final RansEncoder encoder = new RansEncoder();
  private final RansDecoder decoder = new RansDecoder();

  // The block that was encoded last.
  private int count;
  private int model;
  private int headBytes;
  private int firstWord;

  /// For blocks of up to so many symbols.
  BlockCoder(int most) {
    symbols = new byte[most];
    words = new char[most + SPARE_WORDS];
  }

  /// Bytes of the first block of so many symbols at worst.
  static long maxBytes(long count) {
    return 1 + count;
  }

  /// Codes symbols; returns the bytes that {@link #write} will write.
  int encode(Bytes from, long start, int newCount) {
    count = newCount;
    MemorySegment.copy(from.segment(), ValueLayout.JAVA_BYTE, start, symbols, 0, count);
    int used = countSymbols();
    if (used == 1) {
      model = CONSTANT;
      head[0] = CONSTANT;
      head[1] = symbols[0];
      headBytes = 2;
      return headBytes;
    }
    chooseModel();
    if (model != RAW) {
      encoder.use(frequencies);
      int end = words.length;
      firstWord =
          Rans.states(count) == 1
              ? encoder.one(symbols, count, words, end)
              : encoder.many(symbols, count, words, end);
      int bytes = headBytes + 4 * Rans.states(count) + 2 * (end - firstWord);
      if (bytes < 1 + count) {
        return bytes;
      }
    }
    model = RAW;
    head[0] = RAW;
    headBytes = 1;
    return 1 + count;
  }

  /// Writes the block that was encoded last.
  void write(MemorySegment out, long offset) {
    MemorySegment.copy(head, 0, out, ValueLayout.JAVA_BYTE, offset, headBytes);
    long at = offset + headBytes;
    if (model == RAW) {
      MemorySegment.copy(symbols, 0, out, ValueLayout.JAVA_BYTE, at, count);
    } else if (model != CONSTANT) {
      for (int s = 0; s < Rans.states(count); s++) {
        out.set(STATE, at, encoder.states[s]);
        at += Integer.BYTES;
      }
      MemorySegment.copy(words, firstWord, out, WORD, at, words.length - firstWord);
    }
  }

  /// Four counters of each symbol, taken in turns: equal neighbours need not wait for each other.
  private int countSymbols() {
    Arrays.fill(counts, 0);
    int whole = count & -4;
    for (int i = 0; i < whole; i += 4) {
      counts[symbols[i] & 255]++;
      counts[256 + (symbols[i + 1] & 255)]++;
      counts[512 + (symbols[i + 2] & 255)]++;
      counts[768 + (symbols[i + 3] & 255)]++;
    }
    for (int i = whole; i < count; i++) {
      counts[symbols[i] & 255]++;
    }
    int used = 0;
    for (int s = 0; s < Frequencies.SYMBOLS; s++) {
      total[s] = counts[s] + counts[256 + s] + counts[512 + s] + counts[768 + s];
      used += total[s] > 0 ? 1 : 0;
    }
    return used;
  }

  /// Leaves the model with the fewest bytes, its head and its frequencies.
  private void chooseModel() {
    Frequencies.of(total, count, frequencies);
    double tableBits = Frequencies.bits(total, frequencies);
    if (centred.fit(total, count)) {
      centred.frequencies(fitted);
      double bits = Frequencies.bits(total, fitted);
      // A table has at least its two ends and some symbols.
      boolean fewer = bits + 24 <= tableBits + 32;
      if (!fewer) {
        int bytes = table.write(frequencies, head, 1);
        fewer = bits + 24 <= tableBits + 8 * bytes;
      }
      if (fewer) {
        model = ZERO_CENTRED;
        head[0] = (byte) (ZERO_CENTRED | centred.kind << 2);
        head[1] = (byte) centred.zeros;
        head[2] = (byte) centred.most;
        headBytes = 3;
        System.arraycopy(fitted, 0, frequencies, 0, fitted.length);
        return;
      }
    }
    model = TABLE;
    head[0] = TABLE;
    headBytes = table.write(frequencies, head, 1);
  }

  /// Decodes a block. Modified: into, from element start on.
  ///
  /// @param low least symbol there may be, as a signed number
  /// @param high greatest symbol there may be
  /// @throws CorruptStreamException if the bytes are not exactly such a block of such symbols
  void decode(
      MemorySegment in,
      long offset,
      long bytes,
      Bytes into,
      long start,
      int newCount,
      int low,
      int high) {
    if (bytes < 2 || bytes > maxBytes(newCount)) {
      throw new CorruptStreamException(
          bytes
              + " bytes for a block of "
              + newCount
              + " symbols, expected 2 to "
              + (newCount + 1));
    }
    count = newCount;
    int first = in.get(ValueLayout.JAVA_BYTE, offset) & 255;
    switch (first & 3) {
      case RAW -> {
        expectExact(first == RAW && bytes == 1L + count, first, bytes);
        MemorySegment.copy(in, ValueLayout.JAVA_BYTE, offset + 1, symbols, 0, count);
        expectAllWithin(low, high);
      }
      case CONSTANT -> {
        expectExact(first == CONSTANT && bytes == 2, first, bytes);
        byte symbol = in.get(ValueLayout.JAVA_BYTE, offset + 1);
        expectWithin(symbol, symbol, low, high);
        Arrays.fill(symbols, 0, count, symbol);
      }
      default -> decodeWords(in, offset, (int) bytes, first, low, high);
    }
    MemorySegment.copy(symbols, 0, into.segment(), ValueLayout.JAVA_BYTE, start, count);
  }

  private static void expectWithin(int least, int greatest, int low, int high) {
    if (least < low || greatest > high) {
      throw new CorruptStreamException(
          "symbols from " + least + " to " + greatest + ", expected " + low + " to " + high);
    }
  }

  private void expectAllWithin(int low, int high) {
    int least = Byte.MAX_VALUE;
    int greatest = Byte.MIN_VALUE;
    for (int i = 0; i < count; i++) {
      least = Math.min(least, symbols[i]);
      greatest = Math.max(greatest, symbols[i]);
    }
    expectWithin(least, greatest, low, high);
  }

  private void expectExact(boolean exact, int first, long bytes) {
    if (!exact) {
      throw new CorruptStreamException(
          "a block that begins with "
              + first
              + " has "
              + bytes
              + " bytes for "
              + count
              + " symbols");
    }
  }

  private void decodeWords(MemorySegment in, long offset, int bytes, int first, int low, int high) {
    int taken = Math.min(bytes, head.length);
    MemorySegment.copy(in, ValueLayout.JAVA_BYTE, offset, head, 0, taken);
    int at;
    // A table has the symbols that there are, a zero-centred model may have others too.
    boolean exactly = (first & 3) == TABLE;
    boolean others = false;
    if (exactly) {
      expectExact(first == TABLE, first, bytes);
      at = table.read(head, 1, taken, frequencies);
    } else {
      expectExact(bytes >= 3, first, bytes);
      centred.set(first >>> 2, head[1] & 255, head[2] & 255);
      centred.frequencies(frequencies);
      at = 3;
    }
    for (int s = -128; s < 128; s++) {
      int f = frequencies[s & 255];
      expectExact(f < Frequencies.TOTAL, first, bytes);
      if (f > 0 && exactly) {
        expectWithin(s, s, low, high);
      }
      others |= f > 0 && (s < low || s > high);
    }
    int states = Rans.states(count);
    int wordBytes = bytes - at - Integer.BYTES * states;
    expectExact(wordBytes >= 0 && wordBytes % 2 == 0 && wordBytes / 2 <= count, first, bytes);
    for (int s = 0; s < states; s++) {
      int x = in.get(STATE, offset + at);
      if (x < Rans.LEAST) {
        throw new CorruptStreamException("a coder's state is " + x + ", expected 2^15 to 2^31 - 1");
      }
      decoder.states[s] = x;
      at += Integer.BYTES;
    }
    int wordCount = wordBytes / 2;
    MemorySegment.copy(in, WORD, offset + at, words, 0, wordCount);
    decoder.use(frequencies);
    int used =
        states == 1 ? decoder.one(words, symbols, count) : decoder.many(words, symbols, count);
    for (int s = 0; s < states; s++) {
      if (decoder.states[s] != Rans.LEAST || used != wordCount) {
        throw new CorruptStreamException(
            "after "
                + count
                + " symbols "
                + used
                + " of "
                + wordCount
                + " words are used and a state is "
                + decoder.states[s]
                + ", expected all and "
                + Rans.LEAST);
      }
    }
    if (others) {
      expectAllWithin(low, high);
    }
  }
}
