package org.strait.kernels;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.strait.memory.Floats;
import org.strait.memory.Ints;
import org.strait.memory.Longs;

/// What every backend's sparse family must do.
public abstract class SparseOpsContract {
  private static final double U = 0x1p-24;

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
  void marginsAreRowSumsInFloat64(int rows, int cols, double density) {
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
        assertEquals(sum, margins.get(r), U * Math.abs(sum) + cols * 0x1p-51 * magnitude);
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
    }
  }
}
