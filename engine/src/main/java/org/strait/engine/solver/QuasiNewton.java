package org.strait.engine.solver;

import org.strait.memory.Doubles;
import org.strait.memory.HostMemory;

/// L-BFGS (Liu and Nocedal 1989) with backtracking. The first matrix of every direction is the
/// Hessian's diagonal at the start, scaled.
///
/// The gap is estimated from what the last twenty steps gained, and from half the slope.
///
/// Memory: 2·history + 5 vectors of float64.
final class QuasiNewton implements Solver {
  private static final double ARMIJO = 1e-4;
  private static final double LEAST_CURVATURE = 1e-12;
  private static final int MOST_TRIALS = 40;
  /// Gains of so many steps are compared with those of as many before.
  private static final int RECENT = 20;

  /// How far the estimate of the gap may be below what strong convexity proves.
  private static final double BELOW_BOUND = 10;

  private final int history;
  private final Doubles[] steps;
  private final Doubles[] changes;
  private final double[] rho;
  private final double[] coefficient;
  private final double[] recent = new double[2 * RECENT];
  private final Doubles gradient;
  private final Doubles direction;
  private final Doubles trial;
  private final Doubles trialGradient;
  private final Doubles metric;
  private int pairs;
  private int newest;
  private double gamma;

  QuasiNewton(long n, int history, HostMemory memory) {
    this.history = history;
    steps = new Doubles[history];
    changes = new Doubles[history];
    for (int i = 0; i < history; i++) {
      steps[i] = memory.doubles(n);
      changes[i] = memory.doubles(n);
    }
    rho = new double[history];
    coefficient = new double[history];
    gradient = memory.doubles(n);
    direction = memory.doubles(n);
    trial = memory.doubles(n);
    trialGradient = memory.doubles(n);
    metric = memory.doubles(n);
  }

  @Override
  public String name() {
    return "lbfgs (float64, history " + history + ")";
  }

  @Override
  public End minimise(Objective objective, Doubles weights, Watch watch) {
    forget();
    double f = objective.evaluate(weights, gradient);
    objective.accept();
    objective.diagonal(metric);
    fillGaps(metric);
    for (int i = 0; i < recent.length; i++) {
      recent[i] = Double.POSITIVE_INFINITY;
    }
    boolean more = watch.more(f, objective.gapBound(gradient, f));
    for (long k = 0; more; k++) {
      double slope = direct();
      if (slope == 0) {
        return End.PRECISION;
      }
      double t = 1;
      boolean accepted = false;
      boolean noise = false;
      double fTrial = f;
      for (int i = 0; i < MOST_TRIALS && !accepted && !noise; i++) {
        double promised = move(weights, t);
        fTrial = objective.evaluate(trial, trialGradient);
        double rise = fTrial - f;
        accepted = rise <= ARMIJO * promised && promised < 0;
        if (!accepted) {
          noise =
              Math.abs(rise) <= Objective.NOISE * Math.abs(f)
                  && Math.abs(promised) <= Objective.NOISE * Math.abs(f);
          double shorter = -promised / (2 * (rise - promised));
          t *= Double.isFinite(shorter) ? Math.max(0.1, Math.min(0.5, shorter)) : 0.1;
        }
      }
      if (!accepted && noise) {
        accepted = Vectors.normIn(trialGradient, metric) < Vectors.normIn(gradient, metric);
      }
      if (!accepted && (pairs == 0 || noise)) {
        return End.PRECISION;
      }
      if (!accepted) {
        forget();
        continue;
      }
      objective.accept();
      keepPair(weights);
      weights.copyFrom(trial);
      gradient.copyFrom(trialGradient);
      recent[(int) (k % recent.length)] = f - fTrial;
      f = fTrial;
      more = watch.more(f, gap(objective, f, slope, k));
    }
    return End.WATCH;
  }

  private void forget() {
    pairs = 0;
    newest = -1;
    gamma = 1;
  }

  /// What the gains say of those to come: if they shrink at a steady pace, a geometric series. The
  /// pace alone is wrong where a flat direction is found late, so the bound, if there is one, has a
  /// say.
  private double gap(Objective objective, double f, double slope, long k) {
    double late = 0;
    double early = 0;
    for (int i = 0; i < RECENT; i++) {
      late += recent[Math.floorMod(k - i, recent.length)];
      early += recent[Math.floorMod(k - RECENT - i, recent.length)];
    }
    double bound = objective.gapBound(gradient, f);
    if (bound == Double.POSITIVE_INFINITY) {
      return Math.min(bound, Math.max(late, -slope / 2) / Math.abs(f));
    }
    double pace = early > 0 ? late / early : 0;
    double left = pace < 1 ? late * Math.max(1, pace / (1 - pace)) : Double.POSITIVE_INFINITY;
    double estimate = Math.max(left, -slope / 2) / Math.abs(f);
    return Math.min(bound, Math.max(estimate, bound / BELOW_BOUND));
  }

  /// Features without curvature get the mean of the others'.
  static void fillGaps(Doubles metric) {
    double sum = 0;
    long count = 0;
    for (long j = 0; j < metric.length(); j++) {
      sum += metric.get(j);
      count += metric.get(j) > 0 ? 1 : 0;
    }
    double mean = sum > 0 && Double.isFinite(sum) ? sum / count : 1;
    for (long j = 0; j < metric.length(); j++) {
      metric.set(j, metric.get(j) > 0 ? metric.get(j) : mean);
    }
  }

  /// direction ← -H·gradient by the two loops; returns its slope.
  private double direct() {
    direction.copyFrom(gradient);
    for (int i = 0; i < pairs; i++) {
      int p = Math.floorMod(newest - i, history);
      coefficient[p] = rho[p] * Vectors.dot(steps[p], direction);
      Vectors.axpy(-coefficient[p], changes[p], direction);
    }
    for (long j = 0; j < direction.length(); j++) {
      direction.set(j, gamma * direction.get(j) / metric.get(j));
    }
    for (int i = pairs - 1; i >= 0; i--) {
      int p = Math.floorMod(newest - i, history);
      double beta = rho[p] * Vectors.dot(changes[p], direction);
      Vectors.axpy(coefficient[p] - beta, steps[p], direction);
    }
    for (long j = 0; j < direction.length(); j++) {
      direction.set(j, -direction.get(j));
    }
    double slope = Vectors.dot(direction, gradient);
    if (slope < 0 || pairs == 0) {
      return slope;
    }
    forget();
    return direct();
  }

  /// trial ← weights + t·direction; returns what the slope promises.
  private double move(Doubles weights, double t) {
    double promised = 0;
    for (long j = 0; j < trial.length(); j++) {
      double w = weights.get(j);
      double moved = w + t * direction.get(j);
      trial.set(j, moved);
      promised += gradient.get(j) * (moved - w);
    }
    return promised;
  }

  /// Keeps the step to the trial and the change of the gradient along it.
  private void keepPair(Doubles weights) {
    int slot = (newest + 1) % history;
    Vectors.sum(trial, -1, weights, steps[slot]);
    Vectors.sum(trialGradient, -1, gradient, changes[slot]);
    double curvature = Vectors.dot(steps[slot], changes[slot]);
    double size = Vectors.dot(steps[slot], metric, steps[slot]);
    double change = Vectors.normIn(changes[slot], metric);
    if (!(curvature > LEAST_CURVATURE * size) || !(change > 0)) {
      return;
    }
    newest = slot;
    pairs = Math.min(history, pairs + 1);
    rho[slot] = 1 / curvature;
    gamma = curvature / (change * change);
  }
}
