package org.strait.engine.data;

import java.util.Objects;
import org.strait.kernels.Csr;
import org.strait.kernels.Matrix;
import org.strait.memory.Bytes;
import org.strait.memory.Floats;
import org.strait.memory.HostMemory;
import org.strait.memory.Ints;
import org.strait.memory.Longs;

/// Rows without gaps: numbers, or bytes as they were read. Bytes take a quarter of the memory and
/// become numbers when rows are selected, so a file of images costs every rank its bytes for a
/// moment and the numbers of its own rows only. What only sparse kernels can do (curvatures) gets
/// the same numbers with an index, made when it is first asked for. Not thread-safe.
final class DenseCells {
  private final int rows;
  private final int cols;
  private final Bytes bytes;
  private final float[] table;
  private final HostMemory memory;
  private final DenseCells whole;
  private final int from;
  private Matrix matrix;
  private Csr sparse;

  private DenseCells(
      int rows,
      int cols,
      Bytes bytes,
      float[] table,
      Matrix matrix,
      HostMemory memory,
      DenseCells whole,
      int from) {
    this.rows = rows;
    this.cols = cols;
    this.bytes = bytes;
    this.table = table;
    this.matrix = matrix;
    this.memory = memory;
    this.whole = whole;
    this.from = from;
  }

  /// @param values row after row
  /// @param memory owner of an index, if one is needed
  static DenseCells of(Floats values, int rows, int cols, HostMemory memory) {
    return new DenseCells(rows, cols, null, null, Matrix.of(values, rows, cols), memory, null, 0);
  }

  /// @param bytes row after row
  /// @param scale what bytes stand for
  /// @param memory owner of the numbers, if they are needed
  static DenseCells of(Bytes bytes, int rows, int cols, PixelScale scale, HostMemory memory) {
    if (bytes.length() != (long) rows * cols) {
      throw new IllegalArgumentException(
          bytes.length() + " bytes for " + rows + " rows of " + cols + " features");
    }
    return new DenseCells(rows, cols, bytes, scale.table(), null, memory, null, 0);
  }

  int rows() {
    return rows;
  }

  int cols() {
    return cols;
  }

  /// The rows as numbers.
  Matrix matrix() {
    if (matrix == null) {
      if (whole != null) {
        matrix = whole.matrix().slice(from, rows);
      } else {
        Floats values = memory.floats((long) rows * cols);
        for (int r = 0; r < rows; r++) {
          copy(r, values, (long) r * cols);
        }
        matrix = Matrix.of(values, rows, cols);
      }
    }
    return matrix;
  }

  /// The rows with every cell an entry.
  Csr sparse() {
    if (sparse == null) {
      if (whole != null) {
        sparse = whole.sparse().slice(from, rows);
      } else {
        Ints index = memory.ints((long) rows * cols);
        Longs start = memory.longs(rows + 1L);
        long at = 0;
        for (int r = 0; r < rows; r++) {
          for (int c = 0; c < cols; c++) {
            index.set(at++, c);
          }
          start.set(r + 1L, at);
        }
        sparse = new Csr(rows, cols, start, index, matrix().values());
      }
    }
    return sparse;
  }

  /// Rows [first, first + count) as a view.
  DenseCells slice(int first, int count) {
    Objects.checkFromIndexSize(first, count, rows);
    DenseCells base = whole == null ? this : whole;
    return new DenseCells(count, cols, null, null, null, memory, base, from + first);
  }

  /// A copy of some rows, as numbers.
  DenseCells select(int[] chosen, HostMemory owner) {
    Floats values = owner.floats((long) chosen.length * cols);
    for (int i = 0; i < chosen.length; i++) {
      copy(Objects.checkIndex(chosen[i], rows), values, (long) i * cols);
    }
    return of(values, chosen.length, cols, owner);
  }

  private void copy(int row, Floats to, long at) {
    if (whole != null) {
      whole.copy(from + row, to, at);
    } else if (bytes == null) {
      to.slice(at, cols).copyFrom(matrix.values().slice((long) row * cols, cols));
    } else {
      long first = (long) row * cols;
      for (int c = 0; c < cols; c++) {
        to.set(at + c, table[bytes.get(first + c) & 0xff]);
      }
    }
  }
}
