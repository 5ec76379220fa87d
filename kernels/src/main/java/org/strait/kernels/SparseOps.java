package org.strait.kernels;

import org.strait.memory.Floats;

/// Sparse rows against dense vectors.
public interface SparseOps {
  /// margins(r) ← Σ value·weights(index) over the entries of row r, accumulated in float64 and
  /// rounded once. Margins has rows.rows() elements, weights rows.cols(). Modified: margins.
  void margins(Csr rows, Floats weights, Floats margins);

  /// gradient ← gradient + Σ_r coefficients(r)·row r, rows in ascending order, float32.
  /// Coefficients has rows.rows() elements, gradient rows.cols(). Modified: gradient.
  void addScaledRows(Csr rows, Floats coefficients, Floats gradient);

  /// squares ← squares + Σ_r coefficients(r)·row r squared element by element (the diagonal of
  /// Xᵀ·diag(c)·X). Modified: squares.
  void addScaledSquares(Csr rows, Floats coefficients, Floats squares);
}
