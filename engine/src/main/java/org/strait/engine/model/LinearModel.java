package org.strait.engine.model;

import org.strait.engine.data.Batch;
import org.strait.kernels.Backend;
import org.strait.kernels.Csr;
import org.strait.kernels.RowLoss;
import org.strait.kernels.SparseOps;
import org.strait.memory.Floats;

/// A loss of the margin m = x·w and the label, with one weight for each feature; an intercept is
/// the weight of a last column of ones. Convex; what solvers of convex problems need beyond {@link
/// Model} is here. Get one from {@link Models}.
public final class LinearModel implements Model {
  private final String name;
  private final Targets targets;
  private final MarginLoss loss;
  private final MarginLoss.Curvature curvature;
  private final float curvatureBound;
  private final boolean intercept;

  LinearModel(
      String name,
      Targets targets,
      MarginLoss loss,
      MarginLoss.Curvature curvature,
      float curvatureBound) {
    this(name, targets, loss, curvature, curvatureBound, false);
  }

  private LinearModel(
      String name,
      Targets targets,
      MarginLoss loss,
      MarginLoss.Curvature curvature,
      float curvatureBound,
      boolean intercept) {
    this.intercept = intercept;
    this.name = name;
    this.targets = targets;
    this.loss = loss;
    this.curvature = curvature;
    this.curvatureBound = curvatureBound;
  }

  /// The same with an intercept: rows end with a column of ones.
  LinearModel withIntercept() {
    return new LinearModel(name, targets, loss, curvature, curvatureBound, true);
  }

  @Override
  public boolean intercept() {
    return intercept;
  }

  @Override
  public String name() {
    return name;
  }

  @Override
  public Targets targets() {
    return targets;
  }

  @Override
  public boolean probabilistic() {
    return name.equals(Models.LOGISTIC);
  }

  @Override
  public ParameterLayout parameters(int features) {
    return intercept
        ? ParameterLayout.EMPTY.and("weights", features - 1L).and("intercept", 1)
        : ParameterLayout.EMPTY.and("weights", features);
  }

  @Override
  public long scratchFloats(int rows, int features) {
    return rows;
  }

  @Override
  public double lossAndGradient(Batch batch, Floats weights, Floats gradient, Scratch scratch) {
    if (gradient.length() != batch.features()) {
      throw new IllegalArgumentException(
          "gradient has "
              + gradient.length()
              + " floats, the rows "
              + batch.features()
              + " features");
    }
    checkWeights(weights, batch);
    SparseOps sparse = scratch.backend().sparse();
    RowLoss rowLoss = scratch.rowLoss(loss, batch.weights());
    Floats derivatives = scratch.floats(batch.rows());
    gradient.segment().fill((byte) 0);
    if (batch.dense() != null) {
      return scratch
          .backend()
          .dense()
          .lossAndGradient(batch.dense(), batch.labels(), rowLoss, weights, derivatives, gradient);
    }
    return batch.ranked() == null
        ? sparse.lossAndGradient(
            batch.matrix(), batch.labels(), rowLoss, weights, derivatives, gradient)
        : sparse.lossAndGradient(
            batch.ranked(), batch.labels(), rowLoss, weights, derivatives, gradient);
  }

  /// result ← result + Σ_r curvatures(r)·(row r · vector)·row r, a product of the Hessian of the
  /// loss, with the {@link #curvatures} at the weights in question. Modified: result, scratch.
  public void addCurvatureProduct(
      Batch batch, Floats curvatures, Floats vector, Floats result, Scratch scratch) {
    SparseOps sparse = scratch.backend().sparse();
    Floats products = scratch.floats(batch.rows());
    if (batch.ranked() == null) {
      sparse.addCurvatureProduct(batch.matrix(), curvatures, vector, products, result);
    } else {
      sparse.addCurvatureProduct(batch.ranked(), curvatures, vector, products, result);
    }
  }

  @Override
  public double loss(Batch batch, Floats weights, Scratch scratch) {
    Floats margins = scratch.floats(batch.rows());
    scores(batch, weights, margins, scratch);
    return scratch
        .rowLoss(loss, batch.weights())
        .apply(margins, batch.labels(), margins, 0, batch.rows());
  }

  @Override
  public void scores(Batch batch, Floats weights, Floats scores, Scratch scratch) {
    checkWeights(weights, batch);
    if (scores.length() != batch.rows()) {
      throw new IllegalArgumentException(scores.length() + " scores for " + batch.rows() + " rows");
    }
    if (batch.dense() != null) {
      scratch.backend().dense().gemv(1, batch.dense(), weights, 0, scores);
    } else {
      scratch.backend().sparse().margins(batch.matrix(), weights, scores);
    }
  }

  private static void checkWeights(Floats weights, Batch batch) {
    if (weights.length() != batch.features()) {
      throw new IllegalArgumentException(
          weights.length() + " weights for rows of " + batch.features() + " features");
    }
  }

  /// Σ loss at given margins, for searches along a line where margins are known; overwrites
  /// derivatives with dloss/dm, which may be the same run as margins. Modified: derivatives.
  public double lossAt(Floats margins, Floats labels, Floats derivatives, Backend backend) {
    return loss.lossAndDerivatives(
        backend.loss(), margins, labels, derivatives, 0, margins.length());
  }

  /// The largest second derivative of the loss with respect to the margin: 1/4 for logistic, 2 for
  /// squared hinge, 1 for squared.
  public float curvatureBound() {
    return curvatureBound;
  }

  /// Second derivatives of the loss with respect to the margin, from the first ones that {@link
  /// #lossAt} left. Curvatures may be the same run as derivatives. Modified: curvatures.
  public void curvatures(Floats derivatives, Floats curvatures) {
    if (derivatives.length() != curvatures.length()) {
      throw new IllegalArgumentException(
          derivatives.length() + " derivatives, " + curvatures.length() + " curvatures");
    }
    for (long r = 0; r < derivatives.length(); r++) {
      curvatures.set(r, curvature.at(Math.abs(derivatives.get(r))));
    }
  }

  /// diagonal ← diagonal + Σ_r curvatureBound·x(r)² element by element. Modified: diagonal,
  /// scratch.
  @Override
  public void addSquares(Batch batch, Floats diagonal, Scratch scratch) {
    Csr rows = batch.matrix();
    if (diagonal.length() != rows.cols()) {
      throw new IllegalArgumentException(
          "diagonal has " + diagonal.length() + " floats, the rows " + rows.cols() + " features");
    }
    Floats coefficients = scratch.floats(rows.rows());
    coefficients.fill(curvatureBound);
    for (long r = 0; batch.weights() != null && r < batch.rows(); r++) {
      coefficients.set(r, curvatureBound * batch.weights().get(r));
    }
    scratch.backend().sparse().addScaledSquares(rows, coefficients, diagonal);
  }
}
