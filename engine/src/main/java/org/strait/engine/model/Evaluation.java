package org.strait.engine.model;

import java.util.Arrays;
import java.util.OptionalDouble;
import org.strait.engine.data.Batch;
import org.strait.engine.data.Dataset;
import org.strait.memory.Floats;
import org.strait.memory.HostMemory;

/// How good scores are. What is not defined is absent: measures of two classes if only one occurs,
/// measures of regression for classification, everything without rows.
///
/// @param rows number of rows
/// @param positives rows with label +1 (0 for regression)
/// @param negatives rows with label -1 (0 for regression)
/// @param accuracy share of rows whose label is +1 exactly if the score is above 0
/// @param auprc average precision for the class +1: Σ (recall(k) - recall(k-1))·precision(k) over
///     the distinct scores from the highest, as scikit-learn's average_precision_score has it
/// @param auc probability that a row of +1 scores above one of -1, ties counting half
/// @param logLoss mean of log(1 + exp(-y·score)); of probabilistic models only
/// @param rmse root of the mean squared error, regression only
/// @param r2 1 - Σ(y - score)² / Σ(y - mean y)², regression with different labels only
public record Evaluation(
    int rows,
    int positives,
    int negatives,
    OptionalDouble accuracy,
    OptionalDouble auprc,
    OptionalDouble auc,
    OptionalDouble logLoss,
    OptionalDouble rmse,
    OptionalDouble r2) {

  /// Scores the rows and judges the scores.
  ///
  /// @param memory owner that the scores count against while this runs
  public static Evaluation of(Replica replica, Dataset data, HostMemory memory) {
    try (HostMemory scoreMemory = memory.child("scores")) {
      Floats scores = scoreMemory.floats(data.rows());
      replica.scores(Batch.of(data), scores);
      return of(replica.model(), scores, data.labels());
    }
  }

  /// Judges scores.
  ///
  /// @param model decides which measures apply
  /// @param scores one for each row
  /// @param labels one for each row; -1 and +1 for two classes
  /// @throws IllegalArgumentException if a score is NaN
  public static Evaluation of(Model model, Floats scores, Floats labels) {
    if (scores.length() != labels.length()) {
      throw new IllegalArgumentException(
          scores.length() + " scores but " + labels.length() + " labels");
    }
    for (long r = 0; r < scores.length(); r++) {
      if (Float.isNaN(scores.get(r))) {
        throw new IllegalArgumentException(
            "the score of row " + r + " is not a number: the weights have diverged");
      }
    }
    return model.targets() == Model.Targets.REAL
        ? ofRegression(scores, labels)
        : ofClasses(scores, labels, model.probabilistic());
  }

  private static Evaluation ofRegression(Floats scores, Floats labels) {
    int rows = Math.toIntExact(scores.length());
    double mean = 0;
    for (int r = 0; r < rows; r++) {
      mean += labels.get(r);
    }
    mean /= rows;
    double residual = 0;
    double spread = 0;
    for (int r = 0; r < rows; r++) {
      double error = (double) labels.get(r) - scores.get(r);
      double deviation = labels.get(r) - mean;
      residual += error * error;
      spread += deviation * deviation;
    }
    OptionalDouble none = OptionalDouble.empty();
    return new Evaluation(
        rows,
        0,
        0,
        none,
        none,
        none,
        none,
        present(rows > 0, Math.sqrt(residual / rows)),
        present(spread > 0, 1 - residual / spread));
  }

  private static Evaluation ofClasses(Floats scores, Floats labels, boolean probabilistic) {
    int rows = Math.toIntExact(scores.length());
    int positives = 0;
    int right = 0;
    double loss = 0;
    long[] keys = new long[rows];
    for (int r = 0; r < rows; r++) {
      float score = scores.get(r) + 0f; // -0 becomes 0 and ties with it
      boolean positive = labels.get(r) > 0;
      positives += positive ? 1 : 0;
      right += positive == score > 0 ? 1 : 0;
      loss += logisticLoss(positive ? score : -score);
      int bits = Float.floatToIntBits(score);
      int ascending = bits ^ ((bits >> 31) & Integer.MAX_VALUE);
      keys[r] = ((long) ascending << 1) | (positive ? 1 : 0);
    }
    Arrays.sort(keys);
    double precisionSum = 0;
    double pairsWon = 0;
    int above = 0;
    int positivesAbove = 0;
    for (int end = rows; end > 0; ) {
      int start = end;
      int tied = 0;
      while (start > 0 && keys[start - 1] >> 1 == keys[end - 1] >> 1) {
        start--;
        tied += (int) (keys[start] & 1);
      }
      above += end - start;
      positivesAbove += tied;
      precisionSum += tied * ((double) positivesAbove / above);
      int negativesTied = end - start - tied;
      int negativesAbove = above - positivesAbove;
      int negativesBelow = rows - positives - negativesAbove;
      pairsWon += tied * (negativesBelow + negativesTied / 2.0);
      end = start;
    }
    int negatives = rows - positives;
    boolean bothClasses = positives > 0 && negatives > 0;
    OptionalDouble none = OptionalDouble.empty();
    return new Evaluation(
        rows,
        positives,
        negatives,
        present(rows > 0, (double) right / rows),
        present(bothClasses, precisionSum / positives),
        present(bothClasses, pairsWon / ((double) positives * negatives)),
        present(rows > 0 && probabilistic, loss / rows),
        none,
        none);
  }

  /// log(1 + exp(-x)) without overflow.
  private static double logisticLoss(double x) {
    return Math.max(-x, 0) + Math.log1p(Math.exp(-Math.abs(x)));
  }

  private static OptionalDouble present(boolean defined, double value) {
    return defined ? OptionalDouble.of(value) : OptionalDouble.empty();
  }
}
