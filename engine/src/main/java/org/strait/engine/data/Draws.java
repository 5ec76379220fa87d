package org.strait.engine.data;

/// A small random source that can be set to any key without allocating: SplitMix64 (Steele, Lea &
/// Flood 2014). The stream of a key is a pure function of the key, so a row or an epoch can be had
/// without those before it.
public final class Draws {
  private static final long GOLDEN = 0x9E3779B97F4A7C15L;

  private long state;

  /// Starts the stream of a key of three numbers.
  public void key(long a, long b, long c) {
    state = mix(mix(mix(a) + GOLDEN * b) + GOLDEN * c);
  }

  public long next() {
    state += GOLDEN;
    return mix(state);
  }

  /// Uniform in [0, 1), 53 bits.
  public double unit() {
    return unitOf(next());
  }

  /// Uniform in [0, n), up to a bias of n / 2^64.
  public int below(int n) {
    return (int) Math.unsignedMultiplyHigh(next(), n);
  }

  /// Bits to a number uniform in [0, 1).
  static double unitOf(long bits) {
    return (bits >>> 11) * 0x1p-53;
  }

  /// Bits to a number with mean 0, variance 1 and a bell-shaped density on [-3.46, 3.46]: the sum
  /// of four uniforms of 16 bits.
  static double bellOf(long bits) {
    long sum = (bits & 0xFFFF) + (bits >>> 16 & 0xFFFF) + (bits >>> 32 & 0xFFFF) + (bits >>> 48);
    return (sum + 2 - 0x20000) * (1.7320508075688772 / 0x10000);
  }

  /// Finaliser of MurmurHash3 in Stafford's variant 13: a bijection that looks random.
  static long mix(long z) {
    long x = (z ^ (z >>> 30)) * 0xBF58476D1CE4E5B9L;
    x = (x ^ (x >>> 27)) * 0x94D049BB133111EBL;
    return x ^ (x >>> 31);
  }

  /// Shuffles in place (Fisher-Yates).
  void shuffle(int[] values) {
    for (int i = values.length - 1; i > 0; i--) {
      int j = below(i + 1);
      int swap = values[i];
      values[i] = values[j];
      values[j] = swap;
    }
  }
}
