package org.strait.kernels;

import org.strait.memory.Doubles;
import org.strait.memory.Floats;

/// Sparse rows against dense vectors. A sum over the entries of a row is in float64, or in short
/// float32 sums that are added up, so that its error stays below 72·2^-24·Σ|value·weight| before it
/// is rounded. Sums over rows are in float32, rows in ascending order; a backend may cut the rows
/// into parts by their shape alone and add the parts in their order, so that bits do not depend on
/// threads.
public interface SparseOps {
  /// margins(r) ← Σ value·weights(index) over the entries of row r. Margins has rows.rows()
  /// elements, weights rows.cols(). Modified: margins.
  void margins(Csr rows, Floats weights, Floats margins);

  /// gradient ← gradient + Σ_r coefficients(r)·row r. Coefficients has rows.rows() elements,
  /// gradient rows.cols(). Modified: gradient.
  void addScaledRows(Csr rows, Floats coefficients, Floats gradient);

  /// squares ← squares + Σ_r coefficients(r)·row r squared element by element (the diagonal of
  /// Xᵀ·diag(c)·X). Modified: squares.
  void addScaledSquares(Csr rows, Floats coefficients, Floats squares);

  /// Loss and gradient in one pass: margins as above, derivatives(r) ← loss'(margin, labels(r)),
  /// gradient ← gradient + Σ_r derivatives(r)·row r. Returns Σ loss. Labels and derivatives have
  /// rows.rows() elements, weights and gradient rows.cols(). Modified: derivatives, gradient.
  ///
  /// @param loss called for ranges of rows, which are whole vectors long where they can be; by
  ///     several threads at once if the backend has them, so it must not compute with their team
  double lossAndGradient(
      Csr rows, Floats labels, RowLoss loss, Floats weights, Floats derivatives, Floats gradient);

  /// A Hessian-vector product in one pass: products(r) ← curvatures(r)·(row r · vector), result ←
  /// result + Σ_r products(r)·row r. Curvatures and products have rows.rows() elements, vector and
  /// result rows.cols(). Modified: products, result.
  void addCurvatureProduct(
      Csr rows, Floats curvatures, Floats vector, Floats products, Floats result);

  /// Whether the operations on {@link RankedRows} are faster than those on the rows they were made
  /// from.
  default boolean prefersRanked() {
    return false;
  }

  /// {@link #lossAndGradient(Csr, Floats, RowLoss, Floats, Floats, Floats)} of rows prepared for
  /// many visits; weights and gradient in the numbering of the rows they were made from. The order
  /// in which rows are added follows from the rows alone.
  default double lossAndGradient(
      RankedRows rows,
      Floats labels,
      RowLoss loss,
      Floats weights,
      Floats derivatives,
      Floats gradient) {
    return lossAndGradient(rows.given(), labels, loss, weights, derivatives, gradient);
  }

  /// {@link #addCurvatureProduct(Csr, Floats, Floats, Floats, Floats)} of rows prepared for many
  /// visits; vector and result in the numbering of the rows they were made from.
  default void addCurvatureProduct(
      RankedRows rows, Floats curvatures, Floats vector, Floats products, Floats result) {
    addCurvatureProduct(rows.given(), curvatures, vector, products, result);
  }

  /// A pass in float64: perRow(r) ← Σ value·weights(index) over the entries of row r, then what
  /// {@code map} makes of it, then result ← result + Σ_r perRow(r)·row r. Returns Σ of what map
  /// returned. Margins with their losses make it a gradient, curvatures a Hessian-vector product.
  /// Weights has rows.cols() elements, perRow rows.rows(), result rows.cols() or none, if only the
  /// sum is wanted. Sums over rows are in float64, rows in ascending order within parts that follow
  /// from the shape alone, so that bits do not depend on threads. Modified: perRow, result.
  ///
  /// @param map called for ranges of rows that cover all rows once; by several threads at once if
  ///     the backend has them, so it must not compute with their team
  default double addMapped(Csr rows, Doubles weights, RowMap map, Doubles perRow, Doubles result) {
    Lengths.check("weights", weights.length(), rows.cols());
    Lengths.check("perRow", perRow.length(), rows.rows());
    if (result.length() != 0) {
      Lengths.check("result", result.length(), rows.cols());
    }
    for (int r = 0; r < rows.rows(); r++) {
      double sum = 0;
      long end = rows.rowStart().get(r + 1L);
      for (long e = rows.rowStart().get(r); e < end; e++) {
        sum += rows.value().get(e) * weights.get(rows.index().get(e));
      }
      perRow.set(r, sum);
    }
    double sum = map.apply(perRow, 0, rows.rows());
    for (int r = 0; r < rows.rows() && result.length() != 0; r++) {
      double coefficient = perRow.get(r);
      long end = rows.rowStart().get(r + 1L);
      for (long e = rows.rowStart().get(r); e < end; e++) {
        int column = rows.index().get(e);
        result.set(column, result.get(column) + coefficient * rows.value().get(e));
      }
    }
    return sum;
  }

  /// squares ← squares + Σ_r coefficients(r)·row r squared element by element, in float64.
  /// Modified: squares.
  default void addScaledSquares(Csr rows, Doubles coefficients, Doubles squares) {
    Lengths.check("coefficients", coefficients.length(), rows.rows());
    Lengths.check("squares", squares.length(), rows.cols());
    for (int r = 0; r < rows.rows(); r++) {
      double coefficient = coefficients.get(r);
      long end = rows.rowStart().get(r + 1L);
      for (long e = rows.rowStart().get(r); e < end; e++) {
        int column = rows.index().get(e);
        double entry = rows.value().get(e);
        squares.set(column, squares.get(column) + coefficient * (entry * entry));
      }
    }
  }

  /// products(r·width + k) ← Σ value·columns(index·width + k) over the entries of row r, for every k
  /// below width: margins of several columns of weights, which lie side by side for each feature.
  /// Sums are in float32, entries in order. Products has width·rows.rows() elements, columns
  /// width·rows.cols(). Modified: products.
  default void products(Csr rows, Floats columns, int width, Floats products) {
    Lengths.check("columns", columns.length(), (long) width * rows.cols());
    Lengths.check("products", products.length(), (long) width * rows.rows());
    ColumnLoops.products(rows, columns, width, products, 0, rows.rows());
  }

  /// result(j·width + k) ← result(j·width + k) + Σ_r coefficients(r·width + k)·row r (j), rows in
  /// ascending order. Modified: result.
  default void addTransposed(Csr rows, Floats coefficients, int width, Floats result) {
    Lengths.check("coefficients", coefficients.length(), (long) width * rows.rows());
    Lengths.check("result", result.length(), (long) width * rows.cols());
    ColumnLoops.addTransposed(rows, coefficients, width, result, 0, rows.cols());
  }

  /// {@link #products(Csr, Floats, int, Floats)} in float64. Modified: products.
  default void products(Csr rows, Doubles columns, int width, Doubles products) {
    Lengths.check("columns", columns.length(), (long) width * rows.cols());
    Lengths.check("products", products.length(), (long) width * rows.rows());
    ColumnLoops.products(rows, columns, width, products, 0, rows.rows());
  }

  /// {@link #addTransposed(Csr, Floats, int, Floats)} in float64, of rows or of rows squared element
  /// by element. Modified: result.
  default void addTransposed(
      Csr rows, Doubles coefficients, int width, boolean squares, Doubles result) {
    Lengths.check("coefficients", coefficients.length(), (long) width * rows.rows());
    Lengths.check("result", result.length(), (long) width * rows.cols());
    ColumnLoops.addTransposed(rows, coefficients, width, squares, result, 0, rows.cols());
  }
}
