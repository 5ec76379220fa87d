package org.strait.engine.model;

import org.strait.engine.data.Batch;
import org.strait.kernels.Backend;
import org.strait.kernels.Csr;
import org.strait.kernels.Lengths;
import org.strait.kernels.LossOps;
import org.strait.kernels.Matrix;
import org.strait.kernels.UnknownName;
import org.strait.memory.Floats;

/// A linear model of K classes: a score s(k) = x·w(k) for each, and a convex loss of a row's scores
/// and the number of its class. The K weights of a feature lie side by side, so that a sparse entry
/// touches one run of memory, and coordinates of some features are a slice. Get one from {@link
/// Models}.
///
/// - {@code softmax}: cross-entropy, logsumexp(s) - s(y).
/// - {@code ovr-logistic}, {@code ovr-squared-hinge}: one against the rest, Σ_k loss(s(k), +1 if k
///   = y, else -1): K problems of two classes, which share nothing but the pass over the rows. The
///   minimum of the sum is where each has its own.
final class ClassModel implements Model {
  static final String SOFTMAX = "softmax";
  static final String OVR_LOGISTIC = "ovr-logistic";
  static final String OVR_SQUARED_HINGE = "ovr-squared-hinge";

  private final String name;
  private final int classes;
  private final boolean intercept;

  ClassModel(String name, int classes, boolean intercept) {
    if (classes < 2) {
      throw new IllegalArgumentException("model " + name + " of " + classes + " classes; use 2");
    }
    this.name = name;
    this.classes = classes;
    this.intercept = intercept;
  }

  @Override
  public String name() {
    return name;
  }

  @Override
  public Targets targets() {
    return Targets.CLASSES;
  }

  @Override
  public int classes() {
    return classes;
  }

  @Override
  public boolean intercept() {
    return intercept;
  }

  @Override
  public boolean probabilistic() {
    return name.equals(SOFTMAX);
  }

  @Override
  public ParameterLayout parameters(int features) {
    return intercept
        ? ParameterLayout.EMPTY.and("weights", features - 1L, classes).and("intercept", classes)
        : ParameterLayout.EMPTY.and("weights", features, classes);
  }

  @Override
  public long scratchFloats(int rows, int features) {
    return (name.equals(SOFTMAX) ? 1L : 2L) * rows * classes;
  }

  @Override
  public double lossAndGradient(Batch batch, Floats weights, Floats gradient, Scratch scratch) {
    Csr rows = batch.matrix();
    Lengths.check("gradient", gradient.length(), (long) classes * rows.cols());
    Floats derivatives = scratch.floats((long) classes * rows.rows());
    double sum = loss(batch, weights, scratch);
    if (batch.dense() == null) {
      gradient.segment().fill((byte) 0);
      scratch.backend().sparse().addTransposed(rows, derivatives, classes, gradient);
    } else {
      Matrix result = scratch.matrix(gradient, rows.cols(), classes);
      Matrix coefficients = scratch.matrix(derivatives, rows.rows(), classes);
      scratch
          .backend()
          .dense()
          .gemm(true, false, 1, batch.dense(), coefficients, 0, result, 0, rows.cols(), 0, classes);
    }
    return sum;
  }

  /// Leaves the derivatives with respect to the scores at the start of scratch.
  @Override
  public double loss(Batch batch, Floats weights, Scratch scratch) {
    long n = (long) classes * batch.rows();
    Floats scores = scratch.floats(n);
    scores(batch, weights, scores, scratch);
    Backend backend = scratch.backend();
    if (name.equals(SOFTMAX)) {
      Matrix rows = scratch.matrix(scores, batch.rows(), classes);
      return backend.loss().softmax(rows, batch.labels(), rows, 0, batch.rows());
    }
    Floats signs = scratch.after(n, n);
    for (int r = 0; r < batch.rows(); r++) {
      for (int k = 0; k < classes; k++) {
        signs.set((long) r * classes + k, k == batch.labels().get(r) ? 1 : -1);
      }
    }
    return against(backend.loss(), scores, signs);
  }

  /// Σ loss of all scores and their signs; leaves derivatives in the scores.
  private double against(LossOps ops, Floats scores, Floats signs) {
    return switch (name) {
      case OVR_LOGISTIC -> ops.logistic(scores, signs, scores, 0, scores.length());
      case OVR_SQUARED_HINGE -> ops.squaredHinge(scores, signs, scores, 0, scores.length());
      default -> throw UnknownName.of("model of classes", name, Models.CLASSES);
    };
  }

  @Override
  public void scores(Batch batch, Floats weights, Floats scores, Scratch scratch) {
    Csr rows = batch.matrix();
    Lengths.check("weights", weights.length(), (long) classes * rows.cols());
    Lengths.check("scores", scores.length(), (long) classes * rows.rows());
    if (batch.dense() == null) {
      scratch.backend().sparse().products(rows, weights, classes, scores);
    } else {
      Matrix columns = scratch.matrix(weights, rows.cols(), classes);
      Matrix result = scratch.matrix(scores, rows.rows(), classes);
      scratch
          .backend()
          .dense()
          .gemm(false, false, 1, batch.dense(), columns, 0, result, 0, rows.rows(), 0, classes);
    }
  }

  /// The diagonal of softmax's second derivative is p·(1 - p), at most 1/4.
  @Override
  public void addSquares(Batch batch, Floats diagonal, Scratch scratch) {
    Csr rows = batch.matrix();
    Lengths.check("diagonal", diagonal.length(), (long) classes * rows.cols());
    float bound = name.equals(OVR_SQUARED_HINGE) ? 2 : 0.25f;
    long end = rows.rowStart().get(rows.rows());
    for (long e = rows.rowStart().get(0); e < end; e++) {
      float square = bound * rows.value().get(e) * rows.value().get(e);
      long column = (long) rows.index().get(e) * classes;
      for (int k = 0; k < classes; k++) {
        diagonal.set(column + k, diagonal.get(column + k) + square);
      }
    }
  }
}
