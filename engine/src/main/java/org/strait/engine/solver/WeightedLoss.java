package org.strait.engine.solver;

import org.strait.memory.Doubles;
import org.strait.memory.Floats;

/// A loss times the weight of its row. Rows of equal weight that follow each other are given to the
/// loss together.
final class WeightedLoss implements ConvexLoss {
  private final ConvexLoss loss;
  private final Floats weights;
  private final long width;

  /// @param weights one for each row
  /// @param width margins of a row, side by side
  WeightedLoss(ConvexLoss loss, Floats weights, int width) {
    this.loss = loss;
    this.weights = weights;
    this.width = width;
  }

  @Override
  public double apply(Doubles margins, Floats labels, Doubles curvatures, long from, long to) {
    double sum = 0;
    for (long start = from; start < to; ) {
      double weight = weights.get(start / width);
      long end = end(start, to);
      if (weight > 0) {
        sum += weight * loss.apply(margins, labels, curvatures, start, end);
      }
      for (long i = start; i < end; i++) {
        margins.set(i, weight == 0 ? 0 : weight * margins.get(i));
        curvatures.set(i, weight == 0 ? 0 : weight * curvatures.get(i));
      }
      start = end;
    }
    return sum;
  }

  @Override
  public double sum(Doubles margins, Floats labels, long from, long to) {
    double sum = 0;
    for (long start = from; start < to; ) {
      double weight = weights.get(start / width);
      long end = end(start, to);
      if (weight > 0) {
        sum += weight * loss.sum(margins, labels, start, end);
      }
      start = end;
    }
    return sum;
  }

  /// Where the run of equal weights ends that begins here.
  private long end(long start, long to) {
    float weight = weights.get(start / width);
    long end = start + 1;
    while (end < to && weights.get(end / width) == weight) {
      end++;
    }
    return end;
  }

  @Override
  public double halfway() {
    return loss.halfway();
  }

  @Override
  public String wrong(float label) {
    return loss.wrong(label);
  }
}
