package org.strait.bench.kernels;

import org.strait.kernels.Matrix;
import org.strait.memory.Floats;
import org.strait.memory.HostMemory;

/// Dense rows with labels, and vectors to multiply them with.
final class DenseRows {
  final int rows;
  final int cols;
  final Floats x;
  final Matrix matrix;
  final Floats labels;
  final Floats weights;
  final Floats coefficients;
  final Floats margins;
  final Floats gradient;

  /// 200,000 rows of 512, 400 MB; few if quick.
  DenseRows(boolean quick, HostMemory memory) {
    rows = rows(quick);
    cols = cols(quick);
    Operands operands = new Operands(memory);
    x = operands.normal((long) rows * cols, 1);
    matrix = Matrix.of(x, rows, cols);
    labels = operands.signs(rows);
    weights = operands.normal(cols, 0.05);
    coefficients = operands.uniform(rows, 0, 0.25);
    margins = memory.floats(rows);
    gradient = memory.floats(cols);
  }

  private static int rows(boolean quick) {
    return quick ? 1_000 : 200_000;
  }

  private static int cols(boolean quick) {
    return quick ? 100 : 512;
  }

  /// The shape, for names.
  static String shape(boolean quick) {
    return rows(quick) + "x" + cols(quick);
  }

  /// Bytes that have to be read: the rows, a label and a result for each.
  long bytes() {
    return 4L * rows * cols + 8L * rows;
  }

  /// Operations: two for each element's margin, two for its part of the gradient.
  double flops() {
    return 4.0 * rows * cols;
  }
}
