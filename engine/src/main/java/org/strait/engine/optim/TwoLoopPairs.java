package org.strait.engine.optim;

import java.util.ArrayList;
import java.util.List;
import org.strait.kernels.DenseOps;
import org.strait.memory.Floats;
import org.strait.memory.HostMemory;

/// The two-loop recursion on whole vectors (Nocedal 1980): every replica has all coordinates.
/// Memory: (2·history + 3)·n floats. Dots are float64 in an order that is the same on every
/// backend.
final class TwoLoopPairs implements PairMemory {
  private static final int HEAD = 3;

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

  /// @param history pairs kept, at least 1
  TwoLoopPairs(long n, int history, Metric metric, DenseOps dense, HostMemory memory) {
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
  public void rebase(Floats gradient, Floats weights) {
    base.copyFrom(weights);
    baseGradient.copyFrom(gradient);
  }

  @Override
  public double baseNorm() {
    return Math.sqrt(metric.gradientSquared(baseGradient));
  }

  @Override
  public void remember(Floats gradient, Floats weights) {
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
    if (Lbfgs.isGood(sy, metric.stepSquared(step), changeSquared)) {
      newest = slot;
      rho[slot] = 1 / sy;
      gamma = sy / changeSquared;
      pairs = Math.min(pairs + 1, history);
    } else if (pairs == history) {
      pairs--;
    }
  }

  @Override
  public int pairs() {
    return pairs;
  }

  @Override
  public void forget() {
    pairs = 0;
  }

  @Override
  public void clear() {
    pairs = 0;
    newest = -1;
    gamma = 0;
  }

  @Override
  public double findDirection(double firstScale) {
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
    double slope = -dense.dot(baseGradient, direction);
    if (!(slope < 0)) {
      pairs = 0;
      metric.divide(baseGradient, direction);
      dense.scale((float) firstScale, direction);
      slope = -dense.dot(baseGradient, direction);
    }
    return slope;
  }

  @Override
  public void move(double alpha, Floats weights) {
    weights.copyFrom(base);
    if (alpha != 0) {
      dense.axpy((float) -alpha, direction, weights);
    }
  }

  @Override
  public double[] numbers() {
    double[] numbers = new double[HEAD + pairs];
    numbers[0] = pairs;
    numbers[1] = newest;
    numbers[2] = gamma;
    for (int i = 0; i < pairs; i++) {
      numbers[HEAD + i] = rho[slot(i)];
    }
    return numbers;
  }

  @Override
  public void restore(double[] numbers) {
    if (numbers[0] < 0 || numbers[0] > history) {
      throw new IllegalArgumentException("solver lbfgs has other numbers");
    }
    Optimizer.check("lbfgs", numbers, HEAD + (int) numbers[0]);
    pairs = (int) numbers[0];
    newest = (int) numbers[1];
    gamma = numbers[2];
    for (int i = 0; i < pairs; i++) {
      rho[slot(i)] = numbers[HEAD + i];
    }
  }

  @Override
  public List<Floats> memories(boolean withBase) {
    List<Floats> all = new ArrayList<>();
    if (withBase) {
      all.add(base);
      all.add(baseGradient);
    }
    for (int i = 0; i < pairs; i++) {
      all.add(steps[slot(i)]);
      all.add(changes[slot(i)]);
    }
    return all;
  }

  /// Slot of the i-th newest pair.
  private int slot(int i) {
    return Math.floorMod(newest - i, history);
  }
}
