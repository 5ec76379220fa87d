package org.strait.kernels.scalar;

import org.strait.kernels.DenseOps;
import org.strait.kernels.Lengths;
import org.strait.memory.Floats;

/// Dense vectors and matrices, one element after the other; every sum runs in float64.
final class ScalarDenseOps implements DenseOps {
  @Override
  public double dot(Floats x, Floats y) {
    Lengths.check("y", y.length(), x.length());
    long n = x.length();
    long whole = n - n % 16;
    double s0 = 0;
    double s1 = 0;
    double s2 = 0;
    double s3 = 0;
    double s4 = 0;
    double s5 = 0;
    double s6 = 0;
    double s7 = 0;
    double s8 = 0;
    double s9 = 0;
    double s10 = 0;
    double s11 = 0;
    double s12 = 0;
    double s13 = 0;
    double s14 = 0;
    double s15 = 0;
    for (long i = 0; i < whole; i += 16) {
      s0 += product(x, y, i);
      s1 += product(x, y, i + 1);
      s2 += product(x, y, i + 2);
      s3 += product(x, y, i + 3);
      s4 += product(x, y, i + 4);
      s5 += product(x, y, i + 5);
      s6 += product(x, y, i + 6);
      s7 += product(x, y, i + 7);
      s8 += product(x, y, i + 8);
      s9 += product(x, y, i + 9);
      s10 += product(x, y, i + 10);
      s11 += product(x, y, i + 11);
      s12 += product(x, y, i + 12);
      s13 += product(x, y, i + 13);
      s14 += product(x, y, i + 14);
      s15 += product(x, y, i + 15);
    }
    double t0 = (s0 + s8) + (s4 + s12);
    double t1 = (s1 + s9) + (s5 + s13);
    double t2 = (s2 + s10) + (s6 + s14);
    double t3 = (s3 + s11) + (s7 + s15);
    double sum = (t0 + t2) + (t1 + t3);
    for (long i = whole; i < n; i++) {
      sum += product(x, y, i);
    }
    return sum;
  }

  private static double product(Floats x, Floats y, long i) {
    return (double) x.get(i) * y.get(i);
  }

  @Override
  public void axpy(float alpha, Floats x, Floats y) {
    Lengths.check("y", y.length(), x.length());
    for (long i = 0; i < x.length(); i++) {
      y.set(i, y.get(i) + alpha * x.get(i));
    }
  }

  @Override
  public void scale(float alpha, Floats x) {
    for (long i = 0; i < x.length(); i++) {
      x.set(i, alpha * x.get(i));
    }
  }

  @Override
  public void gemv(int rows, int cols, float alpha, Floats a, Floats x, float beta, Floats y) {
    Lengths.checkGemv(rows, cols, a.length(), x.length(), cols, y.length(), rows);
    for (int r = 0; r < rows; r++) {
      double sum = 0;
      for (int c = 0; c < cols; c++) {
        sum += (double) a.get((long) r * cols + c) * x.get(c);
      }
      y.set(r, blend(alpha, sum, beta, y, r));
    }
  }

  @Override
  public void gemvTransposed(
      int rows, int cols, float alpha, Floats a, Floats x, float beta, Floats y) {
    Lengths.checkGemv(rows, cols, a.length(), x.length(), rows, y.length(), cols);
    for (int c = 0; c < cols; c++) {
      double sum = 0;
      for (int r = 0; r < rows; r++) {
        sum += (double) a.get((long) r * cols + c) * x.get(r);
      }
      y.set(c, blend(alpha, sum, beta, y, c));
    }
  }

  @Override
  public void gemm(
      boolean transposeA,
      boolean transposeB,
      int m,
      int n,
      int k,
      float alpha,
      Floats a,
      Floats b,
      float beta,
      Floats c) {
    Lengths.checkGemm(m, n, k, a.length(), b.length(), c.length());
    long aRow = transposeA ? 1 : k;
    long aCol = transposeA ? m : 1;
    long bRow = transposeB ? 1 : n;
    long bCol = transposeB ? k : 1;
    for (int i = 0; i < m; i++) {
      for (int j = 0; j < n; j++) {
        double sum = 0;
        for (int p = 0; p < k; p++) {
          sum += (double) a.get(i * aRow + p * aCol) * b.get(p * bRow + j * bCol);
        }
        long at = (long) i * n + j;
        c.set(at, blend(alpha, sum, beta, c, at));
      }
    }
  }

  /// alpha·sum + beta·y(i), where beta = 0 means that y(i) is not looked at.
  private static float blend(float alpha, double sum, float beta, Floats y, long i) {
    return (float) (beta == 0 ? alpha * sum : alpha * sum + (double) beta * y.get(i));
  }
}
