package org.strait.kernels;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.function.Executable;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.strait.memory.Floats;

/// What every backend's dense family must do, against sums in float64.
public abstract class DenseOpsContract {
  private static final double U = 0x1p-24;

  protected abstract Backend backend();

  @ParameterizedTest
  @MethodSource("org.strait.kernels.Sizes#all")
  void dotIsTheSumInFloat64(int n) {
    try (Operands operands = new Operands(n)) {
      Floats x = operands.floats(n);
      Floats y = operands.floats(n);
      Floats xBefore = operands.copy(x);
      Floats yBefore = operands.copy(y);
      double sum = 0;
      double magnitude = 0;
      for (long i = 0; i < n; i++) {
        sum += (double) x.get(i) * y.get(i);
        magnitude += Math.abs((double) x.get(i) * y.get(i));
      }
      assertEquals(sum, backend().dense().dot(x, y), 2 * n * 0x1p-52 * magnitude);
      assertArrayEquals(xBefore.toArray(), x.toArray());
      assertArrayEquals(yBefore.toArray(), y.toArray());
    }
  }

  /// Replicas in different data centres may run on different backends and must not drift apart.
  @ParameterizedTest
  @MethodSource("org.strait.kernels.Sizes#all")
  void whatReplicasDecideByHasTheBitsOfTheSpecification(int n) throws Exception {
    DenseOps plain = Backends.choose("scalar").backend().dense();
    try (Operands operands = new Operands(n + 1)) {
      Floats x = operands.floats(n);
      Floats y = operands.floats(n);
      assertEquals(plain.dot(x, y), backend().dense().dot(x, y));
      Floats expected = operands.copy(y);
      plain.axpy(0.3f, x, expected);
      plain.scale(1.7f, expected);
      backend().dense().axpy(0.3f, x, y);
      backend().dense().scale(1.7f, y);
      assertArrayEquals(expected.toArray(), y.toArray());
    }
  }

  @Test
  void dotDoesNotCancelAwayWhatFloat32WouldLose() {
    try (Operands operands = new Operands(1)) {
      int n = 3001;
      Floats x = operands.filled(n, 1);
      Floats y = operands.filled(n, 0x1p-20f);
      y.set(0, 0x1p30f);
      assertEquals(0x1p30 + (n - 1) * 0x1p-20, backend().dense().dot(x, y));
      assertEquals(n, backend().dense().dot(x, x), "of a run with itself");
    }
  }

  @ParameterizedTest
  @MethodSource("org.strait.kernels.Sizes#all")
  void axpyAddsInPlace(int n) {
    try (Operands operands = new Operands(n)) {
      Floats x = operands.floats(n);
      Floats y = operands.floats(n);
      Floats xBefore = operands.copy(x);
      Floats yBefore = operands.copy(y);
      backend().dense().axpy(-0.7f, x, y);
      for (long i = 0; i < n; i++) {
        double product = (double) -0.7f * x.get(i);
        double bound = 2 * U * (Math.abs(product) + Math.abs(yBefore.get(i)));
        assertEquals(yBefore.get(i) + product, y.get(i), bound);
      }
      assertArrayEquals(xBefore.toArray(), x.toArray());
    }
  }

  @ParameterizedTest
  @MethodSource("org.strait.kernels.Sizes#all")
  void scaleIsExact(int n) {
    try (Operands operands = new Operands(n)) {
      Floats x = operands.floats(n);
      Floats before = operands.copy(x);
      backend().dense().scale(1.3f, x);
      for (long i = 0; i < n; i++) {
        assertEquals(1.3f * before.get(i), x.get(i));
      }
    }
  }

  @ParameterizedTest
  @CsvSource({
    "0, 0",
    "0, 5",
    "5, 0",
    "1, 1",
    "1, 17",
    "17, 1",
    "3, 5",
    "4, 4",
    "5, 3",
    "7, 16",
    "4, 15",
    "8, 33",
    "9, 67",
    "65, 131",
    "131, 65",
    "10, 1009",
    "1009, 10"
  })
  void gemvStaysInItsBound(int rows, int cols) {
    checkGemv(rows, cols, 1, 0);
    checkGemv(rows, cols, -1.5f, 1);
    checkGemv(rows, cols, 0.5f, -0.25f);
  }

  /// All of the result, and a part of it in a matrix with gaps between the rows.
  private void checkGemv(int rows, int cols, float alpha, float beta) {
    checkGemv(rows, cols, cols, 0, rows, 0, cols, alpha, beta);
    checkGemv(rows, cols, cols + 5, rows / 3, rows - rows / 4, cols / 3, cols, alpha, beta);
  }

  private void checkGemv(
      int rows,
      int cols,
      int stride,
      int fromRow,
      int toRow,
      int fromCol,
      int toCol,
      float alpha,
      float beta) {
    try (Operands operands = new Operands(rows * 7919L + cols)) {
      Matrix a = matrix(operands, rows, cols, stride);
      Floats aBefore = operands.copy(a.values());
      Floats x = operands.floats(cols);
      Floats t = operands.floats(rows);
      // With beta = 0 the result may not depend on what was there.
      Floats y = beta == 0 ? operands.filled(rows, Float.NaN) : operands.floats(rows);
      Floats yBefore = operands.copy(y);
      backend().dense().gemv(alpha, a, x, beta, y, fromRow, toRow);
      for (int r = 0; r < rows; r++) {
        int row = r;
        if (r < fromRow || r >= toRow) {
          assertEquals(yBefore.get(r), y.get(r), "outside of the part");
          continue;
        }
        check(cols, alpha, c -> product(at(a, row, c), x.get(c)), beta, yBefore, r, y);
      }
      Floats z = beta == 0 ? operands.filled(cols, Float.NaN) : operands.floats(cols);
      Floats zBefore = operands.copy(z);
      backend().dense().gemvTransposed(alpha, a, t, beta, z, fromCol, toCol);
      for (int c = 0; c < cols; c++) {
        int col = c;
        if (c < fromCol || c >= toCol) {
          assertEquals(zBefore.get(c), z.get(c), "outside of the part");
          continue;
        }
        check(rows, alpha, r -> product(at(a, r, col), t.get(r)), beta, zBefore, c, z);
      }
      assertArrayEquals(aBefore.toArray(), a.values().toArray());
    }
  }

  private static Matrix matrix(Operands operands, int rows, int cols, int stride) {
    long length = rows == 0 ? 0 : (rows - 1L) * stride + cols;
    return new Matrix(operands.floats(length), rows, cols, stride);
  }

  private static float at(Matrix a, int row, int col) {
    return a.values().get((long) row * a.stride() + col);
  }

  @ParameterizedTest
  @CsvSource({
    "0, 3, 3",
    "3, 0, 3",
    "3, 3, 0",
    "1, 1, 1",
    "2, 3, 5",
    "4, 32, 7",
    "5, 33, 17",
    "7, 16, 129",
    "13, 67, 19",
    "8, 8, 300",
    "64, 10, 31",
    "33, 41, 257",
    "3, 131, 4"
  })
  void gemmStaysInItsBound(int m, int n, int k) {
    for (int flags = 0; flags < 4; flags++) {
      boolean transposeA = (flags & 1) != 0;
      boolean transposeB = (flags & 2) != 0;
      checkGemm(transposeA, transposeB, m, n, k, 0, 1, 0);
      checkGemm(transposeA, transposeB, m, n, k, 3, -0.5f, 1);
      checkGemm(transposeA, transposeB, m, n, k, 7, 2, 0.75f);
    }
  }

  /// @param gap elements between the end of a row and the next; if there are any, only a part of C
  ///     is computed
  private void checkGemm(
      boolean transposeA,
      boolean transposeB,
      int m,
      int n,
      int k,
      int gap,
      float alpha,
      float beta) {
    try (Operands operands = new Operands(m * 31L + n * 17L + k)) {
      Matrix a = transposed(operands, transposeA, m, k, gap);
      Matrix b = transposed(operands, transposeB, k, n, gap);
      Floats aBefore = operands.copy(a.values());
      Floats bBefore = operands.copy(b.values());
      Matrix c = matrix(operands, m, n, n + gap);
      if (beta == 0) {
        c.values().fill(Float.NaN);
      }
      Floats cBefore = operands.copy(c.values());
      int fromRow = gap == 0 ? 0 : m / 5;
      int toCol = gap == 0 ? n : n - n / 3;
      backend().dense().gemm(transposeA, transposeB, alpha, a, b, beta, c, fromRow, m, 0, toCol);
      for (long at = 0; at < c.values().length(); at++) {
        int row = (int) (at / c.stride());
        int col = (int) (at % c.stride());
        if (row < fromRow || col >= toCol) {
          assertEquals(cBefore.get(at), c.values().get(at), "outside of the part");
          continue;
        }
        check(
            k,
            alpha,
            p ->
                product(
                    transposeA ? at(a, p, row) : at(a, row, p),
                    transposeB ? at(b, col, p) : at(b, p, col)),
            beta,
            cBefore,
            at,
            c.values());
      }
      assertArrayEquals(aBefore.toArray(), a.values().toArray());
      assertArrayEquals(bBefore.toArray(), b.values().toArray());
    }
  }

  private static Matrix transposed(
      Operands operands, boolean transpose, int rows, int cols, int gap) {
    return transpose
        ? matrix(operands, cols, rows, rows + gap)
        : matrix(operands, rows, cols, cols + gap);
  }

  @ParameterizedTest
  @CsvSource({
    "0, 3",
    "3, 0",
    "1, 1",
    "2, 17",
    "7, 15",
    "8, 16",
    "9, 33",
    "31, 131",
    "77, 64",
    "65, 997",
    "300, 5",
    "20, 8200",
    "1009, 33"
  })
  void lossAndGradientStayInTheirBounds(int rows, int cols) {
    checkGradient(rows, cols, cols, 0, rows);
    checkGradient(rows, cols, cols + 3, rows / 4, rows - rows / 5);
  }

  private void checkGradient(int rows, int cols, int stride, int from, int to) {
    try (Operands operands = new Operands(rows * 31L + cols)) {
      Matrix x = matrix(operands, rows, cols, stride);
      Floats xBefore = operands.copy(x.values());
      Floats labels = operands.floats(rows);
      Floats weights = operands.floats(cols);
      Floats derivatives = operands.filled(rows, Float.NaN);
      Floats gradient = operands.floats(cols);
      Floats before = operands.copy(gradient);
      double loss =
          backend()
              .dense()
              .lossAndGradient(
                  x,
                  labels,
                  DenseOpsContract::halfSquares,
                  weights,
                  derivatives,
                  gradient,
                  from,
                  to);
      double expectedLoss = 0;
      for (int r = 0; r < rows; r++) {
        if (r < from || r >= to) {
          assertTrue(Float.isNaN(derivatives.get(r)), "outside of the part");
          continue;
        }
        double margin = 0;
        double magnitude = 0;
        for (int c = 0; c < cols; c++) {
          margin += product(at(x, r, c), weights.get(c));
          magnitude += Math.abs(product(at(x, r, c), weights.get(c)));
        }
        double difference = margin - labels.get(r);
        double bound = (cols + 4) * U * magnitude + 2 * U * Math.abs(difference);
        assertEquals(difference, derivatives.get(r), bound);
        double own = derivatives.get(r);
        expectedLoss += own * own / 2;
      }
      assertEquals(expectedLoss, loss, 1e-12 * expectedLoss);
      for (int c = 0; c < cols; c++) {
        double sum = before.get(c);
        double magnitude = Math.abs(before.get(c));
        for (int r = from; r < to; r++) {
          sum += product(derivatives.get(r), at(x, r, c));
          magnitude += Math.abs(product(derivatives.get(r), at(x, r, c)));
        }
        assertEquals(sum, gradient.get(c), (to - from + 20) * U * magnitude);
      }
      assertArrayEquals(xBefore.toArray(), x.values().toArray());
    }
  }

  /// The squared loss, computed from the derivatives as stored.
  static double halfSquares(Floats margins, Floats labels, Floats derivatives, long from, long to) {
    double sum = 0;
    for (long r = from; r < to; r++) {
      float difference = margins.get(r) - labels.get(r);
      derivatives.set(r, difference);
      sum += (double) difference * difference / 2;
    }
    return sum;
  }

  /// Terms of very different sizes, so that another order gives other bits.
  @ParameterizedTest
  @MethodSource("org.strait.kernels.Sizes#all")
  void sumsOfAllRunsAreAddedInTheirOrderAndStoredToAll(int n) {
    for (int count : n > 1000 ? new int[] {2, 5} : new int[] {1, 2, 3, 4, 5, 6, 7, 8, 11, 16}) {
      try (Operands operands = new Operands(n * 31L + count)) {
        Floats[] runs = new Floats[count];
        for (int k = 0; k < count; k++) {
          runs[k] = operands.floats(n);
          backend().dense().scale((float) Math.scalb(1.0, (7 * k) % 23 - 11), runs[k]);
        }
        float[] expected = runs[0].toArray();
        int from = n / 5;
        int to = n - n / 7;
        for (int i = from; i < to; i++) {
          for (int k = 1; k < count; k++) {
            expected[i] += runs[k].get(i);
          }
        }
        Floats[] before = new Floats[count];
        for (int k = 0; k < count; k++) {
          before[k] = operands.copy(runs[k]);
        }
        Floats target = operands.filled(n + 5, 77);
        backend().dense().sumInto(runs, from, target, 3, to - from);
        for (int i = 0; i < n + 5; i++) {
          float wanted = i < 3 || i >= 3 + to - from ? 77 : expected[from + i - 3];
          if (wanted != target.get(i)) {
            assertEquals(wanted, target.get(i), count + " runs into one, element " + i);
          }
        }
        backend().dense().sumAll(runs, from, to);
        for (int k = 0; k < count; k++) {
          for (int i = 0; i < n; i++) {
            float wanted = i < from || i >= to ? before[k].get(i) : expected[i];
            if (Float.floatToRawIntBits(wanted) != Float.floatToRawIntBits(runs[k].get(i))) {
              assertEquals(wanted, runs[k].get(i), "run " + k + " of " + count + ", element " + i);
            }
          }
        }
      }
    }
  }

  @ParameterizedTest
  @MethodSource("org.strait.kernels.Sizes#all")
  void partsAreAddedWhereverTheyLie(int n) {
    try (Operands operands = new Operands(n)) {
      Floats x = operands.floats(n);
      Floats y = operands.floats(n);
      int count = n - n / 3;
      int xFrom = n / 3;
      int yFrom = n / 7;
      float[] expected = y.toArray();
      for (int i = 0; i < count; i++) {
        expected[yFrom + i] += x.get(xFrom + i);
      }
      backend().dense().add(x, xFrom, y, yFrom, count);
      for (int i = 0; i < n; i++) {
        if (Float.floatToRawIntBits(expected[i]) != Float.floatToRawIntBits(y.get(i))) {
          assertEquals(expected[i], y.get(i), "element " + i + " of " + n);
        }
      }
      DenseOps ops = backend().dense();
      assertThrows(IllegalArgumentException.class, () -> ops.add(x, 1, y, 0, n));
      assertThrows(IllegalArgumentException.class, () -> ops.add(x, 0, y, 1, n));
      assertThrows(IllegalArgumentException.class, () -> ops.add(x, 0, y, 0, -1));
    }
  }

  @Test
  void sumsOfRunsThatDoNotFitAreRefused() {
    try (Operands operands = new Operands(4)) {
      DenseOps ops = backend().dense();
      Floats[] uneven = {operands.floats(5), operands.floats(6)};
      assertThrows(IllegalArgumentException.class, () -> ops.sumAll(uneven, 0, 5));
      assertThrows(IllegalArgumentException.class, () -> ops.sumAll(new Floats[0], 0, 0));
      Floats[] even = {operands.floats(5), operands.floats(5)};
      assertThrows(IllegalArgumentException.class, () -> ops.sumAll(even, 2, 6));
      assertThrows(IllegalArgumentException.class, () -> ops.sumAll(even, -1, 3));
      Floats target = operands.floats(4);
      assertThrows(IllegalArgumentException.class, () -> ops.sumInto(even, 0, target, 0, 5));
      assertThrows(IllegalArgumentException.class, () -> ops.sumInto(even, 3, target, 0, 3));
    }
  }

  @Test
  void vectorsTakeParts() {
    try (Operands operands = new Operands(5)) {
      DenseOps ops = backend().dense();
      int n = 3 * DenseOps.DOT_PIECE + 17;
      Floats x = operands.floats(n);
      Floats y = operands.floats(n);
      double sum = 0;
      for (long piece = 0; piece < n; piece += DenseOps.DOT_PIECE) {
        sum += ops.dot(x, y, piece, Math.min(n, piece + DenseOps.DOT_PIECE));
      }
      assertEquals(sum, ops.dot(x, y), "pieces added in order");
      Floats expected = operands.copy(y);
      for (int i = 1001; i < 140_003; i++) {
        expected.set(i, -3 * (expected.get(i) + 0.3f * x.get(i)));
      }
      ops.axpy(0.3f, x, y, 1001, 140_003);
      ops.scale(-3, y, 1001, 140_003);
      assertArrayEquals(expected.toArray(), y.toArray());
    }
  }

  private interface Product {
    double at(int p);
  }

  private static double product(float a, float b) {
    return (double) a * b;
  }

  /// (k + 4)·u·(|alpha|·Σ|products| + |beta·before|) around the sum in float64.
  private static void check(
      int k, float alpha, Product product, float beta, Floats before, long i, Floats result) {
    double sum = 0;
    double magnitude = 0;
    for (int p = 0; p < k; p++) {
      sum += product.at(p);
      magnitude += Math.abs(product.at(p));
    }
    double kept = beta == 0 ? 0 : (double) beta * before.get(i);
    double bound = (k + 4) * U * (Math.abs(alpha) * magnitude + Math.abs(kept));
    assertEquals(alpha * sum + kept, result.get(i), bound);
  }

  @Test
  void notANumberComesThrough() {
    try (Operands operands = new Operands(2)) {
      Floats x = operands.floats(67);
      Floats y = operands.floats(67);
      x.set(40, Float.NaN);
      assertTrue(Double.isNaN(backend().dense().dot(x, y)));
      Floats out = operands.zeros(1);
      backend().dense().gemv(1, Matrix.of(x, 1, 67), y, 0, out);
      assertTrue(Float.isNaN(out.get(0)));
    }
  }

  @Test
  void wrongLengthsAreRefusedWithBothNumbers() {
    try (Operands operands = new Operands(3)) {
      DenseOps ops = backend().dense();
      Floats three = operands.floats(3);
      Floats four = operands.floats(4);
      String message = refused(() -> ops.dot(three, four));
      assertTrue(message.contains("4") && message.contains("3"), message);
      refused(() -> ops.axpy(1, three, four));
      refused(() -> ops.axpy(1, four, four, 2, 5));
      refused(() -> ops.scale(1, four, 3, 2));
      refused(() -> ops.dot(four, four, -1, 2));
      Matrix square = Matrix.of(four, 2, 2);
      Matrix row = Matrix.of(three, 1, 3);
      Floats two = operands.floats(2);
      refused(() -> ops.gemv(1, square, four, 0, two));
      refused(() -> ops.gemv(1, square, two, 0, two, 1, 3));
      refused(() -> ops.gemvTransposed(1, square, two, 0, three));
      refused(() -> ops.gemm(false, false, 1, square, row, 0, square));
      refused(() -> ops.gemm(false, true, 1, row, square, 0, square));
      refused(() -> ops.gemm(true, false, 1, square, square, 0, square, 0, 3, 0, 2));
      refused(() -> ops.gemm(true, false, 1, square, square, 0, square, 0, 2, -1, 2));
      RowLoss loss = DenseOpsContract::halfSquares;
      refused(() -> ops.lossAndGradient(square, three, loss, two, two, two));
      refused(() -> ops.lossAndGradient(square, two, loss, three, two, two));
      refused(() -> ops.lossAndGradient(square, two, loss, two, three, two));
      refused(() -> ops.lossAndGradient(square, two, loss, two, two, four));
      refused(() -> ops.lossAndGradient(square, two, loss, two, two, two, 0, 3));
    }
  }

  private static String refused(Executable call) {
    return assertThrows(IllegalArgumentException.class, call).getMessage();
  }
}
