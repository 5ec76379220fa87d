package org.strait.kernels;

import org.strait.memory.Floats;

/// The checks at the door of {@link DenseOps}.
public final class DenseShapes {
  /// Bytes of the rows that one pass of a fused operation keeps in the second-level cache.
  private static final int BLOCK_BYTES = 1 << 17;

  /// A matrix of more bytes comes out of memory on every pass.
  private static final long MEMORY_BYTES = 32L << 20;

  /// Rows between these lengths stay in the first-level cache from their margin to their part of
  /// the gradient, and are long enough to pay for a loss of two rows.
  private static final long LEAST_ROW_BYTES = 1 << 10;

  private static final long MOST_ROW_BYTES = 1 << 13;

  private DenseShapes() {}

  /// Checks two runs of the same length and a part of them.
  public static void checkPair(Floats x, Floats y, long from, long to) {
    Lengths.check("y", y.length(), x.length());
    Lengths.checkPart("x", x.length(), from, to);
  }

  /// Checks one run or more of the same length and a part of them.
  public static void checkRuns(Floats[] runs, long from, long to) {
    if (runs.length == 0) {
      throw new IllegalArgumentException("no runs, expected one at least");
    }
    for (Floats run : runs) {
      Lengths.check("every run", run.length(), runs[0].length());
    }
    Lengths.checkPart("runs", runs[0].length(), from, to);
  }

  /// Checks y(rows) ← A·x(cols) for a part of the rows.
  public static void checkGemv(Matrix a, Floats x, Floats y, int from, int to) {
    Lengths.check("x", x.length(), a.cols());
    Lengths.check("y", y.length(), a.rows());
    Lengths.checkPart("y", a.rows(), from, to);
  }

  /// Checks y(cols) ← Aᵀ·x(rows) for a part of the columns.
  public static void checkGemvTransposed(Matrix a, Floats x, Floats y, int from, int to) {
    Lengths.check("x", x.length(), a.rows());
    Lengths.check("y", y.length(), a.cols());
    Lengths.checkPart("y", a.cols(), from, to);
  }

  /// Checks the operands of a matrix product and returns k, the products per element.
  public static int checkGemm(
      boolean transposeA, boolean transposeB, Matrix a, Matrix b, Matrix c) {
    int k = transposeA ? a.rows() : a.cols();
    Lengths.check("rows of op(A)", transposeA ? a.cols() : a.rows(), c.rows());
    Lengths.check("rows of op(B)", transposeB ? b.cols() : b.rows(), k);
    Lengths.check("columns of op(B)", transposeB ? b.rows() : b.cols(), c.cols());
    return k;
  }

  /// Checks the operands of a loss and gradient.
  public static void checkGradient(
      Matrix rows,
      Floats labels,
      Floats weights,
      Floats derivatives,
      Floats gradient,
      int from,
      int to) {
    Lengths.check("labels", labels.length(), rows.rows());
    Lengths.check("derivatives", derivatives.length(), rows.rows());
    Lengths.check("weights", weights.length(), rows.cols());
    Lengths.check("gradient", gradient.length(), rows.cols());
    Lengths.checkPart("rows", rows.rows(), from, to);
  }

  /// Rows that a fused operation takes at a time: about 128 KiB, whole vectors of any width where
  /// rows are short.
  public static int blockRows(int cols) {
    long rows = BLOCK_BYTES / (Math.max(1, cols) * Floats.BYTES);
    return rows >= 16 ? (int) Math.min(256, rows & -16) : rows >= 4 ? (int) (rows & -4) : 4;
  }

  /// Rows that a fused loss and gradient takes at a time. While a block is added out of a cache,
  /// memory rests; two rows are added before the processor has come to the end of what it reads
  /// ahead. In a cache long blocks are faster. It follows from the whole matrix, so that bits do
  /// not depend on the part.
  public static int gradientRows(Matrix rows) {
    long row = rows.cols() * Floats.BYTES;
    boolean two =
        (long) rows.rows() * rows.stride() * Floats.BYTES > MEMORY_BYTES
            && row >= LEAST_ROW_BYTES
            && row <= MOST_ROW_BYTES;
    return two ? 2 : blockRows(rows.cols());
  }
}
