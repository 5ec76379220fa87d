package org.strait.engine.data;

import org.strait.kernels.Csr;
import org.strait.kernels.Matrix;
import org.strait.memory.Floats;
import org.strait.memory.HostMemory;

/// Rows without gaps, as dense kernels want them: a copy for the many visits of a training.
final class DenseRows {
  /// Cells of the matrix for each entry from which sparse rows are faster: a cell costs 4 bytes, an
  /// entry 8 and an access on its own.
  private static final long MOST_CELLS_PER_ENTRY = 4;

  private DenseRows() {}

  /// Whether a dense copy of the rows is worked on faster and leaves half of the room in memory.
  static boolean pay(Csr rows, HostMemory memory) {
    long cells = (long) rows.rows() * rows.cols();
    return cells > 0
        && cells <= MOST_CELLS_PER_ENTRY * rows.entries()
        && cells * Floats.BYTES <= memory.roomBytes() / 2;
  }

  /// The copy.
  static Matrix of(Csr rows, HostMemory memory) {
    int cols = rows.cols();
    Floats values = memory.floats((long) rows.rows() * cols);
    for (int r = 0; r < rows.rows(); r++) {
      long row = (long) r * cols;
      long end = rows.rowStart().get(r + 1L);
      for (long i = rows.rowStart().get(r); i < end; i++) {
        values.set(row + rows.index().get(i), rows.value().get(i));
      }
    }
    return Matrix.of(values, rows.rows(), cols);
  }
}
