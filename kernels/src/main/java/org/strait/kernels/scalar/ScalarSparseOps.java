package org.strait.kernels.scalar;

import org.strait.kernels.Csr;
import org.strait.kernels.Lengths;
import org.strait.kernels.RowLoss;
import org.strait.kernels.SparseOps;
import org.strait.memory.Floats;
import org.strait.memory.Ints;
import org.strait.memory.Longs;

/// Sparse rows, entry after entry.
final class ScalarSparseOps implements SparseOps {
  @Override
  public void margins(Csr rows, Floats weights, Floats margins) {
    Lengths.check("weights", weights.length(), rows.cols());
    Lengths.check("margins", margins.length(), rows.rows());
    Longs rowStart = rows.rowStart();
    Ints index = rows.index();
    Floats value = rows.value();
    for (int r = 0; r < rows.rows(); r++) {
      double sum = 0;
      long end = rowStart.get(r + 1L);
      for (long e = rowStart.get(r); e < end; e++) {
        sum += (double) value.get(e) * weights.get(index.get(e));
      }
      margins.set(r, (float) sum);
    }
  }

  @Override
  public void addScaledRows(Csr rows, Floats coefficients, Floats gradient) {
    Lengths.check("coefficients", coefficients.length(), rows.rows());
    Lengths.check("gradient", gradient.length(), rows.cols());
    Longs rowStart = rows.rowStart();
    Ints index = rows.index();
    Floats value = rows.value();
    for (int r = 0; r < rows.rows(); r++) {
      float coefficient = coefficients.get(r);
      long end = rowStart.get(r + 1L);
      for (long e = rowStart.get(r); e < end; e++) {
        int column = index.get(e);
        gradient.set(column, gradient.get(column) + coefficient * value.get(e));
      }
    }
  }

  @Override
  public void addScaledSquares(Csr rows, Floats coefficients, Floats squares) {
    Lengths.check("coefficients", coefficients.length(), rows.rows());
    Lengths.check("squares", squares.length(), rows.cols());
    Longs rowStart = rows.rowStart();
    Ints index = rows.index();
    Floats value = rows.value();
    for (int r = 0; r < rows.rows(); r++) {
      float coefficient = coefficients.get(r);
      long end = rowStart.get(r + 1L);
      for (long e = rowStart.get(r); e < end; e++) {
        int column = index.get(e);
        float entry = value.get(e);
        squares.set(column, squares.get(column) + coefficient * (entry * entry));
      }
    }
  }

  @Override
  public double lossAndGradient(
      Csr rows, Floats labels, RowLoss loss, Floats weights, Floats derivatives, Floats gradient) {
    Lengths.check("labels", labels.length(), rows.rows());
    Lengths.check("gradient", gradient.length(), rows.cols());
    margins(rows, weights, derivatives);
    double sum = loss.apply(derivatives, labels, derivatives, 0, rows.rows());
    addScaledRows(rows, derivatives, gradient);
    return sum;
  }

  @Override
  public void addCurvatureProduct(
      Csr rows, Floats curvatures, Floats vector, Floats products, Floats result) {
    Lengths.check("curvatures", curvatures.length(), rows.rows());
    Lengths.check("result", result.length(), rows.cols());
    margins(rows, vector, products);
    for (int r = 0; r < rows.rows(); r++) {
      products.set(r, curvatures.get(r) * products.get(r));
    }
    addScaledRows(rows, products, result);
  }
}
