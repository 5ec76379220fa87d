package org.strait.engine.solver;

import org.strait.memory.Doubles;
import org.strait.memory.HostMemory;

/// FADL in the quadratic form of Cano et al., "Towards Geo-Distributed Machine Learning" (IEEE Data
/// Eng. Bull. 40(4), 2017, Algorithm 1 and equation 8; Mahajan et al., JMLR 19(1), 2018). Every
/// data centre takes its own curvature times the number of data centres for that of all rows,
/// minimises the quadratic model with the exact gradient of all rows by conjugate gradients, and
/// the mean of these steps is the direction. A line search follows.
///
/// A step takes two sums of vectors over data centres, of the gradient and of the direction: four
/// vectors of the paper's, who sends each to one place and back. The paper also counts the start
/// that is sent out; here everybody knows it. The objective after a step is known from the line
/// search, which takes three scalars a trial.
///
/// Rows that differ between data centres make the model wrong: where the gradient has not halved in
/// {@link #PATIENCE} steps it is given up as stalled.
///
/// Memory: 7 vectors of float64.
final class Fadl implements Solver {
  /// Steps of conjugate gradients at most; they cost no bytes between data centres.
  private static final int MOST_INNER = 20;

  /// Share of the gradient that they leave.
  private static final double INNER = 0.05;

  private static final int PATIENCE = 20;
  private static final int MOST_TRIALS = 40;
  private static final double MOST_GROWTH = 10;

  /// Share of the slope that may be left by the line search, and share of the decrease that the
  /// slope promises that it must reach.
  private static final double SLOPE_LEFT = 0.1;

  private static final double DECREASE = 1e-4;

  /// Relative distance to the minimum below which no progress means that float64 is at its end.
  private static final double CLOSE = 1e-9;

  private final Doubles gradient;
  private final Doubles direction;
  private final Doubles residual;
  private final Doubles preconditioned;
  private final Doubles search;
  private final Doubles product;
  private final Doubles diagonal;
  private double found;

  Fadl(long n, HostMemory memory) {
    gradient = memory.doubles(n);
    direction = memory.doubles(n);
    residual = memory.doubles(n);
    preconditioned = memory.doubles(n);
    search = memory.doubles(n);
    product = memory.doubles(n);
    diagonal = memory.doubles(n);
  }

  @Override
  public String name() {
    return "fadl (quadratic, at most "
        + MOST_INNER
        + " conjugate gradients to "
        + INNER
        + ", mean direction, line search)";
  }

  /// @param objective a {@link SiteObjective}
  @Override
  public End minimise(Objective objective, Doubles weights, Watch watch) {
    if (!(objective instanceof SiteObjective sites)) {
      throw new IllegalArgumentException("fadl needs curvature by data centre: a SiteObjective");
    }
    double before = Double.POSITIVE_INFINITY;
    double smallest = Double.POSITIVE_INFINITY;
    int waited = 0;
    for (boolean first = true; ; first = false) {
      double f = sites.evaluate(weights, gradient);
      sites.accept();
      double bound = sites.gapBound(gradient, f);
      if (first && !watch.more(f, bound)) {
        return End.WATCH;
      }
      double norm = Math.sqrt(Vectors.dot(gradient, gradient));
      waited = norm <= smallest / 2 ? 0 : waited + 1;
      smallest = waited == 0 ? norm : smallest;
      if (waited == PATIENCE) {
        return End.STALLED;
      }
      minimiseModel(sites, norm);
      sites.average(direction);
      double slope = Vectors.dot(gradient, direction);
      double t = -slope > Objective.NOISE * Math.abs(f) ? step(sites, weights, f, slope) : 0;
      if (t == 0) {
        return bound <= CLOSE || Double.isInfinite(bound) ? End.PRECISION : End.STALLED;
      }
      Vectors.axpy(t, direction, weights);
      double decrease = f - found;
      if (!watch.more(found, gap(found, decrease, before, bound * Math.abs(f)))) {
        return End.WATCH;
      }
      before = decrease;
    }
  }

  /// What is left of the way if decreases go on to shrink by the same factor, or what strong
  /// convexity allows, if that is less.
  private static double gap(double f, double decrease, double before, double most) {
    double rate = decrease / before;
    double left =
        rate > 0 && rate < 1 ? decrease * Math.max(1, rate / (1 - rate)) : Double.POSITIVE_INFINITY;
    return Math.min(left, most - decrease) / Math.abs(f);
  }

  /// direction ← about the minimum of gradient·d + d·(sites·H' + l2)·d/2. Modified: direction.
  private void minimiseModel(SiteObjective sites, double norm) {
    sites.siteDiagonal(diagonal);
    for (long j = 0; j < diagonal.length(); j++) {
      // Without a penalty, features that this data centre does not have have no curvature.
      diagonal.set(j, diagonal.get(j) > 0 ? diagonal.get(j) : 1);
    }
    direction.fill(0);
    residual.fill(0);
    Vectors.axpy(-1, gradient, residual);
    Vectors.divide(residual, diagonal, preconditioned);
    search.copyFrom(preconditioned);
    double rho = Vectors.dot(residual, preconditioned);
    for (int k = 0; k < MOST_INNER; k++) {
      sites.siteProduct(search, product);
      double curvature = Vectors.dot(search, product);
      if (!(curvature > 0)) {
        if (k == 0) {
          direction.copyFrom(search);
        }
        return;
      }
      double alpha = rho / curvature;
      Vectors.axpy(alpha, search, direction);
      Vectors.axpy(-alpha, product, residual);
      if (Math.sqrt(Vectors.dot(residual, residual)) <= INNER * norm) {
        return;
      }
      Vectors.divide(residual, diagonal, preconditioned);
      double next = Vectors.dot(residual, preconditioned);
      Vectors.sum(preconditioned, next / rho, search, search);
      rho = next;
    }
  }

  private double step(SiteObjective sites, Doubles weights, double f, double slope) {
    sites.line(weights, direction);
    return search(sites, f, slope);
  }

  /// A step length that lowers the objective, by Newton's method for one variable between the
  /// bounds found so far; 0 if there is none. Leaves the objective there in {@link #found}.
  private double search(SiteObjective sites, double f, double slope) {
    double low = 0;
    double high = Double.POSITIVE_INFINITY;
    double t = 1;
    for (int trial = 0; trial < MOST_TRIALS; trial++) {
      found = sites.along(t);
      double here = sites.slope();
      double enough = f + DECREASE * t * slope + Objective.NOISE * Math.abs(f);
      if (found <= enough && Math.abs(here) <= -SLOPE_LEFT * slope) {
        return t;
      }
      if (Double.isFinite(found) && here < 0) {
        low = t;
      } else {
        high = t;
      }
      double next = Math.min(t - here / sites.bend(), MOST_GROWTH * t);
      if (!(next > low && next < high)) {
        next = Double.isInfinite(high) ? 2 * t : (low + high) / 2;
      }
      t = next;
    }
    found = sites.along(low);
    return found < f ? low : 0;
  }
}
