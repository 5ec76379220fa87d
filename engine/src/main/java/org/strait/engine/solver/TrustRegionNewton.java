package org.strait.engine.solver;

import org.strait.memory.Doubles;
import org.strait.memory.HostMemory;

/// TRON: Newton's method in a trust region (Lin and Moré, SIAM J. Optim. 9(4), 1999; for logistic
/// regression Lin, Weng and Keerthi, JMLR 9, 2008), whose steps come from conjugate gradients with
/// the preconditioner M of Hsia, Chiang and Lin, "Preconditioned conjugate gradient methods in
/// truncated Newton frameworks for large-scale linear classification" (ACML 2018): a mixture of the
/// Hessian's diagonal and its smallest possible value.
///
/// The region is |s|_M ≤ delta. The diagonal is measured again when the objective has fallen by a
/// twentieth. Where differences of the objective drown in rounding, gradients decide.
///
/// Memory: 9 vectors of float64.
final class TrustRegionNewton implements Solver {
  private static final double ACCEPT = 1e-4;
  private static final double POOR = 0.25;
  private static final double GOOD = 0.75;
  private static final double SHRINK = 0.25;
  private static final double HALVE = 0.5;
  private static final double GROW = 4;

  /// Share of the gradient, in the preconditioner's norm, that conjugate gradients leave.
  private static final double INNER = 0.1;

  /// Share of the diagonal in the preconditioner.
  private static final double DIAGONAL = 0.1;

  private static final double STALE = 0.05;

  private final Doubles trial;
  private final Doubles gradient;
  private final Doubles trialGradient;
  private final Doubles step;
  private final Doubles residual;
  private final Doubles preconditioned;
  private final Doubles direction;
  private final Doubles product;
  private final Doubles metric;
  private double stepNorm;
  private boolean atBoundary;

  TrustRegionNewton(long n, HostMemory memory) {
    trial = memory.doubles(n);
    gradient = memory.doubles(n);
    trialGradient = memory.doubles(n);
    step = memory.doubles(n);
    residual = memory.doubles(n);
    preconditioned = memory.doubles(n);
    direction = memory.doubles(n);
    product = memory.doubles(n);
    metric = memory.doubles(n);
  }

  @Override
  public String name() {
    return "tron (preconditioned conjugate gradients to " + INNER + ")";
  }

  @Override
  public End minimise(Objective objective, Doubles weights, Watch watch) {
    double f = objective.evaluate(weights, gradient);
    objective.accept();
    measure(objective);
    double measuredAt = f;
    double norm = Vectors.normIn(gradient, metric);
    double delta = norm;
    if (!watch.more(f, objective.gapBound(gradient, f))) {
      return End.WATCH;
    }
    for (boolean first = true; ; first = false) {
      if (norm == 0) {
        return End.PRECISION;
      }
      conjugateGradients(objective, delta, norm);
      Vectors.sum(weights, 1, step, trial);
      double slope = Vectors.dot(gradient, step);
      double predicted = -0.5 * (slope - Vectors.dot(step, residual));
      double fTrial = objective.evaluate(trial, trialGradient);
      double actual = f - fTrial;
      if (first) {
        delta = Math.min(delta, stepNorm);
      }
      delta = next(delta, slope, predicted, actual);
      boolean noise =
          predicted <= Objective.NOISE * Math.abs(f)
              && Math.abs(actual) <= Objective.NOISE * Math.abs(f);
      double trialNorm = Vectors.normIn(trialGradient, metric);
      boolean accepted = noise ? trialNorm < norm : actual > ACCEPT * predicted;
      if ((noise && !accepted) || !(delta > 0) || !(stepNorm > 0)) {
        return End.PRECISION;
      }
      double gap = Double.POSITIVE_INFINITY;
      if (accepted) {
        weights.copyFrom(trial);
        gradient.copyFrom(trialGradient);
        objective.accept();
        f = fTrial;
        norm = trialNorm;
        if (measuredAt - f > STALE * Math.abs(f)) {
          measure(objective);
          measuredAt = f;
          norm = Vectors.normIn(gradient, metric);
        }
        gap = atBoundary ? gap : Math.max(predicted, actual) / Math.abs(f);
        gap = Math.min(gap, objective.gapBound(gradient, f));
      }
      if (!watch.more(f, gap)) {
        return End.WATCH;
      }
    }
  }

  private void measure(Objective objective) {
    objective.diagonal(metric);
    double largest = 0;
    double smallest = Double.POSITIVE_INFINITY;
    for (long j = 0; j < metric.length(); j++) {
      double m = metric.get(j);
      largest = Math.max(largest, m);
      smallest = m > 0 ? Math.min(smallest, m) : smallest;
    }
    // Without a penalty, features that do not occur have no curvature; they have no gradient
    // either.
    double least = objective.convexity() > 0 ? objective.convexity() : smallest;
    for (long j = 0; j < metric.length(); j++) {
      double m = (1 - DIAGONAL) * least + DIAGONAL * metric.get(j);
      metric.set(j, largest > 0 ? m : 1);
    }
  }

  /// A step that lowers the model within the region: step, residual = -gradient - H·step, stepNorm,
  /// atBoundary.
  private void conjugateGradients(Objective objective, double delta, double norm) {
    step.fill(0);
    residual.fill(0);
    Vectors.axpy(-1, gradient, residual);
    Vectors.divide(residual, metric, preconditioned);
    direction.copyFrom(preconditioned);
    stepNorm = 0;
    atBoundary = false;
    double rho = Vectors.dot(preconditioned, residual);
    double stepSquared = 0;
    double stepDirection = 0;
    double directionSquared = rho;
    long most = Math.max(5, objective.length());
    for (long k = 0; k < most && Math.sqrt(rho) > INNER * norm; k++) {
      objective.curvatureProduct(direction, product);
      double curvature = Vectors.dot(direction, product);
      double alpha = rho / curvature;
      // |step + alpha·direction|² in M, from the three products
      double next = stepSquared + 2 * alpha * stepDirection + alpha * alpha * directionSquared;
      if (!(curvature > 0) || !(next <= delta * delta)) {
        double room = Math.max(0, delta * delta - stepSquared);
        double root = Math.sqrt(stepDirection * stepDirection + directionSquared * room);
        alpha =
            stepDirection >= 0
                ? room / (stepDirection + root)
                : (root - stepDirection) / directionSquared;
        Vectors.axpy(alpha, direction, step);
        Vectors.axpy(-alpha, product, residual);
        stepNorm = delta;
        atBoundary = true;
        return;
      }
      Vectors.axpy(alpha, direction, step);
      Vectors.axpy(-alpha, product, residual);
      stepSquared = next;
      stepNorm = Math.sqrt(stepSquared);
      Vectors.divide(residual, metric, preconditioned);
      double rhoNext = Vectors.dot(preconditioned, residual);
      double beta = rhoNext / rho;
      rho = rhoNext;
      // residuals are M⁻¹-orthogonal to earlier directions, which gives the products in M
      stepDirection = beta * (stepDirection + alpha * directionSquared);
      directionSquared = rho + beta * beta * directionSquared;
      Vectors.sum(preconditioned, beta, direction, direction);
    }
  }

  private double next(double delta, double slope, double predicted, double actual) {
    if (!Double.isFinite(actual)) {
      return SHRINK * Math.min(delta, stepNorm);
    }
    double beyond = -actual - slope;
    double alpha = beyond <= 0 ? GROW : Math.max(SHRINK, -0.5 * (slope / beyond));
    double wanted = alpha * stepNorm;
    if (actual < ACCEPT * predicted) {
      return Math.min(wanted, HALVE * delta);
    }
    if (actual < POOR * predicted) {
      return Math.max(SHRINK * delta, Math.min(wanted, HALVE * delta));
    }
    if (actual < GOOD * predicted) {
      return Math.max(SHRINK * delta, Math.min(wanted, GROW * delta));
    }
    return atBoundary ? GROW * delta : Math.max(delta, Math.min(wanted, GROW * delta));
  }
}
