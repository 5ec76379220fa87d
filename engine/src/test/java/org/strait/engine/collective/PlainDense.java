package org.strait.engine.collective;

import org.strait.kernels.DenseOps;
import org.strait.kernels.Matrix;
import org.strait.kernels.RowLoss;
import org.strait.memory.Floats;

/// The dense operations that collectives need, as plain loops.
class PlainDense implements DenseOps {
  @Override
  public double dot(Floats x, Floats y, long from, long to) {
    throw new UnsupportedOperationException();
  }

  @Override
  public void axpy(float alpha, Floats x, Floats y, long from, long to) {
    if (x.length() != y.length()) {
      throw new IllegalArgumentException(x.length() + " and " + y.length());
    }
    for (long i = from; i < to; i++) {
      y.set(i, y.get(i) + alpha * x.get(i));
    }
  }

  @Override
  public void scale(float alpha, Floats x, long from, long to) {
    for (long i = from; i < to; i++) {
      x.set(i, alpha * x.get(i));
    }
  }

  @Override
  public void gemv(float alpha, Matrix a, Floats x, float beta, Floats y, int from, int to) {
    throw new UnsupportedOperationException();
  }

  @Override
  public void gemvTransposed(
      float alpha, Matrix a, Floats x, float beta, Floats y, int from, int to) {
    throw new UnsupportedOperationException();
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
    throw new UnsupportedOperationException();
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
    throw new UnsupportedOperationException();
  }
}
