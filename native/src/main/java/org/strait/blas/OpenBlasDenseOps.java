package org.strait.blas;

import static org.bytedeco.openblas.global.openblas_nolapack.CblasNoTrans;
import static org.bytedeco.openblas.global.openblas_nolapack.CblasRowMajor;
import static org.bytedeco.openblas.global.openblas_nolapack.CblasTrans;

import org.bytedeco.openblas.global.openblas_nolapack;
import org.strait.kernels.DenseOps;
import org.strait.kernels.DenseShapes;
import org.strait.kernels.Lengths;
import org.strait.kernels.Matrix;
import org.strait.kernels.RowLoss;
import org.strait.memory.Floats;

/// Matrix products by OpenBLAS, at any size: even a product of 8 x 8 matrices is faster there.
/// Vectors stay with the family below: {@code cblas_dsdot} adds blocks in float32, which breaks the
/// contract of {@link #dot}, and axpy and scale are bound by memory anyway. So do the fused
/// gradient, which BLAS would read the rows twice for, and empty products, which BLAS refuses.
final class OpenBlasDenseOps implements DenseOps {
  /// The three operands of a call; one set per thread, so that a call allocates nothing.
  private record Views(View a, View b, View c) {}

  private final ThreadLocal<Views> views =
      ThreadLocal.withInitial(() -> new Views(new View(), new View(), new View()));
  private final DenseOps below;

  OpenBlasDenseOps(DenseOps below) {
    this.below = below;
  }

  @Override
  public double dot(Floats x, Floats y, long from, long to) {
    return below.dot(x, y, from, to);
  }

  @Override
  public void axpy(float alpha, Floats x, Floats y, long from, long to) {
    below.axpy(alpha, x, y, from, to);
  }

  @Override
  public void scale(float alpha, Floats x, long from, long to) {
    below.scale(alpha, x, from, to);
  }

  @Override
  public void sumAll(Floats[] runs, long from, long to) {
    below.sumAll(runs, from, to);
  }

  @Override
  public void sumInto(Floats[] runs, long from, Floats target, long at, long count) {
    below.sumInto(runs, from, target, at, count);
  }

  @Override
  public void add(Floats x, long xFrom, Floats y, long yFrom, long count) {
    below.add(x, xFrom, y, yFrom, count);
  }

  @Override
  public void gemv(float alpha, Matrix a, Floats x, float beta, Floats y, int from, int to) {
    DenseShapes.checkGemv(a, x, y, from, to);
    if (from == to || a.cols() == 0) {
      below.gemv(alpha, a, x, beta, y, from, to);
      return;
    }
    Views v = views.get();
    openblas_nolapack.cblas_sgemv(
        CblasRowMajor,
        CblasNoTrans,
        to - from,
        a.cols(),
        alpha,
        v.a.aim(a.values(), (long) from * a.stride()),
        a.stride(),
        v.b.aim(x, 0),
        1,
        beta,
        v.c.aim(y, from),
        1);
  }

  @Override
  public void gemvTransposed(
      float alpha, Matrix a, Floats x, float beta, Floats y, int from, int to) {
    DenseShapes.checkGemvTransposed(a, x, y, from, to);
    if (from == to || a.rows() == 0) {
      below.gemvTransposed(alpha, a, x, beta, y, from, to);
      return;
    }
    Views v = views.get();
    openblas_nolapack.cblas_sgemv(
        CblasRowMajor,
        CblasTrans,
        a.rows(),
        to - from,
        alpha,
        v.a.aim(a.values(), from),
        a.stride(),
        v.b.aim(x, 0),
        1,
        beta,
        v.c.aim(y, from),
        1);
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
    if (fromRow == toRow || fromCol == toCol || k == 0) {
      below.gemm(transposeA, transposeB, alpha, a, b, beta, c, fromRow, toRow, fromCol, toCol);
      return;
    }
    Views v = views.get();
    openblas_nolapack.cblas_sgemm(
        CblasRowMajor,
        transposeA ? CblasTrans : CblasNoTrans,
        transposeB ? CblasTrans : CblasNoTrans,
        toRow - fromRow,
        toCol - fromCol,
        k,
        alpha,
        v.a.aim(a.values(), transposeA ? fromRow : (long) fromRow * a.stride()),
        a.stride(),
        v.b.aim(b.values(), transposeB ? (long) fromCol * b.stride() : fromCol),
        b.stride(),
        beta,
        v.c.aim(c.values(), (long) fromRow * c.stride() + fromCol),
        c.stride());
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
    return below.lossAndGradient(rows, labels, loss, weights, derivatives, gradient, from, to);
  }
}
