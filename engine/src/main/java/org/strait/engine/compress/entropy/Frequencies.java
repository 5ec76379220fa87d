package org.strait.engine.compress.entropy;

/// Frequencies of the 256 symbols in parts of {@link #TOTAL}.
final class Frequencies {
  /// Bits of a frequency.
  static final int BITS = 12;

  /// Sum of all frequencies.
  static final int TOTAL = 1 << BITS;

  /// Different symbols.
  static final int SYMBOLS = 256;

  private static final double[] COST = cost();

  private Frequencies() {}

  private static double[] cost() {
    double[] cost = new double[TOTAL + 1];
    cost[0] = Double.POSITIVE_INFINITY;
    for (int f = 1; f <= TOTAL; f++) {
      cost[f] = BITS - StrictMath.log(f) / StrictMath.log(2);
    }
    return cost;
  }

  /// Rounds counts to frequencies with a sum of {@link #TOTAL}; what occurs gets at least 1. At
  /// least two symbols occur. Modified: frequencies.
  static void of(int[] counts, int count, int[] frequencies) {
    int sum = 0;
    for (int s = 0; s < SYMBOLS; s++) {
      int f = (int) (((long) counts[s] * TOTAL + count / 2) / count);
      frequencies[s] = f == 0 && counts[s] > 0 ? 1 : f;
      sum += frequencies[s];
    }
    while (sum != TOTAL) {
      int largest = 0;
      for (int s = 1; s < SYMBOLS; s++) {
        largest = frequencies[s] > frequencies[largest] ? s : largest;
      }
      // What is too much comes from the most frequent ones, an eighth of each at a time: cheapest.
      int change =
          sum < TOTAL ? TOTAL - sum : -Math.min(sum - TOTAL, Math.max(1, frequencies[largest] / 8));
      frequencies[largest] += change;
      sum += change;
    }
  }

  /// Bits that symbols with these counts take with these frequencies; infinite if one that occurs
  /// has none.
  static double bits(int[] counts, int[] frequencies) {
    double bits = 0;
    for (int s = 0; s < SYMBOLS; s++) {
      if (counts[s] > 0) {
        bits += counts[s] * COST[frequencies[s]];
      }
    }
    return bits;
  }
}
