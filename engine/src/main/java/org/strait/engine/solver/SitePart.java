package org.strait.engine.solver;

import org.strait.engine.data.Dataset;
import org.strait.engine.data.DatasetBuilder;
import org.strait.kernels.Csr;
import org.strait.memory.Doubles;
import org.strait.memory.HostMemory;

/// What the rows of one data centre contribute to an objective, as a function of the weights that
/// it shares with others: φ(w) = min over the weights u of its own features of loss(w, u) +
/// l2/2·|u|². Nobody else needs u (variable projection: Golub and Pereyra, SIAM J. Numer. Anal.
/// 10(2), 1973; the gradient of φ is that of the loss at the best u). All ranks of the DC call the
/// same methods in the same order with the same bits.
///
/// Local coordinates: first the shared ones, then its own.
public final class SitePart {
  /// Newton steps for its own weights in one evaluation.
  private static final int MOST_STEPS = 30;

  private final RowObjective rows;
  private final double l2;
  private final long shared;
  private final Doubles weights;
  private final Doubles gradient;
  private final Doubles own;
  private final Solver solver;
  private final OwnPart ownPart;
  private final Csr ownColumns;
  private int calls;
  private double value;
  private double ownSquares;

  /// @param rows the loss alone, over all local coordinates
  /// @param shared how many coordinates others have too
  public SitePart(RowObjective rows, long shared, double l2, HostMemory memory) {
    this.rows = rows;
    this.shared = shared;
    this.l2 = l2;
    long n = rows.length();
    weights = memory.doubles(n);
    gradient = memory.doubles(n);
    long owns = n - shared;
    own = memory.doubles(owns);
    ownPart = new OwnPart();
    solver = owns == 0 ? null : Solvers.named("tron", owns, 0, memory);
    ownColumns = owns == 0 ? null : ownColumns(rows.data(), memory);
  }

  /// The columns of its own features alone: most rows have few entries there, and most passes are
  /// over these.
  private Csr ownColumns(Dataset all, HostMemory memory) {
    Csr matrix = all.matrix();
    try (DatasetBuilder builder = new DatasetBuilder(memory)) {
      for (long r = 0; r < all.rows(); r++) {
        for (long e = matrix.rowStart().get(r); e < matrix.rowStart().get(r + 1); e++) {
          int feature = matrix.index().get(e);
          if (feature >= shared) {
            builder.entry((int) (feature - shared), matrix.value().get(e));
          }
        }
        builder.endRow(all.labels().get(r));
      }
      return builder.build(all.source(), (int) own.length(), memory).matrix();
    }
  }

  /// All local weights. The shared ones are the caller's to set before {@link #settle}, which sets
  /// its own.
  public Doubles weights() {
    return weights;
  }

  /// Finds the best own weights for the shared ones that are there; returns φ, and leaves its
  /// gradient. Curvature is measured here from now on.
  ///
  /// @param near the relative gap of its own part that is near enough: the objective is exact at
  ///     the weights that are left, however far they are from the best
  public double settle(double near) {
    boolean current = false;
    if (solver != null) {
      calls = 0;
      own.copyFrom(weights.slice(shared, own.length()));
      solver.minimise(ownPart, own, (f, gap) -> calls++ < MOST_STEPS && !(gap < near));
      weights.slice(shared, own.length()).copyFrom(own);
      current = ownPart.accepted;
    }
    if (!current) {
      value = rows.evaluate(weights, gradient);
      rows.accept();
    }
    double squares = 0;
    ownSquares = 0;
    for (long j = shared; j < weights.length(); j++) {
      double w = weights.get(j);
      squares += w * w;
      double g = gradient.get(j) + l2 * w;
      ownSquares += g * g;
    }
    value += l2 / 2 * squares;
    return value;
  }

  /// The loss at weights as they are, with the penalty of its own.
  public double valueAsIs() {
    Doubles owns = weights.slice(shared, own.length());
    return rows.value(weights) + l2 / 2 * Vectors.dot(owns, owns);
  }

  /// Gradient of φ over the shared coordinates, without their penalty, in the first ones.
  public Doubles gradient() {
    return gradient;
  }

  /// |gradient|² over its own coordinates, which a perfect search would have left at 0.
  public double ownSquares() {
    return ownSquares;
  }

  /// The rows' loss alone.
  public RowObjective rows() {
    return rows;
  }

  /// The problem over its own weights, the shared ones as they are.
  private final class OwnPart implements Objective {
    private boolean accepted;

    @Override
    public long length() {
      return own.length();
    }

    @Override
    public long penalised() {
      return length();
    }

    @Override
    public double evaluate(Doubles at, Doubles ownGradient) {
      weights.slice(shared, length()).copyFrom(at);
      double f = rows.evaluate(weights, gradient);
      accepted = false;
      value = f;
      take(gradient, at, ownGradient);
      return f + l2 / 2 * Vectors.dot(at, at);
    }

    @Override
    public double value(Doubles at) {
      accepted = false;
      weights.slice(shared, length()).copyFrom(at);
      return rows.value(weights) + l2 / 2 * Vectors.dot(at, at);
    }

    @Override
    public void accept() {
      rows.accept();
      accepted = true;
    }

    @Override
    public void curvatureProduct(Doubles of, Doubles result) {
      rows.partProduct(ownColumns, of, result);
      Vectors.axpy(l2, of, result);
    }

    @Override
    public void diagonal(Doubles diagonal) {
      rows.partDiagonal(ownColumns, diagonal);
      for (long j = 0; j < length(); j++) {
        diagonal.set(j, diagonal.get(j) + l2);
      }
    }

    @Override
    public double convexity() {
      return l2;
    }

    private void take(Doubles whole, Doubles at, Doubles result) {
      for (long j = 0; j < length(); j++) {
        result.set(j, whole.get(shared + j) + l2 * at.get(j));
      }
    }
  }
}
