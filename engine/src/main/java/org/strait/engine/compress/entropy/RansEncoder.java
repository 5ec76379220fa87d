package org.strait.engine.compress.entropy;

/// The encoder's inner loops. A state x holds 2^15 ≤ x < 2^31 between symbols; coding a symbol of
/// frequency f that begins at s turns it into 2^12·⌊x/f⌋ + s + x mod f, after the low 16 bits have
/// gone out if the result would not fit. Symbols are coded from the last to the first and words
/// written from the end to the front, so that a decoder reads both forwards. Symbol i belongs to
/// state i mod {@link Rans#MANY}, or there is one state for all. Arithmetic in the place of the
/// branches was measured, and takes half as long again.
final class RansEncoder {
  private static final int SHIFT_AT = 44;
  private static final int BIAS_AT = 48;
  private static final int FREQUENCY = 0xfff;

  /// Of each symbol: bits 0 … 31 the inverse of its frequency, 32 … 43 the frequency, 44 … 47 what
  /// the product is shifted by beyond 32 bits, 48 … 60 what is added. So the quotient is exact for
  /// states of 31 bits without a division (Alverson 1991).
  private final long[] symbols = new long[Frequencies.SYMBOLS];

  /// The states after the last call.
  final int[] states = new int[Rans.MANY];

  /// Uses other frequencies, none of which is {@link Frequencies#TOTAL}.
  void use(int[] frequencies) {
    int start = 0;
    for (int s = 0; s < Frequencies.SYMBOLS; s++) {
      int f = frequencies[s];
      if (f == 1) {
        symbols[s] = 0xffff_ffffL | 1L << 32 | (long) (start + Frequencies.TOTAL - 1) << BIAS_AT;
      } else if (f > 1) {
        int shift = Integer.SIZE - Integer.numberOfLeadingZeros(f - 1);
        long inverse = ((1L << (shift + 31)) + f - 1) / f;
        symbols[s] =
            inverse | (long) f << 32 | (long) (shift - 1) << SHIFT_AT | (long) start << BIAS_AT;
      }
      start += f;
    }
  }

  /// Codes symbols with one state; returns where the words begin, which end with {@code end}.
  /// Modified: words, {@link #states}.
  int one(byte[] from, int count, char[] words, int end) {
    int p = end;
    int x = Rans.LEAST;
    for (int i = count - 1; i >= 0; i--) {
      long e = symbols[from[i] & 255];
      if (x >= bound(e)) {
        words[--p] = (char) x;
        x >>>= 16;
      }
      x = next(x, e);
    }
    states[0] = x;
    return p;
  }

  /// As {@link #one}, with {@link Rans#MANY} states.
  int many(byte[] from, int count, char[] words, int end) {
    int p = end;
    java.util.Arrays.fill(states, Rans.LEAST);
    int whole = count & -Rans.MANY;
    for (int i = count - 1; i >= whole; i--) {
      int x = states[i & (Rans.MANY - 1)];
      long e = symbols[from[i] & 255];
      if (x >= bound(e)) {
        words[--p] = (char) x;
        x >>>= 16;
      }
      states[i & (Rans.MANY - 1)] = next(x, e);
    }
    int x0 = states[0];
    int x1 = states[1];
    int x2 = states[2];
    int x3 = states[3];
    int x4 = states[4];
    int x5 = states[5];
    int x6 = states[6];
    int x7 = states[7];
    for (int i = whole - Rans.MANY; i >= 0; i -= Rans.MANY) {
      long e7 = symbols[from[i + 7] & 255];
      if (x7 >= bound(e7)) {
        words[--p] = (char) x7;
        x7 >>>= 16;
      }
      x7 = next(x7, e7);
      long e6 = symbols[from[i + 6] & 255];
      if (x6 >= bound(e6)) {
        words[--p] = (char) x6;
        x6 >>>= 16;
      }
      x6 = next(x6, e6);
      long e5 = symbols[from[i + 5] & 255];
      if (x5 >= bound(e5)) {
        words[--p] = (char) x5;
        x5 >>>= 16;
      }
      x5 = next(x5, e5);
      long e4 = symbols[from[i + 4] & 255];
      if (x4 >= bound(e4)) {
        words[--p] = (char) x4;
        x4 >>>= 16;
      }
      x4 = next(x4, e4);
      long e3 = symbols[from[i + 3] & 255];
      if (x3 >= bound(e3)) {
        words[--p] = (char) x3;
        x3 >>>= 16;
      }
      x3 = next(x3, e3);
      long e2 = symbols[from[i + 2] & 255];
      if (x2 >= bound(e2)) {
        words[--p] = (char) x2;
        x2 >>>= 16;
      }
      x2 = next(x2, e2);
      long e1 = symbols[from[i + 1] & 255];
      if (x1 >= bound(e1)) {
        words[--p] = (char) x1;
        x1 >>>= 16;
      }
      x1 = next(x1, e1);
      long e0 = symbols[from[i] & 255];
      if (x0 >= bound(e0)) {
        words[--p] = (char) x0;
        x0 >>>= 16;
      }
      x0 = next(x0, e0);
    }
    states[0] = x0;
    states[1] = x1;
    states[2] = x2;
    states[3] = x3;
    states[4] = x4;
    states[5] = x5;
    states[6] = x6;
    states[7] = x7;
    return p;
  }

  /// The first state that the symbol would carry beyond 31 bits.
  private static int bound(long e) {
    return ((int) (e >>> 32) & FREQUENCY) << 19;
  }

  private static int next(int x, long e) {
    int quotient = (int) ((x * (e & 0xffff_ffffL)) >>> (32 + ((int) (e >>> SHIFT_AT) & 15)));
    int others = Frequencies.TOTAL - ((int) (e >>> 32) & FREQUENCY);
    return x + (int) (e >>> BIAS_AT) + quotient * others;
  }
}
