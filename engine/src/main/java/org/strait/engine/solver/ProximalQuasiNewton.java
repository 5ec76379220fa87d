package org.strait.engine.solver;

import java.util.Arrays;
import org.strait.memory.Doubles;
import org.strait.memory.HostMemory;

/// Quasi-Newton steps for a smooth objective + l1·|w|₁ (Scheinberg and Tang, "Practical inexact
/// proximal quasi-Newton method with global complexity analysis", Math. Program. 160, 2016): a step
/// goes to the minimum of the quadratic model of {@link ModelMatrix} + l1·|w|₁, found by coordinate
/// descent without any pass over the rows, then backtracks. Weights become exactly 0.
///
/// OWL-QN (Andrew and Gao, ICML 2007) holds a step inside the orthant it begins in, so where
/// features are collinear and many weights cross 0 its steps are cut to a tenth and less: on a9a it
/// took 1,265 steps of two evaluations where this takes about 150 of one.
///
/// Memory: 2·history + 7 vectors of float64, and 4·history numbers for each weight that is not 0 or
/// would not stay so.
final class ProximalQuasiNewton implements Solver {
  private static final double ARMIJO = 1e-4;
  private static final int MOST_TRIALS = 40;
  private static final int MOST_SWEEPS = 30;

  /// Share of the first sweep's moves, squared in the model's metric, at which sweeps end.
  private static final double INNER = 0.0025;

  /// Gains of so many steps say how far it is.
  private static final int RECENT = 20;

  private final double l1;
  private final int history;
  private final ModelMatrix model;
  private final double[] recent = new double[RECENT];
  private final Doubles gradient;
  private final Doubles pseudo;
  private final Doubles target;
  private final Doubles trial;
  private final Doubles trialGradient;
  private final Doubles trialPseudo;
  private final Doubles metric;
  private long penalised;

  ProximalQuasiNewton(long n, int history, double l1, HostMemory memory) {
    this.l1 = l1;
    this.history = history;
    gradient = memory.doubles(n);
    pseudo = memory.doubles(n);
    target = memory.doubles(n);
    trial = memory.doubles(n);
    trialGradient = memory.doubles(n);
    trialPseudo = memory.doubles(n);
    metric = memory.doubles(n);
    model = new ModelMatrix(n, history, metric, memory);
  }

  @Override
  public String name() {
    return "owl-qn (float64, proximal steps by coordinate descent, history " + history + ")";
  }

  @Override
  public End minimise(Objective objective, Doubles weights, Watch watch) {
    penalised = objective.penalised();
    model.forget();
    double f = objective.evaluate(weights, gradient) + l1 * absolute(weights);
    objective.accept();
    objective.diagonal(metric);
    QuasiNewton.fillGaps(metric);
    pseudoGradient(weights, gradient, pseudo);
    Arrays.fill(recent, Double.POSITIVE_INFINITY);
    boolean more = watch.more(f, objective.gapBound(pseudo, f));
    for (long k = 0; more; k++) {
      double promised = aim(weights);
      boolean accepted = false;
      boolean noise = promised == 0;
      double fTrial = f;
      double t = 1;
      for (int i = 0; i < MOST_TRIALS && promised < 0 && !accepted && !noise; i++) {
        move(weights, t);
        fTrial = objective.evaluate(trial, trialGradient) + l1 * absolute(trial);
        double rise = fTrial - f;
        accepted = rise <= ARMIJO * t * promised;
        if (!accepted) {
          noise =
              Math.abs(rise) <= Objective.NOISE * Math.abs(f)
                  && Math.abs(t * promised) <= Objective.NOISE * Math.abs(f);
          t *= Double.isFinite(rise) ? 0.5 : 0.1;
        }
      }
      if (!accepted && noise && promised < 0) {
        pseudoGradient(trial, trialGradient, trialPseudo);
        accepted = Vectors.normIn(trialPseudo, metric) < Vectors.normIn(pseudo, metric);
      }
      if (!accepted && (model.isEmpty() || noise)) {
        return End.PRECISION;
      }
      if (!accepted) {
        model.forget();
        continue;
      }
      objective.accept();
      model.keep(weights, trial, gradient, trialGradient);
      weights.copyFrom(trial);
      gradient.copyFrom(trialGradient);
      pseudoGradient(weights, gradient, pseudo);
      recent[(int) (k % RECENT)] = f - fTrial;
      f = fTrial;
      more = watch.more(f, gap(objective, f, promised));
    }
    return End.WATCH;
  }

  private double gap(Objective objective, double f, double promised) {
    double late = 0;
    for (double gain : recent) {
      late += gain;
    }
    return Math.min(objective.gapBound(pseudo, f), Math.max(late, -promised / 2) / Math.abs(f));
  }

  /// target ← about the minimum of the model; returns what the model's slope promises, at most 0.
  private double aim(Doubles weights) {
    target.copyFrom(weights);
    model.begin(weights, pseudo);
    double first = 0;
    for (int sweep = 0; sweep < MOST_SWEEPS; sweep++) {
      double moved = model.sweep(gradient, weights, target, l1, penalised);
      first = sweep == 0 ? moved : first;
      if (moved <= INNER * first) {
        break;
      }
    }
    double promised = l1 * (absolute(target) - absolute(weights));
    for (long j = 0; j < target.length(); j++) {
      promised += gradient.get(j) * (target.get(j) - weights.get(j));
    }
    return Math.min(0, promised);
  }

  /// trial ← weights + t·(target - weights).
  private void move(Doubles weights, double t) {
    if (t == 1) {
      trial.copyFrom(target);
      return;
    }
    for (long j = 0; j < trial.length(); j++) {
      double w = weights.get(j);
      trial.set(j, w + t * (target.get(j) - w));
    }
  }

  private double absolute(Doubles weights) {
    double sum = 0;
    for (long j = 0; j < penalised; j++) {
      sum += Math.abs(weights.get(j));
    }
    return sum;
  }

  /// The element of the subdifferential with the least norm.
  private void pseudoGradient(Doubles weights, Doubles smooth, Doubles result) {
    result.copyFrom(smooth);
    for (long j = 0; j < penalised; j++) {
      double w = weights.get(j);
      double g = smooth.get(j);
      double up = w >= 0 ? g + l1 : g - l1;
      double down = w > 0 ? g + l1 : g - l1;
      result.set(j, up < 0 ? up : down > 0 ? down : 0);
    }
  }
}
