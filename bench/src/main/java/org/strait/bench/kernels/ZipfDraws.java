package org.strait.bench.kernels;

import java.util.random.RandomGenerator;

/// Ranks 0 … n - 1, rank k with a probability in proportion to (k + 1)^-exponent, by the alias
/// method (Vose 1991).
final class ZipfDraws {
  private final double[] keep;
  private final int[] alias;

  ZipfDraws(int n, double exponent) {
    keep = new double[n];
    alias = new int[n];
    double sum = 0;
    for (int k = 0; k < n; k++) {
      keep[k] = Math.pow(k + 1.0, -exponent);
      sum += keep[k];
    }
    int[] poor = new int[n];
    int[] rich = new int[n];
    int poorCount = 0;
    int richCount = 0;
    for (int k = 0; k < n; k++) {
      keep[k] *= n / sum;
      alias[k] = k;
      if (keep[k] < 1) {
        poor[poorCount++] = k;
      } else {
        rich[richCount++] = k;
      }
    }
    // A rank with less than its share is filled up by one with more.
    while (poorCount > 0 && richCount > 0) {
      int taker = poor[--poorCount];
      int giver = rich[--richCount];
      alias[taker] = giver;
      keep[giver] -= 1 - keep[taker];
      if (keep[giver] < 1) {
        poor[poorCount++] = giver;
      } else {
        rich[richCount++] = giver;
      }
    }
  }

  int next(RandomGenerator random) {
    int k = random.nextInt(keep.length);
    return random.nextDouble() < keep[k] ? k : alias[k];
  }
}
