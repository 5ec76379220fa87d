package org.strait.engine.collective;

import org.strait.kernels.DenseOps;
import org.strait.memory.Floats;

/// The one dense operation that collectives need, as a plain loop.
final class PlainDense implements DenseOps {
  @Override
  public double dot(Floats x, Floats y) {
    throw new UnsupportedOperationException();
  }

  @Override
  public void axpy(float alpha, Floats x, Floats y) {
    if (x.length() != y.length()) {
      throw new IllegalArgumentException(x.length() + " and " + y.length());
    }
    for (long i = 0; i < y.length(); i++) {
      y.set(i, y.get(i) + alpha * x.get(i));
    }
  }

  @Override
  public void scale(float alpha, Floats x) {
    throw new UnsupportedOperationException();
  }

  @Override
  public void gemv(int rows, int cols, float alpha, Floats a, Floats x, float beta, Floats y) {
    throw new UnsupportedOperationException();
  }

  @Override
  public void gemvTransposed(
      int rows, int cols, float alpha, Floats a, Floats x, float beta, Floats y) {
    throw new UnsupportedOperationException();
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
    throw new UnsupportedOperationException();
  }
}
