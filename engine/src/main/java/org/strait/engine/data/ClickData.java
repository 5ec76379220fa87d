package org.strait.engine.data;

import java.util.Arrays;
import org.strait.memory.HostMemory;

/// Generated rows that look like advertising clicks and differ by data centre (DC): 13 numeric and
/// 26 categorical fields hashed into 2^18 features, about 39 entries a row, labels -1 and +1 with
/// about a quarter of +1. A row is a pure function of seed, DC and row number, the same bits on
/// every machine, so each rank makes its own rows and test rows are those from {@link
/// #FIRST_TEST_ROW}.
///
/// Numeric fields are log-normal (bell-shaped exponent of bounded tails), shifted by DC. A category
/// is drawn by Zipf's law (exponent 1) from a ranking of its field's values that all DCs share, or,
/// in two draws of five, from a ranking of the DC's own. Labels come from a planted linear model
/// and an intercept of the DC.
public final class ClickData {
  /// Number of features.
  public static final int FEATURES = 1 << 18;

  /// Rows from here on are for testing.
  public static final int FIRST_TEST_ROW = 1 << 30;

  private static final int NUMERIC = 13;

  /// Values of each categorical field, spread as in public click logs.
  private static final int[] CATEGORIES = {
    1_460, 583, 100_000, 90_000, 305, 24, 12_517, 633, 3, 93_145, 5_683, 95_000, 3_194, 27, 14_992,
    85_000, 10, 5_652, 2_173, 4, 97_000, 18, 15, 28_618, 105, 14_257
  };

  private static final int FIRST_CALIBRATION_ROW = Integer.MIN_VALUE;
  private static final int CALIBRATION_ROWS = 4096;
  private static final double OWN_RANKING = 0.4;
  private static final double MEAN_RATE = 0.25;
  private static final double RATE_SPREAD = 0.05;

  private final long seed;

  /// @param seed decides the planted model and all rows
  public ClickData(long seed) {
    this.seed = seed;
  }

  /// Training rows that DC {@code dc} has: 60 000 to 100 000, by seed.
  public int trainRows(int dc) {
    return 60_000 + (int) (40_001 * Draws.unitOf(bits(3, dc, 0)));
  }

  /// Generates rows [from, from + count) of a DC.
  ///
  /// @param dc number of the data centre, from 0
  /// @param memory owner of the rows
  public Dataset rows(int dc, int from, int count, HostMemory memory) {
    if (dc < 0 || from < 0 || count < 0 || from > Integer.MAX_VALUE - count) {
      throw new IllegalArgumentException(
          "rows " + from + " + " + count + " of data centre " + dc + ": out of range");
    }
    Row row = new Row(dc);
    double intercept = intercept(row);
    try (DatasetBuilder builder = new DatasetBuilder(memory)) {
      for (int r = from; r < from + count; r++) {
        double score = row.draw(r);
        int i = 0;
        while (i < row.index.length) {
          int feature = row.index[i];
          float value = row.value(i++);
          while (i < row.index.length && row.index[i] == feature) {
            value += row.value(i++);
          }
          builder.entry(feature, value);
        }
        boolean positive = row.draws.unit() < sigmoid(score + intercept);
        builder.endRow(positive ? 1 : -1);
      }
      return builder.build("generated clicks of data centre " + (dc + 1), FEATURES, memory);
    }
  }

  /// The intercept that gives the DC its share of +1, found by bisection on sample rows.
  private double intercept(Row row) {
    double rate = MEAN_RATE + RATE_SPREAD * (2 * Draws.unitOf(bits(4, row.dc, 0)) - 1);
    double[] scores = new double[CALIBRATION_ROWS];
    for (int i = 0; i < scores.length; i++) {
      scores[i] = row.draw(FIRST_CALIBRATION_ROW + i);
    }
    double low = -30;
    double high = 30;
    for (int step = 0; step < 40; step++) {
      double middle = (low + high) / 2;
      double mean = 0;
      for (double score : scores) {
        mean += sigmoid(score + middle) / scores.length;
      }
      if (mean < rate) {
        low = middle;
      } else {
        high = middle;
      }
    }
    return (low + high) / 2;
  }

  private long bits(long kind, long a, long b) {
    return Draws.mix(Draws.mix(Draws.mix(seed + kind * 0x632BE59BD9B4E019L) + a) + b);
  }

  /// Same bits on every machine, unlike Math.exp.
  private static double sigmoid(double x) {
    return 1 / (1 + StrictMath.exp(-x));
  }

  /// One row at a time: features ascending, numeric ones first.
  private final class Row {
    final int dc;
    final Draws draws = new Draws();
    final int[] index = new int[NUMERIC + CATEGORIES.length];
    final float[] numeric = new float[NUMERIC];
    final double[] shift = new double[NUMERIC];
    final double[] logCategories = new double[CATEGORIES.length];
    final int[] rotation = new int[CATEGORIES.length];

    Row(int dc) {
      this.dc = dc;
      for (int j = 0; j < NUMERIC; j++) {
        index[j] = j;
        shift[j] = 0.8 * (Draws.unitOf(bits(1, dc, j)) - 0.5);
      }
      for (int f = 0; f < CATEGORIES.length; f++) {
        logCategories[f] = StrictMath.log(CATEGORIES[f] + 1.0);
        rotation[f] = (int) (CATEGORIES[f] * Draws.unitOf(bits(2, dc, f)));
      }
    }

    /// Draws the fields of a row; returns its score under the planted model, without intercept.
    double draw(int row) {
      draws.key(seed, dc, row);
      double score = 0;
      for (int j = 0; j < NUMERIC; j++) {
        numeric[j] = (float) (0.25 * StrictMath.exp(0.5 * Draws.bellOf(draws.next()) + shift[j]));
        score += 2 * Draws.bellOf(bits(5, j, 0)) * numeric[j];
      }
      for (int f = 0; f < CATEGORIES.length; f++) {
        // P(rank k) = log((k + 1) / k) / log(n + 1), about 1 / k.
        int rank = (int) StrictMath.exp(draws.unit() * logCategories[f]);
        int category = Math.min(rank, CATEGORIES[f]) - 1;
        if (draws.unit() < OWN_RANKING) {
          category = (category + rotation[f]) % CATEGORIES[f];
        }
        long hash = Draws.mix(((long) f << 32) + category + 1);
        int feature = NUMERIC + (int) Math.unsignedMultiplyHigh(hash, FEATURES - NUMERIC);
        index[NUMERIC + f] = feature;
        score += 0.3 * Draws.bellOf(bits(6, feature, 0));
      }
      Arrays.sort(index, NUMERIC, index.length);
      return score;
    }

    float value(int i) {
      return i < NUMERIC ? numeric[i] : 1;
    }
  }
}
