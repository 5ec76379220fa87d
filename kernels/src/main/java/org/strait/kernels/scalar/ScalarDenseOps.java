package org.strait.kernels.scalar;

import org.strait.kernels.DenseOps;
import org.strait.kernels.DenseShapes;
import org.strait.kernels.Lengths;
import org.strait.kernels.Matrix;
import org.strait.kernels.RowLoss;
import org.strait.memory.Floats;

/// Dense vectors and matrices, one element after the other; every sum but that of gradients runs in
/// float64.
final class ScalarDenseOps implements DenseOps {
  @Override
  public double dot(Floats x, Floats y, long from, long to) {
    DenseShapes.checkPair(x, y, from, to);
    double sum = 0;
    for (long piece = from; piece < to; piece += DOT_PIECE) {
      sum += piece(x, y, piece, Math.min(to, piece + DOT_PIECE));
    }
    return sum;
  }

  /// Sixteen sums: element i goes into sum (i - from) mod 16, which is what vectors of any width
  /// can do. What is left after the last sixteen is added one by one.
  private static double piece(Floats x, Floats y, long from, long to) {
    long whole = to - (to - from) % 16;
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
    for (long i = from; i < whole; i += 16) {
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
    for (long i = whole; i < to; i++) {
      sum += product(x, y, i);
    }
    return sum;
  }

  private static double product(Floats x, Floats y, long i) {
    return (double) x.get(i) * y.get(i);
  }

  @Override
  public void axpy(float alpha, Floats x, Floats y, long from, long to) {
    DenseShapes.checkPair(x, y, from, to);
    for (long i = from; i < to; i++) {
      y.set(i, y.get(i) + alpha * x.get(i));
    }
  }

  @Override
  public void scale(float alpha, Floats x, long from, long to) {
    Lengths.checkPart("x", x.length(), from, to);
    for (long i = from; i < to; i++) {
      x.set(i, alpha * x.get(i));
    }
  }

  @Override
  public void gemv(float alpha, Matrix a, Floats x, float beta, Floats y, int from, int to) {
    DenseShapes.checkGemv(a, x, y, from, to);
    for (int r = from; r < to; r++) {
      y.set(r, blend(alpha, rowTimes(a, r, x), beta, y, r));
    }
  }

  private static double rowTimes(Matrix a, int r, Floats x) {
    long row = (long) r * a.stride();
    double sum = 0;
    for (int c = 0; c < a.cols(); c++) {
      sum += (double) a.values().get(row + c) * x.get(c);
    }
    return sum;
  }

  @Override
  public void gemvTransposed(
      float alpha, Matrix a, Floats x, float beta, Floats y, int from, int to) {
    DenseShapes.checkGemvTransposed(a, x, y, from, to);
    for (int c = from; c < to; c++) {
      double sum = 0;
      for (int r = 0; r < a.rows(); r++) {
        sum += (double) a.values().get((long) r * a.stride() + c) * x.get(r);
      }
      y.set(c, blend(alpha, sum, beta, y, c));
    }
  }

  @Override
  public void gemm(
      boolean transposeA,
      boolean transposeB,
      float alpha,
      Matrix a,
      Matrix b,
      float beta,
      Matrix c,
      int fromRow,
      int toRow,
      int fromCol,
      int toCol) {
    int k = DenseShapes.checkGemm(transposeA, transposeB, a, b, c);
    Lengths.checkPart("rows of C", c.rows(), fromRow, toRow);
    Lengths.checkPart("columns of C", c.cols(), fromCol, toCol);
    long aRow = transposeA ? 1 : a.stride();
    long aCol = transposeA ? a.stride() : 1;
    long bRow = transposeB ? 1 : b.stride();
    long bCol = transposeB ? b.stride() : 1;
    for (int i = fromRow; i < toRow; i++) {
      for (int j = fromCol; j < toCol; j++) {
        double sum = 0;
        for (int p = 0; p < k; p++) {
          sum += (double) a.values().get(i * aRow + p * aCol) * b.values().get(p * bRow + j * bCol);
        }
        long at = (long) i * c.stride() + j;
        c.values().set(at, blend(alpha, sum, beta, c.values(), at));
      }
    }
  }

  /// alpha·sum + beta·y(i), where beta = 0 means that y(i) is not looked at.
  private static float blend(float alpha, double sum, float beta, Floats y, long i) {
    return (float) (beta == 0 ? alpha * sum : alpha * sum + (double) beta * y.get(i));
  }

  @Override
  public double lossAndGradient(
      Matrix rows,
      Floats labels,
      RowLoss loss,
      Floats weights,
      Floats derivatives,
      Floats gradient,
      int from,
      int to) {
    DenseShapes.checkGradient(rows, labels, weights, derivatives, gradient, from, to);
    double sum = 0;
    int block = DenseShapes.blockRows(rows.cols());
    int first = from;
    while (first < to) {
      int end = first + Math.min(block, to - first);
      for (int r = first; r < end; r++) {
        derivatives.set(r, (float) rowTimes(rows, r, weights));
      }
      sum += loss.apply(derivatives, labels, derivatives, first, end);
      for (int r = first; r < end; r++) {
        addRow(derivatives.get(r), rows, r, gradient);
      }
      first = end;
    }
    return sum;
  }

  private static void addRow(float derivative, Matrix rows, int r, Floats gradient) {
    long row = (long) r * rows.stride();
    for (int c = 0; c < rows.cols(); c++) {
      gradient.set(c, gradient.get(c) + derivative * rows.values().get(row + c));
    }
  }
}
