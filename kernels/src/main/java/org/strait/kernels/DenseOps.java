package org.strait.kernels;

import org.strait.memory.Floats;

/// Dense vectors and row-major matrices. Every operation exists for a part of its result, given
/// from where to (exclusive) where, so that threads can share it without allocating; the form
/// without a part does all of it. {@link #dot} sums in float64. A matrix product may sum in float32
/// in any order that depends on the shape only: with k products per element it is within (k +
/// 4)·u·(|alpha|·Σ|a||x| + |beta|·|y|), u = 2^-24, of the exact value. Operands of one call must
/// not overlap, and their memory must not be closed before it returns. A run of another length than
/// the text says, or a part outside it, throws IllegalArgumentException.
public interface DenseOps {
  /// Elements of a piece of a {@link #dot}.
  int DOT_PIECE = 65_536;

  /// Σ x(i)·y(i) over from ≤ i < to, accumulated in float64; within n·2^-52·Σ|x(i)·y(i)| of the
  /// exact value, n = to - from. The range is summed in pieces of {@link #DOT_PIECE} elements that
  /// are added in order, a piece in sixteen sums (see ScalarDenseOps): the bits are the same on
  /// every backend. Not modified: x, y, which have the same length. They may be the same run.
  double dot(Floats x, Floats y, long from, long to);

  /// y(i) ← y(i) + alpha·x(i), rounded twice. Runs of the same length. Modified: y.
  void axpy(float alpha, Floats x, Floats y, long from, long to);

  /// x(i) ← alpha·x(i). Modified: x.
  void scale(float alpha, Floats x, long from, long to);

  /// y ← alpha·A·x + beta·y for the rows from … to of A and y. x has A's columns, y its rows.
  /// Modified: y. When beta is 0, y need not hold numbers before.
  void gemv(float alpha, Matrix a, Floats x, float beta, Floats y, int from, int to);

  /// y ← alpha·Aᵀ·x + beta·y for the columns from … to of A, the elements of y. x has A's rows, y
  /// its columns. Modified: y. When beta is 0, y need not hold numbers before.
  void gemvTransposed(float alpha, Matrix a, Floats x, float beta, Floats y, int from, int to);

  /// C ← alpha·op(A)·op(B) + beta·C for a part of C, where op transposes if its flag is set.
  /// Modified: C. When beta is 0, C need not hold numbers before.
  void gemm(
      boolean transposeA,
      boolean transposeB,
      float alpha,
      Matrix a,
      Matrix b,
      float beta,
      Matrix c,
      int fromRow,
      int toRow,
      int fromCol,
      int toCol);

  /// Loss and gradient of a linear model in one pass over the rows from … to: derivatives(r) ←
  /// loss'(row r · weights, labels(r)); gradient ← gradient + Σ_r derivatives(r)·row r. Returns the
  /// sum of the losses. Labels and derivatives have an element per row, weights and gradient one
  /// per column. A margin is within (cols + 4)·u·Σ|row||weights| of the exact value, u = 2^-24, and
  /// the gradient within (rows + 20)·u·(|gradient before| + Σ|derivatives||row|) of what the
  /// derivatives say. Modified: derivatives (also the place of the margins), gradient.
  ///
  /// @param loss called for one range of rows after the other; several threads may call it at once
  double lossAndGradient(
      Matrix rows,
      Floats labels,
      RowLoss loss,
      Floats weights,
      Floats derivatives,
      Floats gradient,
      int from,
      int to);

  /// Dot product of two runs of the same length.
  default double dot(Floats x, Floats y) {
    return dot(x, y, 0, x.length());
  }

  /// y ← y + alpha·x.
  default void axpy(float alpha, Floats x, Floats y) {
    axpy(alpha, x, y, 0, x.length());
  }

  /// x ← alpha·x.
  default void scale(float alpha, Floats x) {
    scale(alpha, x, 0, x.length());
  }

  /// y ← alpha·A·x + beta·y.
  default void gemv(float alpha, Matrix a, Floats x, float beta, Floats y) {
    gemv(alpha, a, x, beta, y, 0, a.rows());
  }

  /// y ← alpha·Aᵀ·x + beta·y.
  default void gemvTransposed(float alpha, Matrix a, Floats x, float beta, Floats y) {
    gemvTransposed(alpha, a, x, beta, y, 0, a.cols());
  }

  /// C ← alpha·op(A)·op(B) + beta·C.
  default void gemm(
      boolean transposeA,
      boolean transposeB,
      float alpha,
      Matrix a,
      Matrix b,
      float beta,
      Matrix c) {
    gemm(transposeA, transposeB, alpha, a, b, beta, c, 0, c.rows(), 0, c.cols());
  }

  /// Loss and gradient of all rows.
  default double lossAndGradient(
      Matrix rows,
      Floats labels,
      RowLoss loss,
      Floats weights,
      Floats derivatives,
      Floats gradient) {
    return lossAndGradient(rows, labels, loss, weights, derivatives, gradient, 0, rows.rows());
  }

  /// run(i) ← Σ_k run_k(i) for every run and from ≤ i < to, added in the order of the runs in
  /// float32, every element read once: the inner loop of an allreduce in shared memory. The same
  /// bits on every backend. Modified: all runs, which have the same length and do not overlap.
  default void sumAll(Floats[] runs, long from, long to) {
    DenseShapes.checkRuns(runs, from, to);
    for (long i = from; i < to; i++) {
      float sum = runs[0].get(i);
      for (int k = 1; k < runs.length; k++) {
        sum += runs[k].get(i);
      }
      for (Floats run : runs) {
        run.set(i, sum);
      }
    }
  }

  /// target(at + i) ← Σ_k run_k(from + i) for 0 ≤ i < count, added in the order of the runs in
  /// float32. The same bits on every backend. Modified: target, which overlaps no run.
  default void sumInto(Floats[] runs, long from, Floats target, long at, long count) {
    DenseShapes.checkRuns(runs, from, from + count);
    Lengths.checkPart("target", target.length(), at, at + count);
    for (long i = 0; i < count; i++) {
      float sum = runs[0].get(from + i);
      for (int k = 1; k < runs.length; k++) {
        sum += runs[k].get(from + i);
      }
      target.set(at + i, sum);
    }
  }

  /// y(yFrom + i) ← y(yFrom + i) + x(xFrom + i) for 0 ≤ i < count, in float32: the inner loop of an
  /// allreduce over a network, where parts of a vector come in at other places than they go to. The
  /// same bits on every backend; runs on the caller's thread. Modified: y. The parts do not
  /// overlap.
  default void add(Floats x, long xFrom, Floats y, long yFrom, long count) {
    Lengths.checkPart("x", x.length(), xFrom, xFrom + count);
    Lengths.checkPart("y", y.length(), yFrom, yFrom + count);
    for (long i = 0; i < count; i++) {
      y.set(yFrom + i, y.get(yFrom + i) + x.get(xFrom + i));
    }
  }
}
