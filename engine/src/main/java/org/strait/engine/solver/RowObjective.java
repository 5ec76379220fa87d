package org.strait.engine.solver;

import org.strait.engine.data.Dataset;
import org.strait.kernels.Csr;
import org.strait.kernels.Lengths;
import org.strait.kernels.RowGram;
import org.strait.kernels.RowMap;
import org.strait.kernels.SparseOps;
import org.strait.memory.Doubles;
import org.strait.memory.HostMemory;

/// Mean loss over the rows of all ranks + l2/2·|w|². With an intercept the last weight is added to
/// every margin and not penalised. Rows may have weights: then the mean is Σ weight·loss / Σ
/// weight.
///
/// Memory of a rank: three float64 numbers for each of its rows, two vectors; four more for each
/// row once values along a line are asked for.
public final class RowObjective implements DataObjective {
  private static final int LOSS = 0;
  private static final int WRONG = 1;
  private static final int SCALARS = 2;

  /// Products at a point before it is asked whether the Hessian as a matrix could pay.
  private static final int FIRST_PRODUCTS = 2;

  private final Dataset data;
  private final Csr matrix;
  private final ConvexLoss loss;
  private final double l2;
  private final boolean intercept;
  private final SparseOps ops;
  private final Sums sums;
  private final double allRows;
  private final Doubles perRow;
  private final Doubles scalars;
  private final Doubles value;
  private final Doubles none;
  private final RowMap derivatives = this::derivatives;
  private final RowMap products = this::products;
  private final RowMap losses = this::losses;
  private final RowMap margins = this::margins;
  private final HostMemory memory;
  private RowLine line;
  private Doubles curvatures;
  private Doubles trialCurvatures;
  private double bias;
  private long penalised;
  private RowGram gram;
  private boolean noGram;
  private boolean measured;
  private long productsHere;
  private long productsBefore;
  private boolean separated;
  private long evaluations;
  private long curvatureProducts;

  /// @param data this rank's rows
  /// @param model name of a loss; see {@link ConvexLosses}
  /// @param l2 weight of the penalty, at least 0
  /// @param sums over the ranks that hold the other rows
  /// @param memory owner of what it keeps
  /// @throws IllegalArgumentException if a label is not one of the loss, or no rank has rows
  public RowObjective(
      Dataset data,
      String model,
      double l2,
      boolean intercept,
      SparseOps ops,
      Sums sums,
      HostMemory memory) {
    this(data, model, l2, intercept, ops, sums, Double.NaN, memory);
  }

  /// The part of an objective that some of its rows make: the same, divided by a number of rows
  /// that is known.
  ///
  /// @param sums over the ranks that have the part's rows
  /// @param rowsOfAll above 0; NaN to add up the rows of the ranks
  public RowObjective(
      Dataset data,
      String model,
      double l2,
      boolean intercept,
      SparseOps ops,
      Sums sums,
      double rowsOfAll,
      HostMemory memory) {
    if (!(l2 >= 0) || Double.isInfinite(l2)) {
      throw new IllegalArgumentException("l2 is " + l2 + ", must be at least 0");
    }
    this.data = data;
    this.l2 = l2;
    this.intercept = intercept;
    this.ops = ops;
    this.sums = sums;
    this.memory = memory;
    matrix = data.matrix();
    penalised = matrix.cols();
    ConvexLoss plain = ConvexLosses.of(model);
    loss = data.weights() == null ? plain : new WeightedLoss(plain, data.weights(), 1);
    for (int r = 0; r < data.rows(); r++) {
      String wrong = loss.wrong(data.labels().get(r));
      if (!wrong.isEmpty()) {
        throw new IllegalArgumentException(
            "model " + model + ": label " + data.labels().get(r) + " of a row, " + wrong);
      }
    }
    perRow = memory.doubles(data.rows());
    curvatures = memory.doubles(data.rows());
    trialCurvatures = memory.doubles(data.rows());
    scalars = memory.doubles(SCALARS);
    value = memory.doubles(1);
    none = memory.doubles(0);
    value.set(0, data.totalWeight());
    if (Double.isNaN(rowsOfAll)) {
      sums.scalars(value);
    }
    allRows = Double.isNaN(rowsOfAll) ? value.get(0) : rowsOfAll;
    if (!(allRows > 0)) {
      throw new IllegalArgumentException("there are no rows to train on");
    }
  }

  @Override
  public long length() {
    return matrix.cols() + (intercept ? 1L : 0L);
  }

  @Override
  public long penalised() {
    return penalised;
  }

  /// This, with a penalty of the first weights only: the last columns may be constants, whose
  /// weights are intercepts.
  RowObjective penalising(long first) {
    penalised = first;
    return this;
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
    gradient.fill(0);
    double lossSum = pass(weights, derivatives, perRow, gradient);
    scalars.set(LOSS, lossSum);
    scalars.set(WRONG, wrong());
    sums.gradient(gradient, scalars);
    separated = loss.halfway() > 0 && scalars.get(WRONG) == 0;
    double scale = 1 / allRows;
    for (long j = 0; j < penalised; j++) {
      gradient.set(j, gradient.get(j) * scale + l2 * weights.get(j));
    }
    for (long j = penalised; j < gradient.length(); j++) {
      gradient.set(j, gradient.get(j) * scale);
    }
    return scalars.get(LOSS) * scale + penalty(weights);
  }

  @Override
  public double value(Doubles weights) {
    evaluations++;
    value.set(0, pass(weights, losses, perRow, none));
    sums.scalars(value);
    return value.get(0) / allRows + penalty(weights);
  }

  @Override
  public double withoutPenalty(double objective, Doubles weights) {
    return objective - penalty(weights);
  }

  @Override
  public void accept() {
    Doubles trial = trialCurvatures;
    trialCurvatures = curvatures;
    curvatures = trial;
    productsBefore = productsHere;
    productsHere = 0;
    measured = false;
  }

  @Override
  public void curvatureProduct(Doubles vector, Doubles product) {
    rowProduct(vector, product);
    sums.product(product);
    addPenalty(vector, 1 / allRows, product);
  }

  @Override
  public void siteProduct(Doubles vector, Doubles product) {
    rowProduct(vector, product);
    sums.inside(product);
    addPenalty(vector, sums.sites() / allRows, product);
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
    if (line == null) {
      line = new RowLine(loss, data.labels(), memory);
    }
    evaluations += 2;
    pass(weights, margins, line.start(), none);
    pass(direction, margins, line.change(), none);
    line.penalty(
        penalty(weights),
        l2 * Vectors.dot(weights, direction, penalised()),
        l2 * Vectors.dot(direction, direction, penalised()));
  }

  @Override
  public double along(double t) {
    line.at(t);
    sums.scalars(line.sums());
    return line.value(t, allRows);
  }

  @Override
  public double slope() {
    return line.slope();
  }

  @Override
  public double bend() {
    return line.bend();
  }

  /// {@link #curvatureProduct} over some of the features, which have columns of their own; without
  /// the penalty.
  ///
  /// @param part the same rows
  void partProduct(Csr part, Doubles vector, Doubles product) {
    curvatureProducts++;
    product.fill(0);
    bias = 0;
    ops.addMapped(part, vector, products, perRow, product);
    sums.product(product);
    scale(product);
  }

  /// {@link #diagonal} likewise.
  void partDiagonal(Csr part, Doubles diagonal) {
    curvatureProducts++;
    diagonal.fill(0);
    ops.addScaledSquares(part, curvatures, diagonal);
    sums.product(diagonal);
    scale(diagonal);
  }

  private void scale(Doubles vector) {
    for (long j = 0; j < vector.length(); j++) {
      vector.set(j, vector.get(j) / allRows);
    }
  }

  /// The rows of this rank.
  Dataset data() {
    return data;
  }

  private void rowProduct(Doubles vector, Doubles product) {
    curvatureProducts++;
    product.fill(0);
    if (gramPays()) {
      gram.addProduct(vector, product);
    } else {
      pass(vector, products, perRow, product);
    }
  }

  /// Whether products come from the Hessian as a matrix: once as many of them were made by passes
  /// over the rows, here or at the point before, as making the matrix costs. So it never costs more
  /// than twice what the better way would have.
  private boolean gramPays() {
    productsHere++;
    if (measured || intercept || noGram) {
      return measured;
    }
    if (gram == null && productsHere > FIRST_PRODUCTS) {
      gram = ops.gram(matrix).orElse(null);
      noGram = gram == null;
    }
    if (gram != null && Math.max(productsBefore, productsHere) > gram.passes()) {
      gram.measure(curvatures);
      measured = true;
      noGram = 2L * gram.pairs() > matrix.entries();
    }
    return measured;
  }

  private void rowDiagonal(Doubles diagonal) {
    curvatureProducts++;
    Lengths.check("diagonal", diagonal.length(), length());
    diagonal.fill(0);
    ops.addScaledSquares(matrix, curvatures, features(diagonal));
    if (intercept) {
      diagonal.set(matrix.cols(), total(curvatures));
    }
  }

  /// A pass over the rows; what map leaves in kept goes to the intercept too.
  private double pass(Doubles weights, RowMap map, Doubles kept, Doubles result) {
    Lengths.check("weights", weights.length(), length());
    bias = intercept ? weights.get(matrix.cols()) : 0;
    double sum = ops.addMapped(matrix, features(weights), map, kept, features(result));
    if (intercept && result.length() > 0) {
      result.set(matrix.cols(), total(kept));
    }
    return sum;
  }

  private Doubles features(Doubles vector) {
    return intercept && vector.length() > 0 ? vector.slice(0, matrix.cols()) : vector;
  }

  private double derivatives(Doubles margins, long from, long to) {
    addBias(margins, from, to);
    return loss.apply(margins, data.labels(), trialCurvatures, from, to);
  }

  private double losses(Doubles margins, long from, long to) {
    addBias(margins, from, to);
    return loss.sum(margins, data.labels(), from, to);
  }

  private double margins(Doubles margins, long from, long to) {
    addBias(margins, from, to);
    return 0;
  }

  private double products(Doubles margins, long from, long to) {
    addBias(margins, from, to);
    Doubles c = curvatures;
    for (long r = from; r < to; r++) {
      margins.set(r, margins.get(r) * c.get(r));
    }
    return 0;
  }

  private void addBias(Doubles margins, long from, long to) {
    for (long r = from; r < to && bias != 0; r++) {
      margins.set(r, margins.get(r) + bias);
    }
  }

  /// Rows that are not on their right side, judged by the derivatives in perRow.
  private double wrong() {
    double halfway = loss.halfway();
    long count = 0;
    for (long r = 0; r < perRow.length() && halfway > 0; r++) {
      double weight = data.weights() == null ? 1 : data.weights().get(r);
      count += weight == 0 || Math.abs(perRow.get(r)) < weight * halfway ? 0 : 1;
    }
    return count;
  }

  private static double total(Doubles run) {
    double sum = 0;
    for (long r = 0; r < run.length(); r++) {
      sum += run.get(r);
    }
    return sum;
  }

  private double penalty(Doubles weights) {
    return l2 / 2 * Vectors.dot(weights, weights, penalised());
  }

  private void addPenalty(Doubles vector, double scale, Doubles product) {
    for (long j = 0; j < product.length(); j++) {
      product.set(j, product.get(j) * scale + (j < penalised() ? l2 * vector.get(j) : 0));
    }
  }

  private void addPenalty(double scale, Doubles diagonal) {
    for (long j = 0; j < diagonal.length(); j++) {
      diagonal.set(j, diagonal.get(j) * scale + (j < penalised() ? l2 : 0));
    }
  }
}
