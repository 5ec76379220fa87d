package org.strait.engine.solver;

import org.strait.memory.Doubles;
import org.strait.memory.HostMemory;

/// The whole problem's curvature as the hub knows it: correlations from its own rows, variances
/// from everybody's. With H its own rows' Hessian and D the diagonal that all rows have, B = (1 -
/// θ)·S·H·S + rest + l2·I, where S scales H's diagonal to D, and the rest is what is missing to D:
/// θ of it everywhere, all of it for features that the hub has never seen. Its own features, which
/// others do not have, are not scaled. Solving with B over all its coordinates and 0 on the
/// right-hand side of its own is the Schur complement.
final class HubCurvature {
  private static final double DIAGONAL = 0.1;

  /// Least part of the largest element that a diagonal has where there is no penalty.
  private static final double FLOOR = 1e-12;

  private final RowObjective rows;
  private final double l2;
  private final long shared;
  private final long n;
  private final double theta;
  private final Doubles others;
  private final Doubles diagonal;
  private final Doubles scale;
  private final Doubles rest;
  private final Doubles total;
  private final Doubles step;
  private final Doubles residual;
  private final Doubles preconditioned;
  private final Doubles direction;
  private final Doubles scaled;
  private final Doubles product;
  private double startTrace;

  /// @param others over the shared coordinates, the others' diagonal at the start
  /// @param alone whether there are no others
  HubCurvature(RowObjective rows, Doubles others, double l2, boolean alone, HostMemory memory) {
    this.rows = rows;
    this.others = others;
    this.l2 = l2;
    shared = others.length();
    n = rows.length();
    theta = alone ? 0 : DIAGONAL;
    diagonal = memory.doubles(n);
    scale = memory.doubles(n);
    rest = memory.doubles(n);
    total = memory.doubles(n);
    step = memory.doubles(n);
    residual = memory.doubles(n);
    preconditioned = memory.doubles(n);
    direction = memory.doubles(n);
    scaled = memory.doubles(n);
    product = memory.doubles(n);
    startTrace = 0;
  }

  /// Measures at the point that the rows' curvature is accepted at. The others' diagonal is taken
  /// to have changed as its own.
  void measure() {
    rows.diagonal(diagonal);
    double trace = 0;
    for (long j = 0; j < n; j++) {
      trace += diagonal.get(j);
    }
    startTrace = startTrace == 0 ? trace : startTrace;
    double change = startTrace > 0 && trace > 0 ? trace / startTrace : 1;
    double largest = 0;
    for (long j = 0; j < n; j++) {
      double mine = diagonal.get(j);
      double all = mine + (j < shared ? change * others.get(j) : 0);
      double stretch = mine > 0 ? all / mine : 0;
      scale.set(j, Math.sqrt(stretch));
      rest.set(j, mine > 0 ? theta * all : all);
      total.set(j, all + l2);
      largest = Math.max(largest, all + l2);
    }
    double floor = largest > 0 ? FLOOR * largest : 1;
    for (long j = 0; j < n; j++) {
      double missing = Math.max(0, floor - total.get(j));
      rest.set(j, rest.get(j) + missing);
      total.set(j, total.get(j) + missing);
    }
  }

  /// result ← B⁻¹·vector over the shared coordinates, by conjugate gradients with B's diagonal.
  ///
  /// @param most steps
  /// @param left part of the right-hand side's norm that may be left
  void solve(Doubles vector, Doubles result, int most, double left) {
    step.fill(0);
    residual.fill(0);
    residual.slice(0, shared).copyFrom(vector);
    Vectors.divide(residual, total, preconditioned);
    direction.copyFrom(preconditioned);
    double rho = Vectors.dot(preconditioned, residual);
    double enough = left * left * rho;
    for (int k = 0; k < most && rho > enough; k++) {
      apply();
      double curvature = Vectors.dot(direction, product);
      if (!(curvature > 0)) {
        break;
      }
      double alpha = rho / curvature;
      Vectors.axpy(alpha, direction, step);
      Vectors.axpy(-alpha, product, residual);
      Vectors.divide(residual, total, preconditioned);
      double next = Vectors.dot(preconditioned, residual);
      Vectors.sum(preconditioned, next / rho, direction, direction);
      rho = next;
    }
    result.copyFrom(step.slice(0, shared));
  }

  /// product ← B·direction.
  private void apply() {
    for (long j = 0; j < n; j++) {
      scaled.set(j, scale.get(j) * direction.get(j));
    }
    rows.curvatureProduct(scaled, product);
    for (long j = 0; j < n; j++) {
      double correlated = (1 - theta) * scale.get(j) * product.get(j);
      product.set(j, correlated + (rest.get(j) + l2) * direction.get(j));
    }
  }
}
