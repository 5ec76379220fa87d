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
      int under = under(x);
      x = x << (under << 4) | (words[p] & -under);
      p += under;
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
      int under0 = under(x0);
      x0 = x0 << (under0 << 4) | (words[p] & -under0);
      p += under0;
      int t1 = slots[x1 & MASK];
      into[i + 1] = (byte) t1;
      x1 = step(x1, t1);
      int under1 = under(x1);
      x1 = x1 << (under1 << 4) | (words[p] & -under1);
      p += under1;
      int t2 = slots[x2 & MASK];
      into[i + 2] = (byte) t2;
      x2 = step(x2, t2);
      int under2 = under(x2);
      x2 = x2 << (under2 << 4) | (words[p] & -under2);
      p += under2;
      int t3 = slots[x3 & MASK];
      into[i + 3] = (byte) t3;
      x3 = step(x3, t3);
      int under3 = under(x3);
      x3 = x3 << (under3 << 4) | (words[p] & -under3);
      p += under3;
      int t4 = slots[x4 & MASK];
      into[i + 4] = (byte) t4;
      x4 = step(x4, t4);
      int under4 = under(x4);
      x4 = x4 << (under4 << 4) | (words[p] & -under4);
      p += under4;
      int t5 = slots[x5 & MASK];
      into[i + 5] = (byte) t5;
      x5 = step(x5, t5);
      int under5 = under(x5);
      x5 = x5 << (under5 << 4) | (words[p] & -under5);
      p += under5;
      int t6 = slots[x6 & MASK];
      into[i + 6] = (byte) t6;
      x6 = step(x6, t6);
      int under6 = under(x6);
      x6 = x6 << (under6 << 4) | (words[p] & -under6);
      p += under6;
      int t7 = slots[x7 & MASK];
      into[i + 7] = (byte) t7;
      x7 = step(x7, t7);
      int under7 = under(x7);
      x7 = x7 << (under7 << 4) | (words[p] & -under7);
      p += under7;
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
      int under = under(x);
      states[i & (Rans.MANY - 1)] = x << (under << 4) | (words[p] & -under);
      p += under;
    }
    return p;
  }

  private static int step(int x, int slot) {
    return (slot >>> 8 & 0xfff) * (x >>> Frequencies.BITS) + (slot >>> 20);
  }

  /// 1 if the state wants 16 bits more, else 0.
  private static int under(int x) {
    return (x - Rans.LEAST) >>> 31;
  }
}
