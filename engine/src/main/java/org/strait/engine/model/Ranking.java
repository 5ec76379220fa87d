package org.strait.engine.model;

import java.util.Arrays;

/// Measures of how well scores put the rows of one class before all others. Rows may have weights.
/// Both are NaN if only one side has any weight.
///
/// @param precision average precision: Σ (recall(k) - recall(k-1))·precision(k) over the distinct
///     scores from the highest
/// @param area probability that a row of the class scores above another one, ties counting half
record Ranking(double precision, double area) {
  /// Who is in the class, and how much each row counts.
  interface Rows {
    float score(int row);

    boolean positive(int row);

    double weight(int row);
  }

  /// @param keys room for a number for each row
  static Ranking of(Rows rows, long[] keys) {
    double positives = 0;
    double all = 0;
    for (int r = 0; r < keys.length; r++) {
      int bits = Float.floatToIntBits(rows.score(r) + 0f); // -0 becomes 0 and ties with it
      int ascending = bits ^ ((bits >> 31) & Integer.MAX_VALUE);
      keys[r] = ((long) ascending << Integer.SIZE) | r;
      double weight = rows.weight(r);
      positives += rows.positive(r) ? weight : 0;
      all += weight;
    }
    Arrays.sort(keys);
    double negatives = all - positives;
    double precisionSum = 0;
    double pairsWon = 0;
    double above = 0;
    double positivesAbove = 0;
    for (int end = keys.length; end > 0; ) {
      int start = end;
      double weight = 0;
      double tied = 0;
      while (start > 0 && keys[start - 1] >> Integer.SIZE == keys[end - 1] >> Integer.SIZE) {
        int row = (int) keys[--start];
        weight += rows.weight(row);
        tied += rows.positive(row) ? rows.weight(row) : 0;
      }
      above += weight;
      positivesAbove += tied;
      if (tied > 0) {
        precisionSum += tied * (positivesAbove / above);
        double negativesBelow = negatives - (above - positivesAbove);
        pairsWon += tied * (negativesBelow + (weight - tied) / 2);
      }
      end = start;
    }
    return new Ranking(precisionSum / positives, pairsWon / (positives * negatives));
  }
}
