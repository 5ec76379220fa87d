package org.strait.blas;

import static org.bytedeco.openblas.global.openblas_nolapack.CblasNoTrans;
import static org.bytedeco.openblas.global.openblas_nolapack.CblasRowMajor;
import static org.bytedeco.openblas.global.openblas_nolapack.CblasTrans;

import org.bytedeco.openblas.global.openblas_nolapack;
import org.strait.kernels.DenseOps;
import org.strait.kernels.Lengths;
import org.strait.memory.Floats;

/// Matrix products by OpenBLAS, at any size: even a product of 8 x 8 matrices is faster there.
/// Vectors stay with the family below: {@code cblas_dsdot} adds blocks in float32, which breaks the
/// contract of {@link #dot}, and axpy and scale are bound by memory anyway. So do empty products,
/// which BLAS refuses.
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
  public double dot(Floats x, Floats y) {
    return below.dot(x, y);
  }

  @Override
  public void axpy(float alpha, Floats x, Floats y) {
    below.axpy(alpha, x, y);
  }

  @Override
  public void scale(float alpha, Floats x) {
    below.scale(alpha, x);
  }

  @Override
  public void gemv(int rows, int cols, float alpha, Floats a, Floats x, float beta, Floats y) {
    if (rows == 0 || cols == 0) {
      below.gemv(rows, cols, alpha, a, x, beta, y);
      return;
    }
    Lengths.checkGemv(rows, cols, a.length(), x.length(), cols, y.length(), rows);
    sgemv(CblasNoTrans, rows, cols, alpha, a, x, beta, y);
  }

  @Override
  public void gemvTransposed(
      int rows, int cols, float alpha, Floats a, Floats x, float beta, Floats y) {
    if (rows == 0 || cols == 0) {
      below.gemvTransposed(rows, cols, alpha, a, x, beta, y);
      return;
    }
    Lengths.checkGemv(rows, cols, a.length(), x.length(), rows, y.length(), cols);
    sgemv(CblasTrans, rows, cols, alpha, a, x, beta, y);
  }

  private void sgemv(
      int transpose, int rows, int cols, float alpha, Floats a, Floats x, float beta, Floats y) {
    Views v = views.get();
    openblas_nolapack.cblas_sgemv(
        CblasRowMajor,
        transpose,
        rows,
        cols,
        alpha,
        v.a.aim(a),
        cols,
        v.b.aim(x),
        1,
        beta,
        v.c.aim(y),
        1);
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
    if (m == 0 || n == 0 || k == 0) {
      below.gemm(transposeA, transposeB, m, n, k, alpha, a, b, beta, c);
      return;
    }
    Lengths.checkGemm(m, n, k, a.length(), b.length(), c.length());
    Views v = views.get();
    openblas_nolapack.cblas_sgemm(
        CblasRowMajor,
        transposeA ? CblasTrans : CblasNoTrans,
        transposeB ? CblasTrans : CblasNoTrans,
        m,
        n,
        k,
        alpha,
        v.a.aim(a),
        transposeA ? m : k,
        v.b.aim(b),
        transposeB ? k : n,
        beta,
        v.c.aim(c),
        n);
  }
}
