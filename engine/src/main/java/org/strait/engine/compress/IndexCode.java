package org.strait.engine.compress;

import java.lang.foreign.MemorySegment;
import org.strait.memory.Ints;

/// Ascending indices as bits: nothing if all n are there, else Rice-coded gaps with the best
/// parameter.
///
/// Gap: index minus previous index minus 1 (the first: the index itself). Rice code with parameter
/// r (Rice and Plaunt 1971, the power-of-two case of Golomb 1966): gap / 2^r as that many one-bits
/// and a zero-bit, then the r low bits. With r = 0 it is a bitmap (inverted, cut after the last
/// index), so a bitmap of its own could never be smaller.
final class IndexCode {
  /// All indices 0 … n - 1; no bytes.
  static final int ALL = 0;

  /// Rice-coded gaps.
  static final int RICE = 1;

  /// Entropy-coded gaps, see {@link GapCode}.
  static final int GAPS = 2;

  /// Largest Rice parameter: no gap of 31-bit indices has more bits.
  static final int MAX_RICE = 30;

  private final BitWriter writer = new BitWriter();
  private final BitReader reader = new BitReader();
  private int code;
  private int rice;
  private long bytes;

  /// Most bytes that k indices below n can take.
  static long maxBytes(long n, long k) {
    if (k == n) {
      return 0;
    }
    long least = Long.MAX_VALUE;
    for (int r = 0; r <= MAX_RICE; r++) {
      // All gaps together are at most n - k, so are the unary parts at most (n - k) / 2^r.
      least = Math.min(least, (k * (1 + r) + ((n - k) >>> r) + 7) / 8);
    }
    return least;
  }

  /// Most bytes that up to {@code most} indices below n can take.
  static long maxBytesUpTo(long n, long most) {
    long least = Long.MAX_VALUE;
    for (int r = 0; r <= MAX_RICE; r++) {
      // k·r + k + (n - k) / 2^r grows with k but for r = 0, where it is n.
      least = Math.min(least, (most * (1 + r) + (n >>> r) + 7) / 8);
    }
    return Math.min(least, (n + 7) / 8);
  }

  /// Finds the smallest code for the first k indices, ascending and below n.
  void choose(Ints indices, long k, long n) {
    rice = 0;
    if (k == n) {
      code = ALL;
      bytes = 0;
      return;
    }
    code = RICE;
    bytes = (chooseRice(indices, k, n) + 7) / 8;
  }

  /// The code that {@link #choose} found.
  int code() {
    return code;
  }

  /// Its Rice parameter, 0 for other codes.
  int rice() {
    return rice;
  }

  /// The bytes that {@link #write} will write.
  long bytes() {
    return bytes;
  }

  /// Writes what {@link #choose} found for the same indices.
  void write(Ints indices, long k, MemorySegment out, long offset) {
    if (code == RICE) {
      writeRice(indices, k, out, offset);
    }
  }

  /// Reads k ascending indices below n. Modified: the first k elements of indices, unless all n are
  /// there.
  ///
  /// @throws PayloadException if the bytes are not exactly such indices
  void read(
      MemorySegment in, long offset, long size, int how, int r, long n, long k, Ints indices) {
    if (r > MAX_RICE || (how != RICE && r != 0)) {
      throw new PayloadException(
          "payload byte "
              + PayloadLayout.INDEX_CODE_OFFSET
              + ": Rice parameter "
              + r
              + " with index code "
              + how);
    }
    switch (how) {
      case ALL -> {
        PayloadLayout.expect("k with all indices", PayloadLayout.LENGTHS_OFFSET, k, n);
        PayloadLayout.expect("index bytes", PayloadLayout.LENGTHS_OFFSET, size, 0);
      }
      case RICE -> readRice(in, offset, size, r, n, k, indices);
      default ->
          throw new PayloadException(
              "payload byte "
                  + PayloadLayout.INDEX_CODE_OFFSET
                  + ": index code "
                  + how
                  + "; known: 0 (all), 1 (Rice), 2 (coded gaps)");
    }
  }

  /// Bits of the best Rice code; leaves its parameter in {@link #rice}. The bits are convex in the
  /// parameter (each step halves the gaps that still count), so the first minimum is the only one.
  private long chooseRice(Ints indices, long k, long n) {
    if (k == 0) {
      return 0;
    }
    int r = 63 - Long.numberOfLeadingZeros(Math.max(1, (n - k) / k));
    long bits = riceBits(indices, k, r);
    long fewer;
    if (r > 0 && (fewer = riceBits(indices, k, r - 1)) < bits) {
      do {
        bits = fewer;
        r--;
      } while (r > 0 && (fewer = riceBits(indices, k, r - 1)) < bits);
    } else {
      while (r < MAX_RICE && (fewer = riceBits(indices, k, r + 1)) < bits) {
        bits = fewer;
        r++;
      }
    }
    rice = r;
    return bits;
  }

  private static long riceBits(Ints indices, long k, int r) {
    long bits = k * (1 + r);
    int next = 0;
    for (long j = 0; j < k; j++) {
      int index = indices.get(j);
      bits += (index - next) >>> r;
      next = index + 1;
    }
    return bits;
  }

  private void writeRice(Ints indices, long k, MemorySegment out, long offset) {
    writer.start(out, offset);
    int next = 0;
    long mask = (1L << rice) - 1;
    for (long j = 0; j < k; j++) {
      int index = indices.get(j);
      int gap = index - next;
      next = index + 1;
      int ones = gap >>> rice;
      for (; ones >= 32; ones -= 32) {
        writer.put(0xffff_ffffL, 32);
      }
      writer.put((1L << ones) - 1, ones);
      writer.put((gap & mask) << 1, rice + 1);
    }
    writer.finish();
  }

  private void readRice(
      MemorySegment in, long offset, long size, int r, long n, long k, Ints indices) {
    reader.start(in, offset, size);
    long most = n >>> r;
    long next = 0;
    for (long j = 0; j < k; j++) {
      long high = reader.ones(most);
      long low = high < 0 ? -1 : reader.take(r);
      if (low < 0) {
        throw new PayloadException(
            "index " + j + " of " + k + ": the index bytes end, or it is beyond " + n);
      }
      long index = next + (high << r) + low;
      if (index >= n) {
        throw new PayloadException("index " + j + " of " + k + " is " + index + ", not below " + n);
      }
      indices.set(j, (int) index);
      next = index + 1;
    }
    if (!reader.atCleanEnd()) {
      throw new PayloadException(
          size + " index bytes from byte " + offset + ": more than " + k + " indices take");
    }
  }
}
