package org.strait.kernels;

import java.util.Objects;
import org.strait.memory.Floats;

/// A row-major matrix of float32, or a part of one: element (r, c) is values(r·stride + c).
///
/// @param values at least (rows - 1)·stride + cols elements
/// @param rows number of rows
/// @param cols number of columns
/// @param stride elements from one row to the next, at least cols
public record Matrix(Floats values, int rows, int cols, int stride) {
  /// Checks the shape.
  public Matrix {
    if (rows < 0 || cols < 0 || stride < cols) {
      throw new IllegalArgumentException(
          "a matrix of " + rows + " x " + cols + ", " + stride + " elements from row to row");
    }
    long needed = rows == 0 ? 0 : (rows - 1L) * stride + cols;
    if (values.length() < needed) {
      throw new IllegalArgumentException(
          values.length()
              + " elements for a matrix of "
              + rows
              + " x "
              + cols
              + ", it needs "
              + needed);
    }
  }

  /// A matrix whose rows follow each other without gaps.
  public static Matrix of(Floats values, int rows, int cols) {
    return new Matrix(values, rows, cols, cols);
  }

  /// Rows [from, from + count) as a view.
  public Matrix slice(int from, int count) {
    Objects.checkFromIndexSize(from, count, rows);
    long start = (long) from * stride;
    long length = count == 0 ? 0 : (count - 1L) * stride + cols;
    return new Matrix(values.slice(start, length), count, cols, stride);
  }
}
