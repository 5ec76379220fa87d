package org.strait.kernels;

import org.strait.memory.Floats;
import org.strait.memory.Ints;
import org.strait.memory.Longs;

/// Sparse rows, compressed (CSR). Row r has the entries [rowStart(r), rowStart(r + 1)) of {@code
/// index} and {@code value}; indices are 0-based, ascending within a row and below {@code cols}.
/// Whoever makes a Csr guarantees that; kernels assert only.
///
/// @param rows number of rows
/// @param cols number of columns (features)
/// @param rowStart rows + 1 offsets into index and value, rowStart(0) may be above 0 (a slice of
///     rows)
/// @param index column of each entry
/// @param value value of each entry
public record Csr(int rows, int cols, Longs rowStart, Ints index, Floats value) {
  /// Checks the shapes, not the entries.
  public Csr {
    if (rows < 0 || cols < 0) {
      throw new IllegalArgumentException("a matrix of " + rows + " x " + cols);
    }
    if (rowStart.length() != rows + 1L) {
      throw new IllegalArgumentException(
          rows + " rows need " + (rows + 1L) + " offsets, got " + rowStart.length());
    }
    if (index.length() != value.length()) {
      throw new IllegalArgumentException(
          index.length() + " indices but " + value.length() + " values");
    }
  }

  /// Number of entries in these rows.
  public long entries() {
    return rowStart.get(rows) - rowStart.get(0);
  }

  /// Rows [from, from + count) as a view.
  public Csr slice(int from, int count) {
    return new Csr(count, cols, rowStart.slice(from, count + 1L), index, value);
  }
}
