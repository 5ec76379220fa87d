package org.strait.engine.model;

import java.util.Optional;
import java.util.OptionalDouble;
import org.strait.engine.data.Batch;
import org.strait.engine.data.Dataset;
import org.strait.memory.Floats;
import org.strait.memory.HostMemory;

/// How good scores are. What is not defined is absent: measures of two classes if only one occurs,
/// measures of regression for classification, everything without rows. Where rows have weights, all
/// shares and means are of weights; numbers of rows are numbers of rows.
///
/// @param rows number of rows
/// @param positives rows with label +1 (0 for regression and several classes)
/// @param negatives rows with label -1 (0 for regression and several classes)
/// @param accuracy share of rows whose label is +1 exactly if the score is above 0; of several
///     classes, that of rows whose class has the largest score (of equal ones the first)
/// @param auprc average precision for the class +1: Σ (recall(k) - recall(k-1))·precision(k) over
///     the distinct scores from the highest, as scikit-learn's average_precision_score has it
/// @param auc probability that a row of +1 scores above one of -1, ties counting half; of several
///     classes, the mean of that of each class against the rest, over the classes that occur
/// @param logLoss mean of log(1 + exp(-y·score)), or of -log of the class's softmax; of
///     probabilistic models only
/// @param rmse root of the mean squared error, regression only
/// @param mae mean of |y - score|, regression only
/// @param r2 1 - Σ(y - score)² / Σ(y - mean y)², regression with different labels only
/// @param confusion of several classes, up to {@link Confusion#MOST_CLASSES}
public record Evaluation(
    int rows,
    int positives,
    int negatives,
    OptionalDouble accuracy,
    OptionalDouble auprc,
    OptionalDouble auc,
    OptionalDouble logLoss,
    OptionalDouble rmse,
    OptionalDouble mae,
    OptionalDouble r2,
    Optional<Confusion> confusion) {
  /// Scores above which the area under curves, which sorts each class, is left out.
  private static final long MOST_RANKED = 1L << 28;

  /// Scores the rows and judges the scores.
  ///
  /// @param memory owner that the scores count against while this runs
  public static Evaluation of(Replica replica, Dataset data, HostMemory memory) {
    try (HostMemory scoreMemory = memory.child("scores")) {
      Floats scores = scoreMemory.floats((long) data.rows() * replica.model().outputs());
      replica.scores(Batch.of(data), scores);
      return of(replica.model(), scores, data.labels(), data.weights());
    }
  }

  /// Judges scores of rows that count alike.
  public static Evaluation of(Model model, Floats scores, Floats labels) {
    return of(model, scores, labels, null);
  }

  /// Judges scores.
  ///
  /// @param model decides which measures apply
  /// @param scores one for each row; one for each row and class, if there are several
  /// @param labels one for each row; -1 and +1 for two classes, numbers of several
  /// @param weights one for each row, or null if all count 1
  /// @throws IllegalArgumentException if a score is NaN
  public static Evaluation of(Model model, Floats scores, Floats labels, Floats weights) {
    int outputs = model.outputs();
    if (scores.length() != labels.length() * outputs) {
      throw new IllegalArgumentException(
          scores.length() + " scores but " + labels.length() + " labels");
    }
    for (long r = 0; r < scores.length(); r++) {
      if (Float.isNaN(scores.get(r))) {
        throw new IllegalArgumentException(
            "the score of row " + r / outputs + " is not a number: the weights have diverged");
      }
    }
    return switch (model.targets()) {
      case REAL -> ofRegression(scores, labels, weights);
      case TWO_CLASSES -> ofTwoClasses(scores, labels, weights, model.probabilistic());
      case CLASSES -> ofClasses(scores, labels, weights, model);
    };
  }

  private static Evaluation ofRegression(Floats scores, Floats labels, Floats weights) {
    int rows = Math.toIntExact(scores.length());
    double mean = 0;
    double all = 0;
    for (int r = 0; r < rows; r++) {
      mean += weight(weights, r) * labels.get(r);
      all += weight(weights, r);
    }
    mean /= all;
    double residual = 0;
    double distance = 0;
    double spread = 0;
    for (int r = 0; r < rows; r++) {
      double error = (double) labels.get(r) - scores.get(r);
      double deviation = labels.get(r) - mean;
      distance += weight(weights, r) * Math.abs(error);
      residual += weight(weights, r) * (error * error);
      spread += weight(weights, r) * (deviation * deviation);
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
        present(all > 0, Math.sqrt(residual / all)),
        present(all > 0, distance / all),
        present(spread > 0, 1 - residual / spread),
        Optional.empty());
  }

  private static Evaluation ofTwoClasses(
      Floats scores, Floats labels, Floats weights, boolean probabilistic) {
    int rows = Math.toIntExact(scores.length());
    int positives = 0;
    double right = 0;
    double loss = 0;
    double all = 0;
    for (int r = 0; r < rows; r++) {
      float score = scores.get(r);
      boolean positive = labels.get(r) > 0;
      double weight = weight(weights, r);
      positives += positive ? 1 : 0;
      right += positive == score > 0 ? weight : 0;
      loss += weight * logisticLoss(positive ? score : -score);
      all += weight;
    }
    Ranking ranking = Ranking.of(ranked(scores, labels, weights, 1, 0), new long[rows]);
    return new Evaluation(
        rows,
        positives,
        rows - positives,
        present(all > 0, right / all),
        present(!Double.isNaN(ranking.area()), ranking.precision()),
        present(!Double.isNaN(ranking.area()), ranking.area()),
        present(all > 0 && probabilistic, loss / all),
        OptionalDouble.empty(),
        OptionalDouble.empty(),
        OptionalDouble.empty(),
        Optional.empty());
  }

  private static Evaluation ofClasses(Floats scores, Floats labels, Floats weights, Model model) {
    int rows = Math.toIntExact(labels.length());
    int classes = model.classes();
    boolean counts = classes <= Confusion.MOST_CLASSES;
    Confusion confusion = new Confusion(classes, new long[counts ? classes * classes : 0]);
    double right = 0;
    double loss = 0;
    double all = 0;
    for (int r = 0; r < rows; r++) {
      long row = (long) r * classes;
      int best = best(scores, row, classes);
      int is = (int) labels.get(r);
      double weight = weight(weights, r);
      double sum = 0;
      for (int k = 0; k < classes; k++) {
        sum += Math.exp((double) scores.get(row + k) - scores.get(row + best));
      }
      loss += weight * (Math.log(sum) + scores.get(row + best) - scores.get(row + is));
      right += best == is ? weight : 0;
      all += weight;
      if (counts) {
        confusion.counts()[is * classes + best]++;
      }
    }
    double area =
        (double) rows * classes <= MOST_RANKED
            ? area(scores, labels, weights, classes)
            : Double.NaN;
    OptionalDouble none = OptionalDouble.empty();
    return new Evaluation(
        rows,
        0,
        0,
        present(all > 0, right / all),
        none,
        present(!Double.isNaN(area), area),
        present(all > 0 && model.probabilistic(), loss / all),
        none,
        none,
        none,
        counts && rows > 0 ? Optional.of(confusion) : Optional.empty());
  }

  /// The mean over the classes that occur beside others; NaN if none does.
  private static double area(Floats scores, Floats labels, Floats weights, int classes) {
    long[] keys = new long[Math.toIntExact(labels.length())];
    double sum = 0;
    int known = 0;
    for (int k = 0; k < classes; k++) {
      double area = Ranking.of(ranked(scores, labels, weights, classes, k), keys).area();
      sum += Double.isNaN(area) ? 0 : area;
      known += Double.isNaN(area) ? 0 : 1;
    }
    return sum / known;
  }

  /// The class with the largest score of the row whose first score is here; of equal ones the
  /// first.
  public static int best(Floats scores, long row, int classes) {
    int best = 0;
    for (int k = 1; k < classes; k++) {
      best = scores.get(row + k) > scores.get(row + best) ? k : best;
    }
    return best;
  }

  private static Ranking.Rows ranked(
      Floats scores, Floats labels, Floats weights, int outputs, int k) {
    return new Ranking.Rows() {
      @Override
      public float score(int row) {
        return scores.get((long) row * outputs + k);
      }

      @Override
      public boolean positive(int row) {
        return outputs == 1 ? labels.get(row) > 0 : labels.get(row) == k;
      }

      @Override
      public double weight(int row) {
        return Evaluation.weight(weights, row);
      }
    };
  }

  private static double weight(Floats weights, int row) {
    return weights == null ? 1 : weights.get(row);
  }

  /// log(1 + exp(-x)) without overflow.
  private static double logisticLoss(double x) {
    return Math.max(-x, 0) + Math.log1p(Math.exp(-Math.abs(x)));
  }

  private static OptionalDouble present(boolean defined, double value) {
    return defined ? OptionalDouble.of(value) : OptionalDouble.empty();
  }
}
