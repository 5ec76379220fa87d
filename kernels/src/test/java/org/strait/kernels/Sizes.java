package org.strait.kernels;

import java.util.stream.IntStream;

/// Lengths around the lanes of every width (4, 8 and 16 floats): 0, 1, w-1, w, w+1, 4w+3, and
/// primes.
final class Sizes {
  private Sizes() {}

  static IntStream around() {
    return IntStream.of(0, 1, 3, 4, 5, 7, 8, 9, 15, 16, 17, 19, 31, 33, 35, 67, 131, 997);
  }

  static IntStream all() {
    return IntStream.concat(around(), IntStream.of(1_000_003));
  }
}
