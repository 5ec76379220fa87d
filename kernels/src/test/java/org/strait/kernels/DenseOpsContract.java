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

  private void checkGemv(int rows, int cols, float alpha, float beta) {
    try (Operands operands = new Operands(rows * 7919L + cols)) {
      Floats a = operands.floats((long) rows * cols);
      Floats aBefore = operands.copy(a);
      Floats x = operands.floats(cols);
      Floats t = operands.floats(rows);
      // With beta = 0 the result may not depend on what was there.
      Floats y = beta == 0 ? operands.filled(rows, Float.NaN) : operands.floats(rows);
      Floats yBefore = operands.copy(y);
      backend().dense().gemv(rows, cols, alpha, a, x, beta, y);
      for (int r = 0; r < rows; r++) {
        int row = r;
        check(
            cols, alpha, c -> product(a.get((long) row * cols + c), x.get(c)), beta, yBefore, r, y);
      }
      Floats z = beta == 0 ? operands.filled(cols, Float.NaN) : operands.floats(cols);
      Floats zBefore = operands.copy(z);
      backend().dense().gemvTransposed(rows, cols, alpha, a, t, beta, z);
      for (int c = 0; c < cols; c++) {
        int col = c;
        check(
            rows, alpha, r -> product(a.get((long) r * cols + col), t.get(r)), beta, zBefore, c, z);
      }
      assertArrayEquals(aBefore.toArray(), a.toArray());
    }
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
      checkGemm(transposeA, transposeB, m, n, k, 1, 0);
      checkGemm(transposeA, transposeB, m, n, k, -0.5f, 1);
      checkGemm(transposeA, transposeB, m, n, k, 2, 0.75f);
    }
  }

  private void checkGemm(
      boolean transposeA, boolean transposeB, int m, int n, int k, float alpha, float beta) {
    try (Operands operands = new Operands(m * 31L + n * 17L + k)) {
      Floats a = operands.floats((long) m * k);
      Floats b = operands.floats((long) k * n);
      Floats aBefore = operands.copy(a);
      Floats bBefore = operands.copy(b);
      long size = (long) m * n;
      Floats c = beta == 0 ? operands.filled(size, Float.NaN) : operands.floats(size);
      Floats cBefore = operands.copy(c);
      backend().dense().gemm(transposeA, transposeB, m, n, k, alpha, a, b, beta, c);
      for (int i = 0; i < m; i++) {
        for (int j = 0; j < n; j++) {
          long row = i;
          long col = j;
          check(
              k,
              alpha,
              p ->
                  product(
                      a.get(transposeA ? p * (long) m + row : row * k + p),
                      b.get(transposeB ? col * k + p : p * (long) n + col)),
              beta,
              cBefore,
              row * n + col,
              c);
        }
      }
      assertArrayEquals(aBefore.toArray(), a.toArray());
      assertArrayEquals(bBefore.toArray(), b.toArray());
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
      backend().dense().gemv(1, 67, 1, x, y, 0, out);
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
      refused(() -> ops.gemv(2, 2, 1, three, four, 0, four));
      refused(() -> ops.gemvTransposed(100, 100, 1, three, four, 0, four));
      refused(() -> ops.gemm(false, false, 100, 100, 100, 1, three, four, 0, four));
      refused(() -> ops.gemm(false, false, -1, 2, 2, 1, four, four, 0, three));
    }
  }

  private static String refused(Executable call) {
    return assertThrows(IllegalArgumentException.class, call).getMessage();
  }
}
