package org.strait.kernels;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.strait.kernels.scalar.ScalarBackend;
import org.strait.kernels.team.Team;
import org.strait.kernels.team.TeamBackend;
import org.strait.memory.Doubles;
import org.strait.memory.Floats;
import org.strait.memory.Ints;
import org.strait.memory.Longs;

/// What every backend's sparse family must do.
public abstract class SparseOpsContract {
  private static final double U = 0x1p-24;

  /// Error of a sum over a row, relative to the sum of its magnitudes, that SparseOps allows.
  private static final double MARGIN = 72 * U;

  protected abstract Backend backend();

  /// Random rows, some of them empty, whose first entry does not lie at 0.
  private static Csr rows(Operands operands, int rows, int cols, double density) {
    boolean[] taken = new boolean[rows * cols];
    int entries = 0;
    for (int i = 0; i < taken.length; i++) {
      taken[i] = operands.random().nextDouble() < density && i / cols % 5 != 3;
      entries += taken[i] ? 1 : 0;
    }
    int skipped = 7;
    Longs rowStart = operands.memory().longs(rows + 1L);
    Ints index = operands.ints(entries + skipped);
    Floats value = operands.floats(entries + skipped);
    long at = skipped;
    for (int r = 0; r < rows; r++) {
      rowStart.set(r, at);
      for (int c = 0; c < cols; c++) {
        if (taken[r * cols + c]) {
          index.set(at++, c);
        }
      }
    }
    rowStart.set(rows, at);
    return new Csr(rows, cols, rowStart, index, value);
  }

  private static double entry(Csr rows, int r, int c) {
    for (long e = rows.rowStart().get(r); e < rows.rowStart().get(r + 1L); e++) {
      if (rows.index().get(e) == c) {
        return rows.value().get(e);
      }
    }
    return 0;
  }

  @ParameterizedTest
  @CsvSource({
    "0, 3, 0.5",
    "1, 1, 1",
    "9, 1, 1",
    "9, 4, 1",
    "9, 17, 0.3",
    "9, 67, 1",
    "31, 131, 0.1",
    "11, 131, 0",
    "4, 5003, 0.5"
  })
  void marginsAreRowSums(int rows, int cols, double density) {
    try (Operands operands = new Operands(rows * 37L + cols)) {
      Csr x = rows(operands, rows, cols, density);
      Floats weights = operands.floats(cols);
      Floats weightsBefore = operands.copy(weights);
      Floats margins = operands.filled(rows, Float.NaN);
      backend().sparse().margins(x, weights, margins);
      for (int r = 0; r < rows; r++) {
        double sum = 0;
        double magnitude = 0;
        for (int c = 0; c < cols; c++) {
          sum += entry(x, r, c) * weights.get(c);
          magnitude += Math.abs(entry(x, r, c) * weights.get(c));
        }
        assertEquals(sum, margins.get(r), U * Math.abs(sum) + MARGIN * magnitude);
      }
      assertArrayEquals(weightsBefore.toArray(), weights.toArray());
    }
  }

  @ParameterizedTest
  @CsvSource({"0, 3, 0.5", "1, 1, 1", "9, 4, 1", "9, 17, 0.3", "31, 131, 0.1", "300, 11, 0.5"})
  void scaledRowsAreAddedInOrder(int rows, int cols, double density) {
    try (Operands operands = new Operands(rows * 41L + cols)) {
      Csr x = rows(operands, rows, cols, density);
      Floats coefficients = operands.floats(rows);
      Floats coefficientsBefore = operands.copy(coefficients);
      Floats gradient = operands.floats(cols);
      Floats gradientBefore = operands.copy(gradient);
      Floats squares = operands.floats(cols);
      Floats squaresBefore = operands.copy(squares);
      backend().sparse().addScaledRows(x, coefficients, gradient);
      backend().sparse().addScaledSquares(x, coefficients, squares);
      for (int c = 0; c < cols; c++) {
        double sum = gradientBefore.get(c);
        double magnitude = Math.abs(sum);
        double squareSum = squaresBefore.get(c);
        double squareMagnitude = Math.abs(squareSum);
        for (int r = 0; r < rows; r++) {
          double product = coefficients.get(r) * entry(x, r, c);
          sum += product;
          magnitude += Math.abs(product);
          squareSum += product * entry(x, r, c);
          squareMagnitude += Math.abs(product * entry(x, r, c));
        }
        assertEquals(sum, gradient.get(c), (rows + 2) * U * magnitude);
        assertEquals(squareSum, squares.get(c), (rows + 3) * U * squareMagnitude);
      }
      assertArrayEquals(coefficientsBefore.toArray(), coefficients.toArray());
    }
  }

  /// Squared loss, whose derivative is the margin less the label, in plain float32.
  private static double squared(
      Floats margins, Floats labels, Floats derivatives, long from, long to) {
    double sum = 0;
    for (long r = from; r < to; r++) {
      float difference = margins.get(r) - labels.get(r);
      derivatives.set(r, difference);
      sum += 0.5 * difference * difference;
    }
    return sum;
  }

  /// Rows of 0 to 60 entries: mostly the first columns, some anywhere, all ascending. Enough of
  /// them for several blocks and parts.
  private static Csr skewed(Operands operands, int rows, int cols) {
    Longs rowStart = operands.memory().longs(rows + 1L);
    Ints index = operands.ints(60L * rows);
    Floats value = operands.floats(60L * rows);
    long at = 0;
    for (int r = 0; r < rows; r++) {
      int length = operands.random().nextInt(61);
      int column = -1;
      for (int e = 0; e < length; e++) {
        int step = e < 20 ? operands.random().nextInt(3) : operands.random().nextInt(cols / 61);
        column += 1 + step;
        if (column < cols) {
          index.set(at++, column);
        }
      }
      rowStart.set(r + 1L, at);
    }
    return new Csr(rows, cols, rowStart, index, value);
  }

  @ParameterizedTest
  @CsvSource({"1, 130", "40, 130", "700, 5003", "9000, 200", "9000, 5003", "9000, 400000"})
  void onePassIsTheThreeStepsInOne(int rows, int cols) {
    try (Operands operands = new Operands(rows + cols)) {
      Csr x = skewed(operands, rows, cols);
      RankedRows ranked = RankedRows.of(x, operands.memory());
      Floats weights = operands.floats(cols);
      Floats labels = operands.floats(rows);
      Floats before = operands.floats(cols);
      SparseOps ops = backend().sparse();
      for (int form = 0; form < 4; form++) {
        Floats perRow = operands.filled(rows, Float.NaN);
        Floats sums = operands.copy(before);
        double loss = Double.NaN;
        switch (form) {
          case 0 ->
              loss =
                  ops.lossAndGradient(x, labels, SparseOpsContract::squared, weights, perRow, sums);
          case 1 ->
              loss =
                  ops.lossAndGradient(
                      ranked, labels, SparseOpsContract::squared, weights, perRow, sums);
          case 2 -> ops.addCurvatureProduct(x, labels, weights, perRow, sums);
          default -> ops.addCurvatureProduct(ranked, labels, weights, perRow, sums);
        }
        checkOnePass(x, weights, labels, before, form < 2, loss, perRow, sums);
      }
    }
  }

  private static void checkOnePass(
      Csr x,
      Floats weights,
      Floats labels,
      Floats before,
      boolean isLoss,
      double loss,
      Floats perRow,
      Floats sums) {
    double[] sum = new double[x.cols()];
    double[] magnitude = new double[x.cols()];
    for (int c = 0; c < x.cols(); c++) {
      sum[c] = before.get(c);
      magnitude[c] = Math.abs(sum[c]);
    }
    double lossSum = 0;
    for (int r = 0; r < x.rows(); r++) {
      double margin = 0;
      double size = 0;
      for (long e = x.rowStart().get(r); e < x.rowStart().get(r + 1L); e++) {
        double product = (double) x.value().get(e) * weights.get(x.index().get(e));
        margin += product;
        size += Math.abs(product);
      }
      double label = labels.get(r);
      double expected = isLoss ? margin - label : margin * label;
      double factor = isLoss ? 1 : Math.abs(label);
      assertEquals(
          expected,
          perRow.get(r),
          factor * (MARGIN * size + U * Math.abs(margin)) + U * Math.abs(expected),
          "row " + r);
      lossSum += 0.5 * perRow.get(r) * perRow.get(r);
      for (long e = x.rowStart().get(r); e < x.rowStart().get(r + 1L); e++) {
        double product = (double) x.value().get(e) * perRow.get(r);
        sum[x.index().get(e)] += product;
        magnitude[x.index().get(e)] += Math.abs(product);
      }
    }
    if (isLoss) {
      assertEquals(lossSum, loss, 1e-5 * lossSum);
    }
    for (int c = 0; c < x.cols(); c++) {
      assertEquals(sum[c], sums.get(c), (x.rows() + 2) * U * magnitude[c], "column " + c);
    }
  }

  @Test
  void largeRunsKeepToTheirBounds() {
    try (Operands operands = new Operands(12)) {
      int rows = 5000;
      Csr x = skewed(operands, rows, 300);
      Floats weights = operands.floats(300);
      Floats coefficients = operands.floats(rows);
      Floats margins = operands.filled(rows, Float.NaN);
      Floats gradient = operands.zeros(300);
      Floats squares = operands.zeros(300);
      SparseOps ops = backend().sparse();
      ops.margins(x, weights, margins);
      ops.addScaledRows(x, coefficients, gradient);
      ops.addScaledSquares(x, coefficients, squares);
      double[] sums = new double[600];
      double[] sizes = new double[600];
      for (int r = 0; r < rows; r++) {
        double sum = 0;
        double size = 0;
        for (long e = x.rowStart().get(r); e < x.rowStart().get(r + 1L); e++) {
          int c = x.index().get(e);
          double v = x.value().get(e);
          sum += v * weights.get(c);
          size += Math.abs(v * weights.get(c));
          double product = v * coefficients.get(r);
          sums[c] += product;
          sizes[c] += Math.abs(product);
          sums[300 + c] += product * v;
          sizes[300 + c] += Math.abs(product * v);
        }
        assertEquals(sum, margins.get(r), U * Math.abs(sum) + MARGIN * size);
      }
      for (int c = 0; c < 300; c++) {
        assertEquals(sums[c], gradient.get(c), (rows + 2) * U * sizes[c]);
        assertEquals(sums[300 + c], squares.get(c), (rows + 3) * U * sizes[300 + c]);
      }
    }
  }

  @Test
  void bitsAreTheSameForOneTwoAndThreeThreads() {
    try (Operands operands = new Operands(8)) {
      int rows = 20_000;
      int cols = 9000;
      Csr x = skewed(operands, rows, cols);
      RankedRows ranked = RankedRows.of(x, operands.memory());
      Floats weights = operands.floats(cols);
      Floats labels = operands.floats(rows);
      float[][] expected = null;
      for (int threads = 1; threads <= 3; threads++) {
        try (Team team = new Team("test", threads)) {
          SparseOps ops = new TeamBackend(backend(), team).sparse();
          Floats[] out = new Floats[12];
          for (int i = 0; i < out.length; i++) {
            out[i] = operands.zeros(i % 2 == 0 ? rows : cols);
          }
          double loss =
              ops.lossAndGradient(x, labels, SparseOpsContract::squared, weights, out[0], out[1]);
          double rankedLoss =
              ops.lossAndGradient(
                  ranked, labels, SparseOpsContract::squared, weights, out[2], out[3]);
          ops.addCurvatureProduct(x, labels, weights, out[4], out[5]);
          ops.addCurvatureProduct(ranked, labels, weights, out[6], out[7]);
          ops.margins(x, weights, out[8]);
          ops.addScaledRows(x, labels, out[9]);
          ops.addScaledSquares(x, labels, out[11]);
          float[][] got = new float[out.length + 1][];
          for (int i = 0; i < out.length; i++) {
            got[i] = out[i].toArray();
          }
          got[out.length] = new float[] {bits(loss), bits(rankedLoss)};
          if (expected == null) {
            expected = got;
          }
          for (int i = 0; i < got.length; i++) {
            assertArrayEquals(expected[i], got[i], "run " + i + " with " + threads + " threads");
          }
        }
      }
    }
  }

  /// Twice the margin as coefficient, and the margins' squares as sum.
  private static double doubled(Doubles margins, long from, long to) {
    double sum = 0;
    for (long r = from; r < to; r++) {
      sum += margins.get(r) * margins.get(r);
      margins.set(r, 2 * margins.get(r));
    }
    return sum;
  }

  private static Doubles doubles(Operands operands, int n) {
    Doubles run = operands.memory().doubles(n);
    for (int i = 0; i < n; i++) {
      run.set(i, operands.random().nextGaussian());
    }
    return run;
  }

  @ParameterizedTest
  @CsvSource({"0, 3", "1, 130", "40, 130", "700, 5003", "9000, 200", "9000, 5003"})
  void aWidePassIsExactToFloat64(int rows, int cols) {
    try (Operands operands = new Operands(rows + 3L * cols)) {
      Csr x = skewed(operands, rows, Math.max(61, cols));
      Doubles weights = doubles(operands, x.cols());
      Doubles perRow = operands.memory().doubles(rows);
      Doubles result = doubles(operands, x.cols());
      Doubles squares = doubles(operands, x.cols());
      double[] sums = result.toArray();
      double[] squareSums = squares.toArray();
      double[] sizes = new double[x.cols()];
      double expected = 0;
      SparseOps ops = backend().sparse();
      double only =
          ops.addMapped(
              x, weights, SparseOpsContract::doubled, perRow, operands.memory().doubles(0));
      double sum = ops.addMapped(x, weights, SparseOpsContract::doubled, perRow, result);
      ops.addScaledSquares(x, perRow, squares);
      for (int r = 0; r < rows; r++) {
        double margin = 0;
        double size = 0;
        for (long e = x.rowStart().get(r); e < x.rowStart().get(r + 1L); e++) {
          double product = x.value().get(e) * weights.get(x.index().get(e));
          margin += product;
          size += Math.abs(product);
        }
        assertEquals(2 * margin, perRow.get(r), 1e-14 * size, "row " + r);
        expected += margin * margin;
        for (long e = x.rowStart().get(r); e < x.rowStart().get(r + 1L); e++) {
          int c = x.index().get(e);
          double v = x.value().get(e);
          sums[c] += 2 * margin * v;
          squareSums[c] += 2 * margin * v * v;
          sizes[c] += 2 * size * Math.abs(v) * (1 + Math.abs(v));
        }
      }
      assertEquals(expected, sum, 1e-12 * expected);
      assertEquals(sum, only);
      for (int c = 0; c < x.cols(); c++) {
        assertEquals(sums[c], result.get(c), 1e-13 * (1 + sizes[c]), "column " + c);
        assertEquals(squareSums[c], squares.get(c), 1e-13 * (1 + sizes[c]), "column " + c);
      }
      assertThrows(
          IllegalArgumentException.class,
          () ->
              ops.addMapped(
                  x,
                  weights,
                  SparseOpsContract::doubled,
                  perRow,
                  operands.memory().doubles(x.cols() + 1L)));
    }
  }

  @Test
  void bitsOfAWidePassAreTheSameForOneTwoAndThreeThreads() {
    try (Operands operands = new Operands(18)) {
      int rows = 20_000;
      Csr x = skewed(operands, rows, 9000);
      Doubles weights = doubles(operands, x.cols());
      double[][] expected = null;
      for (int threads = 1; threads <= 3; threads++) {
        try (Team team = new Team("test", threads)) {
          SparseOps ops = new TeamBackend(backend(), team).sparse();
          Doubles perRow = operands.memory().doubles(rows);
          Doubles result = operands.memory().doubles(x.cols());
          Doubles squares = operands.memory().doubles(x.cols());
          double sum = ops.addMapped(x, weights, SparseOpsContract::doubled, perRow, result);
          ops.addScaledSquares(x, perRow, squares);
          double[][] got = {
            {sum}, perRow.toArray(), result.toArray(), squares.toArray(),
          };
          expected = expected == null ? got : expected;
          for (int i = 0; i < got.length; i++) {
            assertArrayEquals(expected[i], got[i], "run " + i + " with " + threads + " threads");
          }
        }
      }
    }
  }

  @ParameterizedTest
  @CsvSource({"0, 3, 2", "9, 4, 1", "40, 70, 3", "900, 120, 5"})
  void severalColumnsAreTheirOwnSumsForAnyNumberOfThreads(int rows, int cols, int width) {
    try (Operands operands = new Operands(rows + 7L * width)) {
      Csr x = rows(operands, rows, cols, 0.4);
      Doubles columns = doubles(operands, cols * width);
      Doubles before = doubles(operands, cols * width);
      Floats narrow = operands.floats((long) cols * width);
      Floats narrowBefore = operands.floats((long) cols * width);
      double[][] expected = null;
      for (int threads = 1; threads <= 3; threads++) {
        try (Team team = new Team("test", threads)) {
          SparseOps ops = new TeamBackend(backend(), team).sparse();
          Doubles products = operands.memory().doubles((long) rows * width);
          Doubles sums = operands.memory().doubles(before.length());
          Doubles squares = operands.memory().doubles(before.length());
          sums.copyFrom(before);
          squares.copyFrom(before);
          ops.products(x, columns, width, products);
          ops.addTransposed(x, products, width, false, sums);
          ops.addTransposed(x, products, width, true, squares);
          Floats narrowProducts = operands.memory().floats((long) rows * width);
          Floats narrowSums = operands.copy(narrowBefore);
          ops.products(x, narrow, width, narrowProducts);
          ops.addTransposed(x, narrowProducts, width, narrowSums);
          double[][] got = {
            products.toArray(),
            sums.toArray(),
            squares.toArray(),
            wide(narrowProducts),
            wide(narrowSums),
          };
          expected = expected == null ? got : expected;
          for (int i = 0; i < got.length; i++) {
            assertArrayEquals(expected[i], got[i], "run " + i + " with " + threads + " threads");
          }
        }
      }
      for (int k = 0; k < width; k++) {
        checkColumn(x, k, width, columns, before, narrow, narrowBefore, expected);
      }
    }
  }

  private static void checkColumn(
      Csr x,
      int k,
      int width,
      Doubles columns,
      Doubles before,
      Floats narrow,
      Floats narrowBefore,
      double[][] got) {
    double[] sums = new double[x.cols()];
    double[] squares = new double[x.cols()];
    double[] narrowSums = new double[x.cols()];
    for (int r = 0; r < x.rows(); r++) {
      double product = 0;
      double narrowProduct = 0;
      for (int c = 0; c < x.cols(); c++) {
        product += entry(x, r, c) * columns.get((long) c * width + k);
        narrowProduct += entry(x, r, c) * narrow.get((long) c * width + k);
      }
      assertEquals(product, got[0][r * width + k], 1e-12);
      assertEquals(narrowProduct, got[3][r * width + k], 1e-4 * (1 + Math.abs(narrowProduct)));
      for (int c = 0; c < x.cols(); c++) {
        double entry = entry(x, r, c);
        sums[c] += product * entry;
        squares[c] += product * entry * entry;
        narrowSums[c] += narrowProduct * entry;
      }
    }
    for (int c = 0; c < x.cols(); c++) {
      int at = c * width + k;
      assertEquals(before.get(at) + sums[c], got[1][at], 1e-10);
      assertEquals(before.get(at) + squares[c], got[2][at], 1e-10);
      double narrowSum = narrowBefore.get(at) + narrowSums[c];
      assertEquals(narrowSum, got[4][at], 1e-3 * (10 + Math.abs(narrowSum)));
    }
  }

  private static double[] wide(Floats run) {
    double[] wide = new double[(int) run.length()];
    for (int i = 0; i < wide.length; i++) {
      wide[i] = run.get(i);
    }
    return wide;
  }

  /// Rows that begin at an entry above 0, of which some are empty; measured twice, since the first
  /// time finds the pairs; by threads of any number the same bits.
  @ParameterizedTest
  @CsvSource({"1, 1, 1", "40, 17, 0.5", "300, 11, 0.5", "400, 131, 0.1", "9, 5, 0"})
  void productsOfTheRowsAsAMatrixAreThoseOfTwoPasses(int rows, int cols, double density) {
    try (Operands operands = new Operands(rows * 43L + cols)) {
      Csr x = rows(operands, rows, cols, density);
      Doubles vector = doubles(operands, cols);
      Doubles coefficients = doubles(operands, rows);
      Doubles perRow = operands.memory().doubles(rows);
      Doubles expected = operands.memory().doubles(cols);
      SparseOps plain = new ScalarBackend().sparse();
      RowMap times =
          (margins, from, to) -> {
            for (long r = from; r < to; r++) {
              margins.set(r, margins.get(r) * coefficients.get(r));
            }
            return 0;
          };
      plain.addMapped(x, vector, times, perRow, expected);
      double[] bits = null;
      for (int threads = 1; threads <= 3; threads++) {
        try (Team team = new Team("test", threads)) {
          Optional<RowGram> made = new TeamBackend(backend(), team).sparse().gram(x);
          assertEquals(x.entries() > 0, made.isPresent());
          if (made.isEmpty()) {
            return;
          }
          Doubles result = operands.memory().doubles(cols);
          made.get().measure(vector.length() >= rows ? vector.slice(0, rows) : coefficients);
          made.get().measure(coefficients);
          made.get().addProduct(vector, result);
          for (int c = 0; c < cols; c++) {
            assertEquals(expected.get(c), result.get(c), 1e-11, "column " + c);
          }
          bits = bits == null ? result.toArray() : bits;
          assertArrayEquals(bits, result.toArray(), threads + " threads");
        }
      }
    }
  }

  @Test
  void fewLongRowsHaveNoMatrix() {
    try (Operands operands = new Operands(19);
        Team team = new Team("test", 1)) {
      Csr x = rows(operands, 4, 500, 0.9);
      assertTrue(new TeamBackend(backend(), team).sparse().gram(x).isEmpty());
    }
  }

  /// A number that differs wherever the bits of a float64 differ.
  private static float bits(double value) {
    return Long.hashCode(Double.doubleToRawLongBits(value)) >>> 8;
  }

  @Test
  void aRowLongerThanABlockIsAdded() {
    try (Operands operands = new Operands(9)) {
      int cols = 40_000;
      Csr x = rows(operands, 3, cols, 0.9);
      Floats weights = operands.floats(cols);
      Floats labels = operands.floats(3);
      Floats before = operands.zeros(cols);
      Floats perRow = operands.zeros(3);
      Floats sums = operands.zeros(cols);
      double loss =
          backend()
              .sparse()
              .lossAndGradient(x, labels, SparseOpsContract::squared, weights, perRow, sums);
      checkOnePass(x, weights, labels, before, true, loss, perRow, sums);
    }
  }

  @Test
  void sliceOfRowsGivesTheSameBitsAsTheWhole() {
    try (Operands operands = new Operands(5)) {
      Csr x = rows(operands, 20, 67, 0.4);
      Floats weights = operands.floats(67);
      Floats whole = operands.zeros(20);
      Floats part = operands.zeros(6);
      backend().sparse().margins(x, weights, whole);
      backend().sparse().margins(x.slice(9, 6), weights, part);
      assertArrayEquals(whole.slice(9, 6).toArray(), part.toArray());
    }
  }

  @Test
  void wrongLengthsAreRefused() {
    try (Operands operands = new Operands(6)) {
      SparseOps ops = backend().sparse();
      Csr x = rows(operands, 4, 5, 0.5);
      Floats four = operands.floats(4);
      Floats five = operands.floats(5);
      assertThrows(IllegalArgumentException.class, () -> ops.margins(x, four, four));
      assertThrows(IllegalArgumentException.class, () -> ops.margins(x, five, five));
      assertThrows(IllegalArgumentException.class, () -> ops.addScaledRows(x, five, five));
      assertThrows(IllegalArgumentException.class, () -> ops.addScaledSquares(x, four, four));
      RowLoss loss = SparseOpsContract::squared;
      RankedRows ranked = RankedRows.of(x, operands.memory());
      for (int wrong = 0; wrong < 4; wrong++) {
        Floats labels = wrong == 0 ? five : four;
        Floats weights = wrong == 1 ? four : five;
        Floats perRow = wrong == 2 ? five : four;
        Floats sums = wrong == 3 ? four : five;
        assertThrows(
            IllegalArgumentException.class,
            () -> ops.lossAndGradient(x, labels, loss, weights, perRow, sums));
        assertThrows(
            IllegalArgumentException.class,
            () -> ops.lossAndGradient(ranked, labels, loss, weights, perRow, sums));
        assertThrows(
            IllegalArgumentException.class,
            () -> ops.addCurvatureProduct(x, labels, weights, perRow, sums));
        assertThrows(
            IllegalArgumentException.class,
            () -> ops.addCurvatureProduct(ranked, labels, weights, perRow, sums));
      }
    }
  }
}
