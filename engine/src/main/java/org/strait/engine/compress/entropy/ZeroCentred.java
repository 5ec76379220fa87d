package org.strait.engine.compress.entropy;

/// Frequencies from two bytes and a bit: a share of zeros, and numbers ±1 … ±most whose frequency
/// falls with their magnitude m as one of four shapes of m/scale. For runs that are too short to
/// carry a table. Equal on all machines: {@link StrictMath}.
final class ZeroCentred {
  /// Shapes: normal, Laplace, and two with heavier tails.
  private static final int SHAPES = 4;

  /// Scales 1/2, 1/2·√2, … of each shape.
  private static final int SCALES = 16;

  /// Different {@link #kind}s.
  static final int KINDS = SHAPES * SCALES;

  /// Largest magnitude.
  static final int MOST = 127;

  /// Parts of {@link Frequencies#TOTAL} in which the share of zeros is counted.
  private static final int ZERO_UNIT = 16;

  /// Weight of magnitude m in kind k, at k·128 + m, and the sum of those of 1 … m.
  private static final double[] WEIGHT = new double[KINDS * (MOST + 1)];

  private static final double[] UP_TO = new double[KINDS * (MOST + 1)];

  /// -log2 of the weight.
  private static final double[] COST = new double[KINDS * (MOST + 1)];

  static {
    for (int kind = 0; kind < KINDS; kind++) {
      double scale = 0.5 * StrictMath.pow(2, kind % SCALES / 2.0);
      for (int m = 1; m <= MOST; m++) {
        int at = kind * (MOST + 1) + m;
        // Not below what a frequency can show anyway, so that sums and logarithms stay finite.
        WEIGHT[at] = StrictMath.max(1e-12, shape(kind / SCALES, m / scale));
        UP_TO[at] = UP_TO[at - 1] + WEIGHT[at];
        COST[at] = -StrictMath.log(WEIGHT[at]) / StrictMath.log(2);
      }
    }
  }

  /// Shape and scale.
  int kind;

  /// Share of zeros in 256ths.
  int zeros;

  /// Largest magnitude that occurs, at least 1.
  int most;

  private final int[] magnitudes = new int[MOST + 1];

  private static double shape(int number, double x) {
    return switch (number) {
      case 0 -> StrictMath.exp(-x * x / 2);
      case 1 -> StrictMath.exp(-x);
      case 2 -> StrictMath.exp(-2 * StrictMath.sqrt(x));
      default -> 1 / ((1 + x) * (1 + x));
    };
  }

  /// Finds the best kind for symbols with these counts, of which at least one is not 0; false if
  /// one is -128, which has no opposite.
  boolean fit(int[] counts, int count) {
    if (counts[128] > 0) {
      return false;
    }
    most = 1;
    for (int m = 1; m <= MOST; m++) {
      magnitudes[m] = counts[m] + counts[256 - m];
      most = magnitudes[m] > 0 ? m : most;
    }
    int others = count - counts[0];
    double least = Double.POSITIVE_INFINITY;
    for (int k = 0; k < KINDS; k++) {
      int at = k * (MOST + 1);
      double cost = others * StrictMath.log(UP_TO[at + most]) / StrictMath.log(2);
      for (int m = 1; m <= most; m++) {
        cost += magnitudes[m] * COST[at + m];
      }
      if (cost < least) {
        least = cost;
        kind = k;
      }
    }
    int share = (int) ((256L * counts[0] + count / 2) / count);
    zeros = counts[0] == 0 ? 0 : Math.clamp(share, 1, mostZeros(most));
    return true;
  }

  private static int mostZeros(int most) {
    return Math.min(255, (Frequencies.TOTAL - 2 * most) / ZERO_UNIT);
  }

  /// Says the parameters of a stream.
  ///
  /// @throws CorruptStreamException if there are none such
  void set(int newKind, int newZeros, int newMost) {
    if (newMost < 1 || newMost > MOST || newZeros > mostZeros(newMost)) {
      throw new CorruptStreamException(
          "a model of "
              + newZeros
              + "/256 zeros and numbers up to "
              + newMost
              + ", expected 1 to "
              + MOST
              + " and room for each");
    }
    kind = newKind;
    zeros = newZeros;
    most = newMost;
  }

  /// Writes the frequencies that the parameters mean.
  void frequencies(int[] frequencies) {
    java.util.Arrays.fill(frequencies, 0);
    int at = kind * (MOST + 1);
    // Each number has 1 for sure; the rest goes by weight, and what rounding leaves to zero, or to
    // 1 where there are no zeros.
    int sure = 2 * most;
    int rest = Frequencies.TOTAL - zeros * ZERO_UNIT - sure;
    int left = Frequencies.TOTAL;
    for (int m = 1; m <= most; m++) {
      int f = 1 + (int) (rest * WEIGHT[at + m] / (2 * UP_TO[at + most]));
      frequencies[m] = f;
      frequencies[256 - m] = f;
      left -= 2 * f;
    }
    frequencies[zeros > 0 ? 0 : 1] += left;
  }
}
