package org.strait.kernels;

import org.strait.memory.Floats;

/// Losses of a margin m = x·w and a label y, with their derivatives with respect to m. Values are
/// minimised. An operation over rows from ≤ r < to returns Σ_r loss(m_r, y_r) in float64 and
/// overwrites {@code derivatives} with dloss/dm in float32; derivatives may be the same run as
/// margins. A row's loss and derivative may be computed in float32: they are within 8·2^-24 of
/// their exact size, or within 2^-124 of zero. A row's derivative has the same bits in whatever
/// range it lies. The curvatures are d²loss/dm², to the same precision; they may overwrite margins
/// too. Modified: derivatives, curvatures.
///
/// Each loss of a range is a {@link RowLoss} ({@code ops::logistic}).
public interface LossOps {
  /// log(1 + exp(-y·m)) with y in {-1, +1}; exact for large |m| (no overflow).
  double logistic(Floats margins, Floats labels, Floats derivatives, long from, long to);

  /// max(0, 1 - y·m)² with y in {-1, +1}.
  double squaredHinge(Floats margins, Floats labels, Floats derivatives, long from, long to);

  /// (m - y)²/2 with any real y.
  double squared(Floats margins, Floats labels, Floats derivatives, long from, long to);

  /// d²/2 where |d| ≤ delta, delta·(|d| - delta/2) beyond, with d = m - y and delta > 0.
  double huber(float delta, Floats margins, Floats labels, Floats derivatives, long from, long to);

  /// Cross-entropy of the softmax of each row: logsumexp(s) - s(y), with a row s of scores, one
  /// column per class, and the number y of the row's class as label. derivatives(k) = p(k) - [k =
  /// y] with p(k) = exp(s(k))/Σ exp(s); the loss is within 16·2^-24·(1 + |loss|), derivatives and
  /// curvatures are within (16 + range)·2^-24 of their size or 2^-44 of zero, where the range is
  /// that of the row's scores. Scores are finite, or the row's results are
  /// NaN. Derivatives has the shape of scores and may be the same matrix.
  ///
  /// @throws IllegalArgumentException if a label is not the number of a column
  double softmax(Matrix scores, Floats labels, Matrix derivatives, int from, int to);

  /// p·(1 - p) with p = 1/(1 + exp(-m)).
  void logisticCurvatures(Floats margins, Floats labels, Floats curvatures, long from, long to);

  /// 2 where y·m < 1, else 0.
  void squaredHingeCurvatures(Floats margins, Floats labels, Floats curvatures, long from, long to);

  /// 1.
  void squaredCurvatures(Floats margins, Floats labels, Floats curvatures, long from, long to);

  /// 1 where |m - y| ≤ delta, else 0.
  void huberCurvatures(
      float delta, Floats margins, Floats labels, Floats curvatures, long from, long to);

  /// The diagonal p(k)·(1 - p(k)) of each row's second derivative diag(p) - p·pᵀ.
  void softmaxCurvatures(Matrix scores, Matrix curvatures, int from, int to);

  /// y(i) ← exp(x(i)) for from ≤ i < to, within 2 units of the last place, subnormal results
  /// included. y may be x.
  void exp(Floats x, Floats y, long from, long to);

  /// y(i) ← log(1 + x(i)) for from ≤ i < to, within 2 units of the last place. y may be x.
  void log1p(Floats x, Floats y, long from, long to);

  /// {@link #logistic(Floats, Floats, Floats, long, long)} of all rows.
  default double logistic(Floats margins, Floats labels, Floats derivatives) {
    Lengths.checkRows(margins, labels, derivatives);
    return logistic(margins, labels, derivatives, 0, margins.length());
  }

  /// {@link #squaredHinge(Floats, Floats, Floats, long, long)} of all rows.
  default double squaredHinge(Floats margins, Floats labels, Floats derivatives) {
    Lengths.checkRows(margins, labels, derivatives);
    return squaredHinge(margins, labels, derivatives, 0, margins.length());
  }

  /// {@link #squared(Floats, Floats, Floats, long, long)} of all rows.
  default double squared(Floats margins, Floats labels, Floats derivatives) {
    Lengths.checkRows(margins, labels, derivatives);
    return squared(margins, labels, derivatives, 0, margins.length());
  }

  /// {@link #huber(float, Floats, Floats, Floats, long, long)} of all rows.
  default double huber(float delta, Floats margins, Floats labels, Floats derivatives) {
    Lengths.checkRows(margins, labels, derivatives);
    return huber(delta, margins, labels, derivatives, 0, margins.length());
  }

  /// {@link #softmax(Matrix, Floats, Matrix, int, int)} of all rows.
  default double softmax(Matrix scores, Floats labels, Matrix derivatives) {
    Lengths.check("labels", labels.length(), scores.rows());
    return softmax(scores, labels, derivatives, 0, scores.rows());
  }
}
