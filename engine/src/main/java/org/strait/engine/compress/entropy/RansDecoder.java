package org.strait.engine.compress.entropy;

/// The decoder's inner loops, the inverse of {@link RansEncoder}. Whatever the words are, states
/// stay between 2^15 and 2^31 and every symbol is one that has a frequency; at the end of a stream
/// that an encoder wrote, all words are used and all states are {@link Rans#LEAST}.
final class RansDecoder {
  private static final int MASK = Frequencies.TOTAL - 1;

  /// Of each of the 2^12 low parts of a state: bits 0 … 7 the symbol, 8 … 19 its frequency, 20 … 31
  /// how far from the symbol's beginning.
  private final int[] slots = new int[Frequencies.TOTAL];

  /// The states before and after a call.
  final int[] states = new int[Rans.MANY];

  /// Uses other frequencies, whose sum is {@link Frequencies#TOTAL} and none of which is it.
  void use(int[] frequencies) {
    int slot = 0;
    for (int s = 0; s < Frequencies.SYMBOLS; s++) {
      int f = frequencies[s];
      int entry = s | f << 8;
      for (int offset = 0; offset < f; offset++) {
        slots[slot++] = entry | offset << 20;
      }
    }
  }

  /// Decodes symbols with one state; returns how many words it took. There are more words than
  /// symbols. Modified: into, {@link #states}.
  int one(char[] words, byte[] into, int count) {
    int p = 0;
    int x = states[0];
    for (int i = 0; i < count; i++) {
      int t = slots[x & MASK];
      into[i] = (byte) t;
      x = step(x, t);
      if (x < Rans.LEAST) {
        x = x << 16 | words[p++];
      }
    }
    states[0] = x;
    return p;
  }

  /// As {@link #one}, with {@link Rans#MANY} states.
  int many(char[] words, byte[] into, int count) {
    int p = 0;
    int x0 = states[0];
    int x1 = states[1];
    int x2 = states[2];
    int x3 = states[3];
    int x4 = states[4];
    int x5 = states[5];
    int x6 = states[6];
    int x7 = states[7];
    int whole = count & -Rans.MANY;
    for (int i = 0; i < whole; i += Rans.MANY) {
      int t0 = slots[x0 & MASK];
      into[i] = (byte) t0;
      x0 = step(x0, t0);
      if (x0 < Rans.LEAST) {
        x0 = x0 << 16 | words[p++];
      }
      int t1 = slots[x1 & MASK];
      into[i + 1] = (byte) t1;
      x1 = step(x1, t1);
      if (x1 < Rans.LEAST) {
        x1 = x1 << 16 | words[p++];
      }
      int t2 = slots[x2 & MASK];
      into[i + 2] = (byte) t2;
      x2 = step(x2, t2);
      if (x2 < Rans.LEAST) {
        x2 = x2 << 16 | words[p++];
      }
      int t3 = slots[x3 & MASK];
      into[i + 3] = (byte) t3;
      x3 = step(x3, t3);
      if (x3 < Rans.LEAST) {
        x3 = x3 << 16 | words[p++];
      }
      int t4 = slots[x4 & MASK];
      into[i + 4] = (byte) t4;
      x4 = step(x4, t4);
      if (x4 < Rans.LEAST) {
        x4 = x4 << 16 | words[p++];
      }
      int t5 = slots[x5 & MASK];
      into[i + 5] = (byte) t5;
      x5 = step(x5, t5);
      if (x5 < Rans.LEAST) {
        x5 = x5 << 16 | words[p++];
      }
      int t6 = slots[x6 & MASK];
      into[i + 6] = (byte) t6;
      x6 = step(x6, t6);
      if (x6 < Rans.LEAST) {
        x6 = x6 << 16 | words[p++];
      }
      int t7 = slots[x7 & MASK];
      into[i + 7] = (byte) t7;
      x7 = step(x7, t7);
      if (x7 < Rans.LEAST) {
        x7 = x7 << 16 | words[p++];
      }
    }
    states[0] = x0;
    states[1] = x1;
    states[2] = x2;
    states[3] = x3;
    states[4] = x4;
    states[5] = x5;
    states[6] = x6;
    states[7] = x7;
    for (int i = whole; i < count; i++) {
      int x = states[i & (Rans.MANY - 1)];
      int t = slots[x & MASK];
      into[i] = (byte) t;
      x = step(x, t);
      if (x < Rans.LEAST) {
        x = x << 16 | words[p++];
      }
      states[i & (Rans.MANY - 1)] = x;
    }
    return p;
  }

  private static int step(int x, int slot) {
    return (slot >>> 8 & 0xfff) * (x >>> Frequencies.BITS) + (slot >>> 20);
  }
}
