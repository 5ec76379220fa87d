package org.strait.engine.optim;

import java.util.ArrayList;
import java.util.List;
import org.strait.kernels.DenseOps;
import org.strait.memory.Floats;
import org.strait.memory.HostMemory;

/// L-BFGS (Liu & Nocedal 1989; two-loop recursion of Nocedal 1980) in a diagonal metric, for
/// gradients that are nearly exact.
///
/// Terms: base, the last accepted point, with objective f and gradient g; trial, base − alpha·u,
/// the point being measured; pair, a step s and the change y of the gradient along it. One trial is
/// measured per round; there is no inner line search:
/// - a trial is accepted when f falls by 1e-4 of what the slope promises (Armijo), up to a slack of
///   1e-9·|f|;
/// - accepted or not, a trial yields a pair, if its curvature is safely positive (s·y > 1e-4·sᵀDs
///   and > 1e-6·yᵀD⁻¹y);
/// - a rejected trial shortens alpha by quadratic interpolation, within [0.1, 0.5]; every second
///   rejection in a row returns to the base to have its gradient refined (with difference-coded
///   gradients a second look is more exact), and from the fourth on the pairs are forgotten.
///
/// Memory: (2·history + 3)·n floats. Dots are float64 in an order that is the same on every
/// backend.
final class Lbfgs implements Optimizer {
  private static final double ARMIJO = 1e-4;
  private static final int NUMBERS = 13;
  private static final double SLACK = 1e-9;
  private static final double FIRST_SCALE = 0.1;
  private static final double MIN_CURVATURE_IN_STEP = 1e-4;
  private static final double MIN_CURVATURE_IN_GRADIENT = 1e-6;

  private final DenseOps dense;
  private final Metric metric;
  private final int history;
  private final Floats[] steps;
  private final Floats[] changes;
  private final double[] rho;
  private final double[] coefficient;
  private final Floats base;
  private final Floats baseGradient;
  private final Floats direction;
  private int pairs;
  private int newest = -1;
  private double gamma;
  private double baseObjective = Double.NaN;
  private double baseNorm = Double.NaN;
  private double firstScale = FIRST_SCALE;
  private double alpha = 1;
  private double slope;
  private int rejections;
  private boolean refining;
  private boolean accepted;
  private double decrement = Double.NaN;
  private double decrementBefore = Double.NaN;

  /// @param history pairs kept, at least 1
  Lbfgs(long n, int history, Metric metric, DenseOps dense, HostMemory memory) {
    if (history < 1) {
      throw new IllegalArgumentException("L-BFGS history is " + history + ", needs at least 1");
    }
    this.dense = dense;
    this.metric = metric;
    this.history = history;
    steps = new Floats[history];
    changes = new Floats[history];
    for (int i = 0; i < history; i++) {
      steps[i] = memory.floats(n);
      changes[i] = memory.floats(n);
    }
    rho = new double[history];
    coefficient = new double[history];
    base = memory.floats(n);
    baseGradient = memory.floats(n);
    direction = memory.floats(n);
  }

  @Override
  public String name() {
    return "lbfgs (history " + history + ", Jacobi metric)";
  }

  @Override
  public void observe(double objective, Floats gradient, Floats weights) {
    boolean atBase = refining || Double.isNaN(baseObjective);
    if (atBase) {
      accepted = true;
    } else {
      accepted =
          objective <= baseObjective + ARMIJO * alpha * slope + SLACK * Math.abs(baseObjective);
      rememberPair(gradient, weights);
    }
    if (accepted) {
      base.copyFrom(weights);
      baseGradient.copyFrom(gradient);
      baseObjective = objective;
      baseNorm = Math.sqrt(metric.gradientSquared(gradient));
      if (!refining) {
        rejections = 0;
        alpha = 1;
      }
      refining = false;
    } else {
      shorten(objective);
      if (refining) {
        return;
      }
    }
    if (pairs == 0 && alpha < 1) {
      firstScale *= alpha;
      alpha = 1;
    }
    findDirection();
    if (accepted) {
      decrementBefore = decrement;
      decrement = -slope / 2;
    }
  }

  @Override
  public void advance(Floats weights) {
    weights.copyFrom(base);
    if (!refining) {
      dense.axpy((float) -alpha, direction, weights);
    }
  }

  @Override
  public void settle(Floats weights) {
    weights.copyFrom(base);
  }

  @Override
  public double objective() {
    return baseObjective;
  }

  @Override
  public double gradientNorm() {
    return baseNorm;
  }

  /// Half the Newton decrement of the quadratic model, which under-estimates while curvature is
  /// still being learned: measured, the true gap was typically 30 to 50 times it and at worst 160
  /// (docs/algorithms.md). So a hundredth of the tolerance, twice in a row, after 3 pairs.
  @Override
  public boolean converged(double tolerance) {
    double enough = 1e-2 * tolerance * Math.abs(baseObjective);
    return accepted
        && (baseNorm == 0
            || (pairs >= Math.min(3, history) && decrement <= enough && decrementBefore <= enough));
  }

  /// Keeps only the scale that steps without pairs had to be shortened to.
  @Override
  public void restart() {
    pairs = 0;
    newest = -1;
    gamma = 0;
    baseObjective = Double.NaN;
    alpha = 1;
    slope = 0;
    rejections = 0;
    refining = false;
    accepted = false;
    decrement = Double.NaN;
    decrementBefore = Double.NaN;
  }

  @Override
  public double[] numbers() {
    double[] numbers = new double[NUMBERS + pairs];
    numbers[0] = pairs;
    numbers[1] = newest;
    numbers[2] = gamma;
    numbers[3] = baseObjective;
    numbers[4] = baseNorm;
    numbers[5] = firstScale;
    numbers[6] = alpha;
    numbers[7] = slope;
    numbers[8] = rejections;
    numbers[9] = refining ? 1 : 0;
    numbers[10] = accepted ? 1 : 0;
    numbers[11] = decrement;
    numbers[12] = decrementBefore;
    for (int i = 0; i < pairs; i++) {
      numbers[NUMBERS + i] = rho[slot(i)];
    }
    return numbers;
  }

  /// The base, then the pairs, newest first. Without a base there is nothing: the direction is
  /// always found anew before it is used.
  @Override
  public List<Floats> memories() {
    List<Floats> all = new ArrayList<>();
    if (!Double.isNaN(baseObjective)) {
      all.add(base);
      all.add(baseGradient);
    }
    for (int i = 0; i < pairs; i++) {
      all.add(steps[slot(i)]);
      all.add(changes[slot(i)]);
    }
    return all;
  }

  @Override
  public void restore(double[] numbers) {
    if (numbers.length < NUMBERS || numbers[0] < 0 || numbers[0] > history) {
      throw new IllegalArgumentException("solver lbfgs has other numbers");
    }
    Optimizer.check("lbfgs", numbers, NUMBERS + (int) numbers[0]);
    pairs = (int) numbers[0];
    newest = (int) numbers[1];
    gamma = numbers[2];
    baseObjective = numbers[3];
    baseNorm = numbers[4];
    firstScale = numbers[5];
    alpha = numbers[6];
    slope = numbers[7];
    rejections = (int) numbers[8];
    refining = numbers[9] != 0;
    accepted = numbers[10] != 0;
    decrement = numbers[11];
    decrementBefore = numbers[12];
    for (int i = 0; i < pairs; i++) {
      rho[slot(i)] = numbers[NUMBERS + i];
    }
  }

  private void rememberPair(Floats gradient, Floats weights) {
    int slot = (newest + 1) % history;
    // The oldest pair is overwritten before the new one is known to be good; a bad one then only
    // shortens the memory.
    Floats step = steps[slot];
    Floats change = changes[slot];
    step.copyFrom(weights);
    dense.axpy(-1, base, step);
    change.copyFrom(gradient);
    dense.axpy(-1, baseGradient, change);
    double sy = dense.dot(step, change);
    double changeSquared = metric.gradientSquared(change);
    boolean good =
        sy > MIN_CURVATURE_IN_STEP * metric.stepSquared(step)
            && sy > MIN_CURVATURE_IN_GRADIENT * changeSquared
            && Double.isFinite(changeSquared);
    if (good) {
      newest = slot;
      rho[slot] = 1 / sy;
      gamma = sy / changeSquared;
      pairs = Math.min(pairs + 1, history);
    } else if (pairs == history) {
      pairs--;
    }
  }

  private void shorten(double objective) {
    rejections++;
    double excess = objective - baseObjective - alpha * slope;
    double interpolated =
        excess > 0 && Double.isFinite(excess) ? -slope * alpha * alpha / (2 * excess) : 0;
    alpha = Math.max(0.1 * alpha, Math.min(0.5 * alpha, interpolated));
    if (rejections % 2 == 0) {
      if (rejections >= 4) {
        pairs = 0;
      }
      refining = true;
    }
  }

  private void findDirection() {
    direction.copyFrom(baseGradient);
    for (int i = 0; i < pairs; i++) {
      int slot = slot(i);
      coefficient[slot] = rho[slot] * dense.dot(steps[slot], direction);
      dense.axpy((float) -coefficient[slot], changes[slot], direction);
    }
    metric.divide(direction, direction);
    dense.scale((float) (pairs > 0 ? gamma : firstScale), direction);
    for (int i = pairs - 1; i >= 0; i--) {
      int slot = slot(i);
      double correction = coefficient[slot] - rho[slot] * dense.dot(changes[slot], direction);
      dense.axpy((float) correction, steps[slot], direction);
    }
    slope = -dense.dot(baseGradient, direction);
    if (!(slope < 0)) {
      pairs = 0;
      metric.divide(baseGradient, direction);
      dense.scale((float) firstScale, direction);
      slope = -dense.dot(baseGradient, direction);
    }
  }

  /// Slot of the i-th newest pair.
  private int slot(int i) {
    return Math.floorMod(newest - i, history);
  }
}
