package org.strait.engine.solver;

import org.strait.engine.data.Dataset;
import org.strait.kernels.Csr;
import org.strait.kernels.Lengths;
import org.strait.kernels.SparseOps;
import org.strait.memory.Doubles;
import org.strait.memory.HostMemory;

/// The objective of a linear model of K classes: mean loss of the K scores of each row + l2/2·|W|².
/// The K weights of a feature lie side by side, as in the model.
///
/// Memory of a rank: four float64 numbers for each row and class; three more once values along a
/// line are asked for.
final class ClassObjective implements DataObjective {
  private static final int LOSS = 0;
  private static final int SUMS = 3;

  /// Problems whose rows on the wrong side are counted: so many scalars travel with a gradient.
  private static final int MOST_WATCHED = 4000;

  private final Csr matrix;
  private final ClassLoss loss;
  private final int classes;
  private final long penalised;
  private final double l2;
  private final SparseOps ops;
  private final Sums sums;
  private final HostMemory memory;
  private final Doubles perRow;
  private final Doubles scalars;
  private final Doubles value;
  private final double allRows;
  private Doubles state;
  private Doubles trialState;
  private final Doubles passingState;
  private Doubles lineStart;
  private Doubles lineChange;
  private Doubles lineProduct;
  private Doubles lineSums;
  private double lineConstant;
  private double lineLinear;
  private double lineSquare;
  private double slope;
  private double bend;
  private boolean separated;
  private long evaluations;
  private long curvatureProducts;

  /// @param penalised weights, from the first on, that the penalty is of
  ClassObjective(
      Dataset data,
      String model,
      int classes,
      long penalised,
      double l2,
      SparseOps ops,
      Sums sums,
      HostMemory memory) {
    if (!(l2 >= 0) || Double.isInfinite(l2)) {
      throw new IllegalArgumentException("l2 is " + l2 + ", must be at least 0");
    }
    this.classes = classes;
    this.penalised = penalised;
    this.l2 = l2;
    this.ops = ops;
    this.sums = sums;
    this.memory = memory;
    matrix = data.matrix();
    loss = ClassLosses.of(model, data, classes, memory);
    long scores = (long) classes * data.rows();
    perRow = memory.doubles(scores);
    state = memory.doubles(scores);
    trialState = memory.doubles(scores);
    passingState = memory.doubles(scores);
    // Without a penalty each problem may have no minimum.
    boolean watched = l2 == 0 && loss.problems() <= MOST_WATCHED;
    scalars = memory.doubles(1L + (watched ? loss.problems() : 0));
    value = memory.doubles(1);
    value.set(0, data.totalWeight());
    sums.scalars(value);
    allRows = value.get(0);
    if (!(allRows > 0)) {
      throw new IllegalArgumentException("there are no rows to train on");
    }
  }

  @Override
  public long length() {
    return (long) classes * matrix.cols();
  }

  @Override
  public long penalised() {
    return penalised;
  }

  @Override
  public double convexity() {
    return penalised == length() ? l2 : 0;
  }

  @Override
  public double allRows() {
    return allRows;
  }

  @Override
  public long evaluations() {
    return evaluations;
  }

  @Override
  public long curvatureProducts() {
    return curvatureProducts;
  }

  @Override
  public boolean separated() {
    return separated;
  }

  @Override
  public double evaluate(Doubles weights, Doubles gradient) {
    evaluations++;
    Lengths.check("weights", weights.length(), length());
    ops.products(matrix, weights, classes, perRow);
    scalars.set(LOSS, loss.apply(perRow, trialState));
    if (scalars.length() > 1) {
      loss.wrong(perRow, scalars, 1);
    }
    gradient.fill(0);
    ops.addTransposed(matrix, perRow, classes, false, gradient);
    sums.gradient(gradient, scalars);
    separated = false;
    for (long i = 1; i < scalars.length(); i++) {
      separated |= scalars.get(i) == 0;
    }
    finish(weights, 1 / allRows, gradient);
    return scalars.get(LOSS) / allRows + penalty(weights);
  }

  @Override
  public double value(Doubles weights) {
    evaluations++;
    ops.products(matrix, weights, classes, perRow);
    value.set(0, loss.apply(perRow, passingState));
    sums.scalars(value);
    return value.get(0) / allRows + penalty(weights);
  }

  @Override
  public double withoutPenalty(double objective, Doubles weights) {
    return objective - penalty(weights);
  }

  @Override
  public void accept() {
    Doubles trial = trialState;
    trialState = state;
    state = trial;
  }

  @Override
  public void curvatureProduct(Doubles vector, Doubles product) {
    rowProduct(vector, product);
    sums.product(product);
    finish(vector, 1 / allRows, product);
  }

  @Override
  public void siteProduct(Doubles vector, Doubles product) {
    rowProduct(vector, product);
    sums.inside(product);
    finish(vector, sums.sites() / allRows, product);
  }

  @Override
  public void diagonal(Doubles diagonal) {
    rowDiagonal(diagonal);
    sums.product(diagonal);
    addPenalty(1 / allRows, diagonal);
  }

  @Override
  public void siteDiagonal(Doubles diagonal) {
    rowDiagonal(diagonal);
    sums.inside(diagonal);
    addPenalty(sums.sites() / allRows, diagonal);
  }

  @Override
  public int sites() {
    return sums.sites();
  }

  @Override
  public void average(Doubles vector) {
    sums.between(vector);
    double share = 1.0 / sums.sites();
    for (long j = 0; j < vector.length(); j++) {
      vector.set(j, share * vector.get(j));
    }
  }

  @Override
  public void line(Doubles weights, Doubles direction) {
    if (lineStart == null) {
      lineStart = memory.doubles(perRow.length());
      lineChange = memory.doubles(perRow.length());
      lineProduct = memory.doubles(perRow.length());
      lineSums = memory.doubles(SUMS);
    }
    evaluations += 2;
    ops.products(matrix, weights, classes, lineStart);
    ops.products(matrix, direction, classes, lineChange);
    lineConstant = penalty(weights);
    lineLinear = l2 * Vectors.dot(weights, direction, penalised);
    lineSquare = l2 * Vectors.dot(direction, direction, penalised);
  }

  @Override
  public double along(double t) {
    for (long i = 0; i < perRow.length(); i++) {
      perRow.set(i, lineStart.get(i) + t * lineChange.get(i));
    }
    lineSums.set(0, loss.apply(perRow, passingState));
    lineProduct.copyFrom(lineChange);
    loss.product(lineProduct, passingState);
    lineSums.set(1, Vectors.dot(perRow, lineChange));
    lineSums.set(2, Vectors.dot(lineProduct, lineChange));
    sums.scalars(lineSums);
    slope = lineSums.get(1) / allRows + lineLinear + lineSquare * t;
    bend = lineSums.get(2) / allRows + lineSquare;
    return lineSums.get(0) / allRows + lineConstant + t * (lineLinear + t * lineSquare / 2);
  }

  @Override
  public double slope() {
    return slope;
  }

  @Override
  public double bend() {
    return bend;
  }

  private void rowProduct(Doubles vector, Doubles product) {
    curvatureProducts++;
    ops.products(matrix, vector, classes, perRow);
    loss.product(perRow, state);
    product.fill(0);
    ops.addTransposed(matrix, perRow, classes, false, product);
  }

  private void rowDiagonal(Doubles diagonal) {
    curvatureProducts++;
    loss.diagonal(state, perRow);
    diagonal.fill(0);
    ops.addTransposed(matrix, perRow, classes, true, diagonal);
  }

  private double penalty(Doubles weights) {
    return l2 / 2 * Vectors.dot(weights, weights, penalised);
  }

  /// result ← scale·result + the penalty's part.
  private void finish(Doubles weights, double scale, Doubles result) {
    for (long j = 0; j < result.length(); j++) {
      result.set(j, result.get(j) * scale + (j < penalised ? l2 * weights.get(j) : 0));
    }
  }

  private void addPenalty(double scale, Doubles diagonal) {
    for (long j = 0; j < diagonal.length(); j++) {
      diagonal.set(j, diagonal.get(j) * scale + (j < penalised ? l2 : 0));
    }
  }
}
