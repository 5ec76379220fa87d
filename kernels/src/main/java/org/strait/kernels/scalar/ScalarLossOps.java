package org.strait.kernels.scalar;

import org.strait.kernels.Lengths;
import org.strait.kernels.LossOps;
import org.strait.kernels.Matrix;
import org.strait.memory.Floats;

/// Losses, row after row, computed in float64.
final class ScalarLossOps implements LossOps {
  @Override
  public double logistic(Floats margins, Floats labels, Floats derivatives, long from, long to) {
    Lengths.checkRows(margins, labels, derivatives, from, to);
    double sum = 0;
    for (long r = from; r < to; r++) {
      double label = labels.get(r);
      double z = label * margins.get(r);
      // exp of a number that is never positive cannot overflow: log(1 + exp(-z)) is
      // max(-z, 0) + log(1 + exp(-|z|)).
      double e = Math.exp(-Math.abs(z));
      sum += Math.max(-z, 0) + Math.log1p(e);
      derivatives.set(r, (float) (-label * (z >= 0 ? e : 1) / (1 + e)));
    }
    return sum;
  }

  @Override
  public double squaredHinge(
      Floats margins, Floats labels, Floats derivatives, long from, long to) {
    Lengths.checkRows(margins, labels, derivatives, from, to);
    double sum = 0;
    for (long r = from; r < to; r++) {
      double label = labels.get(r);
      double missing = Math.max(0, 1 - label * margins.get(r));
      sum += missing * missing;
      derivatives.set(r, (float) (-2 * label * missing));
    }
    return sum;
  }

  @Override
  public double squared(Floats margins, Floats labels, Floats derivatives, long from, long to) {
    Lengths.checkRows(margins, labels, derivatives, from, to);
    double sum = 0;
    for (long r = from; r < to; r++) {
      double difference = (double) margins.get(r) - labels.get(r);
      sum += difference * difference / 2;
      derivatives.set(r, (float) difference);
    }
    return sum;
  }

  @Override
  public double huber(
      float delta, Floats margins, Floats labels, Floats derivatives, long from, long to) {
    Lengths.checkRows(margins, labels, derivatives, from, to);
    Lengths.checkDelta(delta);
    double sum = 0;
    for (long r = from; r < to; r++) {
      double difference = (double) margins.get(r) - labels.get(r);
      double slope = Math.max(-delta, Math.min(delta, difference));
      sum += slope * (difference - slope / 2);
      derivatives.set(r, (float) slope);
    }
    return sum;
  }

  @Override
  public double softmax(Matrix scores, Floats labels, Matrix derivatives, int from, int to) {
    Lengths.checkScores(scores, derivatives, from, to);
    Lengths.checkPart("labels", labels.length(), from, to);
    int classes = scores.cols();
    double loss = 0;
    for (int r = from; r < to; r++) {
      int own = Lengths.checkClass(labels.get(r), classes, r);
      long row = (long) r * scores.stride();
      long out = (long) r * derivatives.stride();
      float score = scores.values().get(row + own);
      float max = max(scores, row);
      double sum = sumOfPowers(scores, row, max);
      loss += Math.log(sum) + max - score;
      double ownPower = Math.exp((double) score - max);
      for (int k = 0; k < classes; k++) {
        double power = Math.exp((double) scores.values().get(row + k) - max);
        double derivative = k == own ? (ownPower - sum) / sum : power / sum;
        derivatives.values().set(out + k, (float) derivative);
      }
    }
    return loss;
  }

  private static float max(Matrix scores, long row) {
    float max = Float.NEGATIVE_INFINITY;
    for (int k = 0; k < scores.cols(); k++) {
      max = Math.max(max, scores.values().get(row + k));
    }
    return max;
  }

  private static double sumOfPowers(Matrix scores, long row, float max) {
    double sum = 0;
    for (int k = 0; k < scores.cols(); k++) {
      sum += Math.exp((double) scores.values().get(row + k) - max);
    }
    return sum;
  }

  @Override
  public void logisticCurvatures(
      Floats margins, Floats labels, Floats curvatures, long from, long to) {
    Lengths.checkRows(margins, labels, curvatures, from, to);
    for (long r = from; r < to; r++) {
      double e = Math.exp(-Math.abs((double) margins.get(r)));
      curvatures.set(r, (float) (e / ((1 + e) * (1 + e))));
    }
  }

  @Override
  public void squaredHingeCurvatures(
      Floats margins, Floats labels, Floats curvatures, long from, long to) {
    Lengths.checkRows(margins, labels, curvatures, from, to);
    for (long r = from; r < to; r++) {
      curvatures.set(r, labels.get(r) * margins.get(r) < 1 ? 2 : 0);
    }
  }

  @Override
  public void squaredCurvatures(
      Floats margins, Floats labels, Floats curvatures, long from, long to) {
    Lengths.checkRows(margins, labels, curvatures, from, to);
    for (long r = from; r < to; r++) {
      curvatures.set(r, 1);
    }
  }

  @Override
  public void huberCurvatures(
      float delta, Floats margins, Floats labels, Floats curvatures, long from, long to) {
    Lengths.checkRows(margins, labels, curvatures, from, to);
    Lengths.checkDelta(delta);
    for (long r = from; r < to; r++) {
      curvatures.set(r, Math.abs(margins.get(r) - labels.get(r)) <= delta ? 1 : 0);
    }
  }

  @Override
  public void softmaxCurvatures(Matrix scores, Matrix curvatures, int from, int to) {
    Lengths.checkScores(scores, curvatures, from, to);
    for (int r = from; r < to; r++) {
      long row = (long) r * scores.stride();
      long out = (long) r * curvatures.stride();
      float max = max(scores, row);
      double sum = sumOfPowers(scores, row, max);
      for (int k = 0; k < scores.cols(); k++) {
        double power = Math.exp((double) scores.values().get(row + k) - max);
        curvatures.values().set(out + k, (float) (power / sum * ((sum - power) / sum)));
      }
    }
  }

  @Override
  public void exp(Floats x, Floats y, long from, long to) {
    Lengths.checkPart("x", x.length(), from, to);
    Lengths.checkPart("y", y.length(), from, to);
    for (long i = from; i < to; i++) {
      y.set(i, (float) Math.exp(x.get(i)));
    }
  }

  @Override
  public void log1p(Floats x, Floats y, long from, long to) {
    Lengths.checkPart("x", x.length(), from, to);
    Lengths.checkPart("y", y.length(), from, to);
    for (long i = from; i < to; i++) {
      y.set(i, (float) Math.log1p(x.get(i)));
    }
  }
}
