package org.strait.kernels.team;

import org.strait.kernels.Lengths;
import org.strait.kernels.LossOps;
import org.strait.kernels.Matrix;
import org.strait.kernels.RowLoss;
import org.strait.memory.Floats;

/// Losses by a team: each part sums its rows, and the parts' sums are added in their order. A range
/// of fewer than 2·{@value #LEAST} rows (for softmax: scores) is the caller's own work and touches
/// nothing here, so that a part of another operation may ask for it.
final class TeamLossOps implements LossOps {
  /// Fewest rows of a part.
  private static final long LEAST = 1 << 13;

  /// Parts begin on a cache line of the range.
  private static final long UNIT = 16;

  /// A second derivative over a range of rows.
  @FunctionalInterface
  private interface Curvature {
    void apply(Floats margins, Floats labels, Floats curvatures, long from, long to);
  }

  private final LossOps each;
  private final Team team;
  private final RowLoss logistic;
  private final RowLoss squaredHinge;
  private final RowLoss squared;
  private final RowLoss huber;
  private final Curvature logisticCurvature;
  private final Curvature squaredHingeCurvature;
  private final Curvature squaredCurvature;
  private final Curvature huberCurvature;
  private final Curvature exp;
  private final Curvature log1p;
  private final Team.Task lossPart = (part, worker) -> lossPart(part);
  private final Team.Task curvaturePart = (part, worker) -> curvaturePart(part);
  private final Team.Task softmaxPart = (part, worker) -> softmaxPart(part);
  private final Team.Task softmaxCurvaturePart = (part, worker) -> softmaxCurvaturePart(part);
  private final double[] sums = new double[Cut.MOST];

  // Operands of the operation under way.
  private int parts;
  private long from;
  private long to;
  private RowLoss loss;
  private Curvature curvature;
  private float delta;
  private Floats margins;
  private Floats labels;
  private Floats out;
  private Matrix scores;
  private Matrix outMatrix;

  TeamLossOps(LossOps each, Team team) {
    this.each = each;
    this.team = team;
    logistic = each::logistic;
    squaredHinge = each::squaredHinge;
    squared = each::squared;
    huber = (m, l, d, start, end) -> each.huber(delta, m, l, d, start, end);
    logisticCurvature = each::logisticCurvatures;
    squaredHingeCurvature = each::squaredHingeCurvatures;
    squaredCurvature = each::squaredCurvatures;
    huberCurvature = (m, l, c, start, end) -> each.huberCurvatures(delta, m, l, c, start, end);
    exp = (x, unused, y, start, end) -> each.exp(x, y, start, end);
    log1p = (x, unused, y, start, end) -> each.log1p(x, y, start, end);
  }

  @Override
  public double logistic(Floats m, Floats l, Floats derivatives, long start, long end) {
    return small(start, end)
        ? each.logistic(m, l, derivatives, start, end)
        : sum(logistic, m, l, derivatives, start, end);
  }

  @Override
  public double squaredHinge(Floats m, Floats l, Floats derivatives, long start, long end) {
    return small(start, end)
        ? each.squaredHinge(m, l, derivatives, start, end)
        : sum(squaredHinge, m, l, derivatives, start, end);
  }

  @Override
  public double squared(Floats m, Floats l, Floats derivatives, long start, long end) {
    return small(start, end)
        ? each.squared(m, l, derivatives, start, end)
        : sum(squared, m, l, derivatives, start, end);
  }

  @Override
  public double huber(
      float newDelta, Floats m, Floats l, Floats derivatives, long start, long end) {
    if (small(start, end)) {
      return each.huber(newDelta, m, l, derivatives, start, end);
    }
    delta = newDelta;
    return sum(huber, m, l, derivatives, start, end);
  }

  private static boolean small(long start, long end) {
    return Cut.parts(end - start, LEAST) == 1;
  }

  private double sum(
      RowLoss newLoss, Floats m, Floats l, Floats derivatives, long start, long end) {
    loss = newLoss;
    set(m, l, derivatives, start, end);
    team.run(parts, lossPart);
    return sumOfParts();
  }

  private double sumOfParts() {
    double sum = 0;
    for (int part = 0; part < parts; part++) {
      sum += sums[part];
    }
    return sum;
  }

  private void lossPart(int part) {
    sums[part] = loss.apply(margins, labels, out, border(part), border(part + 1));
  }

  @Override
  public void logisticCurvatures(Floats m, Floats l, Floats curvatures, long start, long end) {
    if (small(start, end)) {
      each.logisticCurvatures(m, l, curvatures, start, end);
    } else {
      run(logisticCurvature, m, l, curvatures, start, end);
    }
  }

  @Override
  public void squaredHingeCurvatures(Floats m, Floats l, Floats curvatures, long start, long end) {
    if (small(start, end)) {
      each.squaredHingeCurvatures(m, l, curvatures, start, end);
    } else {
      run(squaredHingeCurvature, m, l, curvatures, start, end);
    }
  }

  @Override
  public void squaredCurvatures(Floats m, Floats l, Floats curvatures, long start, long end) {
    if (small(start, end)) {
      each.squaredCurvatures(m, l, curvatures, start, end);
    } else {
      run(squaredCurvature, m, l, curvatures, start, end);
    }
  }

  @Override
  public void huberCurvatures(
      float newDelta, Floats m, Floats l, Floats curvatures, long start, long end) {
    if (small(start, end)) {
      each.huberCurvatures(newDelta, m, l, curvatures, start, end);
    } else {
      delta = newDelta;
      run(huberCurvature, m, l, curvatures, start, end);
    }
  }

  @Override
  public void exp(Floats x, Floats y, long start, long end) {
    if (small(start, end)) {
      each.exp(x, y, start, end);
    } else {
      run(exp, x, x, y, start, end);
    }
  }

  @Override
  public void log1p(Floats x, Floats y, long start, long end) {
    if (small(start, end)) {
      each.log1p(x, y, start, end);
    } else {
      run(log1p, x, x, y, start, end);
    }
  }

  private void run(
      Curvature newCurvature, Floats m, Floats l, Floats curvatures, long start, long end) {
    curvature = newCurvature;
    set(m, l, curvatures, start, end);
    team.run(parts, curvaturePart);
  }

  private void curvaturePart(int part) {
    curvature.apply(margins, labels, out, border(part), border(part + 1));
  }

  private void set(Floats m, Floats l, Floats newOut, long start, long end) {
    Lengths.checkRows(m, l, newOut, start, end);
    margins = m;
    labels = l;
    out = newOut;
    from = start;
    to = end;
    parts = Cut.parts(end - start, LEAST);
  }

  private long border(int part) {
    return part == parts ? to : from + Cut.border((to - from) / UNIT, parts, part) * UNIT;
  }

  @Override
  public double softmax(Matrix newScores, Floats l, Matrix derivatives, int start, int end) {
    int cut = rowParts(newScores, start, end);
    if (cut == 1) {
      return each.softmax(newScores, l, derivatives, start, end);
    }
    labels = l;
    setRows(cut, newScores, derivatives, start, end);
    team.run(parts, softmaxPart);
    return sumOfParts();
  }

  private void softmaxPart(int part) {
    sums[part] = each.softmax(scores, labels, outMatrix, row(part), row(part + 1));
  }

  @Override
  public void softmaxCurvatures(Matrix newScores, Matrix curvatures, int start, int end) {
    int cut = rowParts(newScores, start, end);
    if (cut == 1) {
      each.softmaxCurvatures(newScores, curvatures, start, end);
    } else {
      setRows(cut, newScores, curvatures, start, end);
      team.run(parts, softmaxCurvaturePart);
    }
  }

  private void softmaxCurvaturePart(int part) {
    each.softmaxCurvatures(scores, outMatrix, row(part), row(part + 1));
  }

  /// As many parts as there are rows, if they are long.
  private static int rowParts(Matrix scores, int start, int end) {
    long rows = (long) end - start;
    return Math.clamp(rows * scores.cols() / LEAST, 1, Math.clamp(rows, 1, Cut.MOST));
  }

  private void setRows(int cut, Matrix newScores, Matrix newOut, int start, int end) {
    Lengths.checkScores(newScores, newOut, start, end);
    scores = newScores;
    outMatrix = newOut;
    from = start;
    to = end;
    parts = cut;
  }

  private int row(int part) {
    return (int) (from + Cut.border(to - from, parts, part));
  }
}
