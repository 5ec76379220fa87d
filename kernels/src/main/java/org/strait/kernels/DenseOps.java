package org.strait.kernels;

import org.strait.memory.Floats;

/// Dense vectors and row-major matrices. {@link #dot} sums in float64. A matrix product may sum in
/// float32 in any order that depends on the shape only: with k products per element it is within (k
/// + 4)·u·(|alpha|·Σ|a||x| + |beta|·|y|), u = 2^-24, of the exact value. Operands of one call must
/// not overlap. A run of another length than the text says throws IllegalArgumentException.
public interface DenseOps {
  /// Σ x(i)·y(i), accumulated in float64; within n·2^-52·Σ|x(i)·y(i)| of the exact value. Not
  /// modified: x, y. They may be the same run.
  double dot(Floats x, Floats y);

  /// y ← y + alpha·x. Modified: y.
  void axpy(float alpha, Floats x, Floats y);

  /// x ← alpha·x. Modified: x.
  void scale(float alpha, Floats x);

  /// y ← alpha·A·x + beta·y. A is row-major, rows × cols, with x of cols and y of rows elements.
  /// Modified: y. When beta is 0, y need not hold numbers before.
  void gemv(int rows, int cols, float alpha, Floats a, Floats x, float beta, Floats y);

  /// y ← alpha·Aᵀ·x + beta·y. A is row-major, rows × cols, with x of rows and y of cols elements.
  /// Modified: y. When beta is 0, y need not hold numbers before.
  void gemvTransposed(int rows, int cols, float alpha, Floats a, Floats x, float beta, Floats y);

  /// C ← alpha·op(A)·op(B) + beta·C, all row-major; op(A) is m × k, op(B) is k × n, C is m × n, and
  /// op transposes when its flag is set (A is then stored k × m, B n × k). Modified: C. When beta
  /// is 0, C need not hold numbers before.
  void gemm(
      boolean transposeA,
      boolean transposeB,
      int m,
      int n,
      int k,
      float alpha,
      Floats a,
      Floats b,
      float beta,
      Floats c);

  /// runs[k](i) ← Σ_k runs[k](i) for every k and from ≤ i < to, added in the order of the runs in
  /// float32: the inner loop of an allreduce in shared memory. Modified: all runs. They must not
  /// overlap.
  default void sumAll(Floats[] runs, long from, long to) {
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
}
