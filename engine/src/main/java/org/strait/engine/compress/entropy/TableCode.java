package org.strait.engine.compress.entropy;

/// A table of frequencies as bytes: the first and the last symbol that occurs, as signed numbers,
/// then the frequencies of all between, signed order. Each is its length in bits, as the difference
/// to the one before (zigzag, that many ones and a zero), and its bits below the highest.
/// Neighbours are alike, so a frequency takes some 7 bits. Bits fill bytes from the lowest up.
final class TableCode {
  /// Most bytes of a table: 256 times a difference of 12 and 11 bits.
  static final int MOST_BYTES = 2 + (Frequencies.SYMBOLS * (25 + 11) + 7) / 8;

  private byte[] bytes;
  private int at;
  private int end;
  private long pending;
  private int pendingBits;

  /// Writes a table from a byte on; returns where it ends. Modified: into.
  int write(int[] frequencies, byte[] into, int from) {
    int first = -128;
    while (frequencies[first & 255] == 0) {
      first++;
    }
    int last = 127;
    while (frequencies[last & 255] == 0) {
      last--;
    }
    into[from] = (byte) first;
    into[from + 1] = (byte) last;
    bytes = into;
    at = from + 2;
    pending = 0;
    pendingBits = 0;
    int before = 0;
    for (int s = first; s <= last; s++) {
      int f = frequencies[s & 255];
      int length = Integer.SIZE - Integer.numberOfLeadingZeros(f);
      int difference = length - before;
      int ones = difference < 0 ? -2 * difference - 1 : 2 * difference;
      put((1L << ones) - 1, ones + 1);
      if (length > 1) {
        put(f & ((1 << (length - 1)) - 1), length - 1);
      }
      before = length;
    }
    while (pendingBits > 0) {
      bytes[at++] = (byte) pending;
      pending >>>= Byte.SIZE;
      pendingBits -= Byte.SIZE;
    }
    return at;
  }

  private void put(long bits, int count) {
    pending |= bits << pendingBits;
    pendingBits += count;
    while (pendingBits >= Byte.SIZE) {
      bytes[at++] = (byte) pending;
      pending >>>= Byte.SIZE;
      pendingBits -= Byte.SIZE;
    }
  }

  /// Reads a table; returns where it ends. Modified: frequencies.
  ///
  /// @throws CorruptStreamException if it is none
  int read(byte[] from, int start, int stop, int[] frequencies) {
    if (stop - start < 2 || from[start] > from[start + 1]) {
      throw new CorruptStreamException("a table of frequencies without first and last symbol");
    }
    java.util.Arrays.fill(frequencies, 0);
    int first = from[start];
    int last = from[start + 1];
    bytes = from;
    at = start + 2;
    end = stop;
    pending = 0;
    pendingBits = 0;
    int length = 0;
    int sum = 0;
    for (int s = first; s <= last; s++) {
      int ones = ones();
      length += (ones & 1) == 1 ? -(ones + 1) / 2 : ones / 2;
      if (length < 0 || length > Frequencies.BITS) {
        throw new CorruptStreamException("a frequency of " + length + " bits in a table");
      }
      int f = length == 0 ? 0 : 1 << (length - 1) | take(length - 1);
      frequencies[s & 255] = f;
      sum += f;
    }
    if (sum != Frequencies.TOTAL || pending != 0) {
      throw new CorruptStreamException(
          "frequencies of a table add up to " + sum + ", expected " + Frequencies.TOTAL);
    }
    return at;
  }

  private int ones() {
    int ones = 0;
    while (take(1) == 1) {
      ones++;
      if (ones > 2 * Frequencies.BITS) {
        throw new CorruptStreamException("a frequency's length in a table is out of range");
      }
    }
    return ones;
  }

  private int take(int count) {
    while (pendingBits < count) {
      if (at == end) {
        throw new CorruptStreamException("a table of frequencies ends too early");
      }
      pending |= (bytes[at++] & 255L) << pendingBits;
      pendingBits += Byte.SIZE;
    }
    int bits = (int) pending & ((1 << count) - 1);
    pending >>>= count;
    pendingBits -= count;
    return bits;
  }
}
