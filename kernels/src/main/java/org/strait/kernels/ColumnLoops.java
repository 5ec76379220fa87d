package org.strait.kernels;

import org.strait.memory.Doubles;
import org.strait.memory.Floats;

/// Plain loops over sparse rows with several columns of weights, such as one for each class: the
/// operations of {@link SparseOps} whose runs have {@code width} numbers for each row or feature,
/// side by side. By ranges of rows or of features, which threads can share without changing a bit.
public final class ColumnLoops {
  private ColumnLoops() {}

  /// {@link SparseOps#products(Csr, Floats, int, Floats)} for rows [from, to).
  public static void products(
      Csr rows, Floats columns, int width, Floats products, int from, int to) {
    for (int r = from; r < to; r++) {
      long row = (long) r * width;
      for (int k = 0; k < width; k++) {
        products.set(row + k, 0);
      }
      long end = rows.rowStart().get(r + 1L);
      for (long e = rows.rowStart().get(r); e < end; e++) {
        float x = rows.value().get(e);
        long column = (long) rows.index().get(e) * width;
        for (int k = 0; k < width; k++) {
          products.set(row + k, products.get(row + k) + x * columns.get(column + k));
        }
      }
    }
  }

  /// {@link SparseOps#addTransposed(Csr, Floats, int, Floats)} for features [from, to).
  public static void addTransposed(
      Csr rows, Floats coefficients, int width, Floats result, int from, int to) {
    for (int r = 0; r < rows.rows(); r++) {
      long row = (long) r * width;
      long end = rows.rowStart().get(r + 1L);
      for (long e = rows.rowStart().get(r); e < end; e++) {
        int feature = rows.index().get(e);
        if (feature >= from && feature < to) {
          float x = rows.value().get(e);
          long column = (long) feature * width;
          for (int k = 0; k < width; k++) {
            result.set(column + k, result.get(column + k) + x * coefficients.get(row + k));
          }
        }
      }
    }
  }

  /// {@link SparseOps#products(Csr, Doubles, int, Doubles)} for rows [from, to).
  public static void products(
      Csr rows, Doubles columns, int width, Doubles products, int from, int to) {
    for (int r = from; r < to; r++) {
      long row = (long) r * width;
      for (int k = 0; k < width; k++) {
        products.set(row + k, 0);
      }
      long end = rows.rowStart().get(r + 1L);
      for (long e = rows.rowStart().get(r); e < end; e++) {
        double x = rows.value().get(e);
        long column = (long) rows.index().get(e) * width;
        for (int k = 0; k < width; k++) {
          products.set(row + k, products.get(row + k) + x * columns.get(column + k));
        }
      }
    }
  }

  /// {@link SparseOps#addTransposed(Csr, Doubles, int, boolean, Doubles)} for features [from, to).
  public static void addTransposed(
      Csr rows,
      Doubles coefficients,
      int width,
      boolean squares,
      Doubles result,
      int from,
      int to) {
    for (int r = 0; r < rows.rows(); r++) {
      long row = (long) r * width;
      long end = rows.rowStart().get(r + 1L);
      for (long e = rows.rowStart().get(r); e < end; e++) {
        int feature = rows.index().get(e);
        if (feature >= from && feature < to) {
          double entry = rows.value().get(e);
          double x = squares ? entry * entry : entry;
          long column = (long) feature * width;
          for (int k = 0; k < width; k++) {
            result.set(column + k, result.get(column + k) + x * coefficients.get(row + k));
          }
        }
      }
    }
  }
}
