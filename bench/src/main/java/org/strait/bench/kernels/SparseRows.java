package org.strait.bench.kernels;

import java.util.Arrays;
import java.util.random.RandomGenerator;
import java.util.random.RandomGeneratorFactory;
import org.strait.kernels.Csr;
import org.strait.memory.Floats;
import org.strait.memory.HostMemory;
import org.strait.memory.Ints;
import org.strait.memory.Longs;

/// Sparse rows as text classification has them: features drawn by Zipf's law (exponent 1.1) and
/// numbered at random, about 39 entries a row, rows of length 1.
public final class SparseRows {
  private static final double EXPONENT = 1.1;
  private static final int FEWEST_DRAWS = 30;
  private static final int MOST_DRAWS = 70;

  private final Csr matrix;
  private final Floats labels;

  /// 500,000 rows of 1,000,000 features, 19.5 million entries; few if quick.
  public SparseRows(boolean quick, HostMemory memory) {
    this(rows(quick), cols(quick), 1, memory);
  }

  /// @param rows number of rows
  /// @param cols number of features
  /// @param seed of the draws
  /// @param memory owner of the rows
  public SparseRows(int rows, int cols, long seed, HostMemory memory) {
    RandomGenerator random = RandomGeneratorFactory.of("L64X128MixRandom").create(seed);
    ZipfDraws ranks = new ZipfDraws(cols, EXPONENT);
    int[] number = shuffled(cols, random);
    Longs start = memory.longs(rows + 1L);
    int[] index = new int[rows * 40];
    int[] row = new int[MOST_DRAWS];
    int entries = 0;
    for (int r = 0; r < rows; r++) {
      int draws = random.nextInt(FEWEST_DRAWS, MOST_DRAWS);
      for (int i = 0; i < draws; i++) {
        row[i] = number[ranks.next(random)];
      }
      Arrays.sort(row, 0, draws);
      if (entries + draws > index.length) {
        index = Arrays.copyOf(index, Math.addExact(index.length, index.length / 4 + MOST_DRAWS));
      }
      for (int i = 0; i < draws; i++) {
        if (i == 0 || row[i] != row[i - 1]) {
          index[entries++] = row[i];
        }
      }
      start.set(r + 1L, entries);
    }
    Ints indices = memory.ints(entries);
    Floats values = memory.floats(entries);
    labels = memory.floats(rows);
    for (int e = 0; e < entries; e++) {
      indices.set(e, index[e]);
    }
    for (int r = 0; r < rows; r++) {
      labels.set(r, random.nextBoolean() ? 1 : -1);
      fill(values, start.get(r), start.get(r + 1L), random);
    }
    matrix = new Csr(rows, cols, start, indices, values);
  }

  /// Positive values with six decimals whose squares add up to about 1.
  private static void fill(Floats values, long from, long to, RandomGenerator random) {
    double scale = 1 / Math.sqrt((double) (to - from));
    for (long e = from; e < to; e++) {
      double value = scale * random.nextDouble(0.5, 1.5);
      values.set(e, (float) (Math.max(1, Math.round(value * 1e6)) / 1e6));
    }
  }

  private static int[] shuffled(int n, RandomGenerator random) {
    int[] numbers = new int[n];
    for (int i = 0; i < n; i++) {
      int j = random.nextInt(i + 1);
      numbers[i] = numbers[j];
      numbers[j] = i;
    }
    return numbers;
  }

  private static int rows(boolean quick) {
    return quick ? 1_000 : 500_000;
  }

  private static int cols(boolean quick) {
    return quick ? 2_000 : 1_000_000;
  }

  /// The shape, for names.
  static String shape(boolean quick) {
    return rows(quick) + "x" + cols(quick);
  }

  /// The rows.
  public Csr matrix() {
    return matrix;
  }

  /// -1 or +1 for each.
  public Floats labels() {
    return labels;
  }

  /// Bytes that have to be read: index and value of every entry; row start, label and result of
  /// every row.
  long bytes() {
    return 8 * matrix.entries() + 16L * matrix.rows();
  }

  /// Operations: two for each entry's margin, two for its part of the gradient.
  double flops() {
    return 4.0 * matrix.entries();
  }
}
