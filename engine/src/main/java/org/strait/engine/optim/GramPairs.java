package org.strait.engine.optim;

import java.util.ArrayList;
import java.util.List;
import org.strait.kernels.DenseOps;
import org.strait.memory.Doubles;
import org.strait.memory.Floats;
import org.strait.memory.HostMemory;

/// The two-loop recursion on coefficients (vector-free L-BFGS: Chen, Wang and Zhou 2014, NIPS): all
/// that decides is inner products of the pairs and the gradient, so nobody needs all coordinates.
/// A vector here has the coordinates that all replicas have, then those of this DC alone; an inner
/// product is the part over the former, computed alike everywhere, plus the sum of all DCs' parts
/// over the latter, which came with the exchange. So all take the same decisions and each moves its
/// own coordinates; steps are those of {@link TwoLoopPairs} up to rounding.
///
/// Only inner products with the gradient g that was just measured travel: those between pairs are
/// differences of them, y being a difference of two gradients. Of a pair and an older one the
/// recursion needs sᵀy only with the older s. Memory: (2·history + 5)·n floats.
final class GramPairs implements PairMemory {
  /// Sums of a round before those of each pair, by index.
  private static final int WEIGHTS = 0; // w·w
  private static final int GRADIENT = 1; // gᵀD⁻¹g
  private static final int STEP_GRADIENT = 2; // s·g, of the pair that ends here
  private static final int STEP_BASE = 3; // s·g at the base
  private static final int STEP = 4; // sᵀDs
  private static final int CHANGE = 5; // yᵀD⁻¹y
  private static final int CHANGE_GRADIENT = 6; // yᵀD⁻¹g
  private static final int FIXED = 7; // then s·g and yᵀD⁻¹g of each pair, newest first
  private static final int HEAD = 3;

  /// One part of all vectors.
  private final class Part {
    private final Metric measure;
    private final Floats[] s = new Floats[history];
    private final Floats[] y = new Floats[history];
    private final Floats base;
    private final Floats baseGradient;
    private final Floats step;
    private final Floats change;
    private final Floats scaled;
    private final long from;
    private final long count;
    private Floats ofGradient;
    private Floats ofWeights;
    private Floats gradient;
    private Floats weights;

    Part(long from, long count) {
      this.from = from;
      this.count = count;
      measure = metric.part(from, count);
      for (int i = 0; i < history; i++) {
        s[i] = steps[i].slice(from, count);
        y[i] = changes[i].slice(from, count);
      }
      base = GramPairs.this.base.slice(from, count);
      baseGradient = GramPairs.this.baseGradient.slice(from, count);
      step = GramPairs.this.step.slice(from, count);
      change = GramPairs.this.change.slice(from, count);
      scaled = GramPairs.this.scaled.slice(from, count);
    }

    /// Callers hand in the same two vectors again and again: their views are kept.
    void point(Floats newGradient, Floats newWeights) {
      if (newGradient != ofGradient || newWeights != ofWeights) {
        ofGradient = newGradient;
        ofWeights = newWeights;
        gradient = newGradient.slice(from, count);
        weights = newWeights.slice(from, count);
      }
    }

    void pair() {
      step.copyFrom(weights);
      dense.axpy(-1, base, step);
      change.copyFrom(gradient);
      dense.axpy(-1, baseGradient, change);
    }

    /// sum(k) for all k.
    void measure(boolean atBase, double[] out) {
      measure.divide(gradient, scaled);
      out[WEIGHTS] = dense.dot(weights, weights);
      out[GRADIENT] = dense.dot(gradient, scaled);
      for (int k = STEP_GRADIENT; k < FIXED; k++) {
        out[k] = 0;
      }
      if (!atBase) {
        pair();
        out[STEP_GRADIENT] = dense.dot(step, gradient);
        out[STEP_BASE] = dense.dot(step, baseGradient);
        out[CHANGE_GRADIENT] = dense.dot(change, scaled);
        out[STEP] = measure.stepSquared(step);
        out[CHANGE] = measure.gradientSquared(change);
      }
      for (int i = 0; i < kept(atBase); i++) {
        out[FIXED + 2 * i] = dense.dot(s[slot(i)], gradient);
        out[FIXED + 2 * i + 1] = dense.dot(y[slot(i)], scaled);
      }
    }
  }

  private final DenseOps dense;
  private final Metric metric;
  private final int history;
  private final Floats[] steps;
  private final Floats[] changes;
  private final Floats base;
  private final Floats baseGradient;
  private final Floats direction;
  private final Floats step;
  private final Floats change;
  private final Floats scaled;
  private final Part common;
  private final Part own;
  private final double[] fromOwners;
  private final double[] totals;
  // By slot; of pairs: sy[older][newer] and yy both ways.
  private final double[] stepGradient;
  private final double[] changeGradient;
  private final double[][] sy;
  private final double[][] yy;
  private final double[] a;
  private final double[] c;
  private int pairs;
  private int newest = -1;
  private double gamma;
  private double gradientSquared;
  private double baseOwnSquared;
  private boolean measured;

  /// @param history pairs kept, at least 1
  GramPairs(long n, long shared, int history, Metric metric, DenseOps dense, HostMemory memory) {
    this.dense = dense;
    this.metric = metric;
    this.history = history;
    steps = new Floats[history];
    changes = new Floats[history];
    for (int i = 0; i < history; i++) {
      steps[i] = memory.floats(n);
      changes[i] = memory.floats(n);
    }
    base = memory.floats(n);
    baseGradient = memory.floats(n);
    direction = memory.floats(n);
    // Between a move and the next direction nobody needs the last one.
    step = direction;
    change = memory.floats(n);
    scaled = memory.floats(n);
    common = new Part(0, shared);
    own = new Part(shared, n - shared);
    fromOwners = new double[mostSums(history)];
    totals = new double[mostSums(history)];
    stepGradient = new double[history];
    changeGradient = new double[history];
    sy = new double[history][history];
    yy = new double[history][history];
    a = new double[history];
    c = new double[history];
  }

  static int mostSums(int history) {
    return FIXED + 2 * history;
  }

  /// Sums of the next round.
  int sums(boolean atBase) {
    return FIXED + 2 * kept(atBase);
  }

  /// Pairs whose products with the next gradient count: a new pair takes the place of the oldest.
  private int kept(boolean atBase) {
    return atBase ? pairs : Math.min(pairs, history - 1);
  }

  void measureOwn(boolean atBase, Floats gradient, Floats weights, Doubles out) {
    own.point(gradient, weights);
    own.measure(atBase, totals);
    for (int k = 0; k < sums(atBase); k++) {
      out.set(k, totals[k]);
    }
  }

  void take(Doubles sums) {
    for (int k = 0; k < sums.length(); k++) {
      fromOwners[k] = sums.get(k);
    }
    measured = false;
  }

  double ownWeightsSquared() {
    return fromOwners[WEIGHTS];
  }

  double baseOwnWeightsSquared() {
    return baseOwnSquared;
  }

  /// Totals at the point that was measured.
  private void measure(boolean atBase, Floats gradient, Floats weights) {
    common.point(gradient, weights);
    own.point(gradient, weights);
    common.measure(atBase, totals);
    for (int k = 0; k < sums(atBase); k++) {
      totals[k] += fromOwners[k];
    }
    measured = true;
  }

  @Override
  public void remember(Floats gradient, Floats weights) {
    measure(false, gradient, weights);
    own.pair();
    double curvature = totals[STEP_GRADIENT] - totals[STEP_BASE];
    if (!Lbfgs.isGood(curvature, totals[STEP], totals[CHANGE])) {
      if (pairs == history) {
        pairs--;
      }
      return;
    }
    int slot = (newest + 1) % history;
    steps[slot].copyFrom(step);
    changes[slot].copyFrom(change);
    for (int i = 0; i < kept(false); i++) {
      int older = slot(i);
      sy[older][slot] = totals[FIXED + 2 * i] - stepGradient[older];
      yy[older][slot] = totals[FIXED + 2 * i + 1] - changeGradient[older];
      yy[slot][older] = yy[older][slot];
    }
    sy[slot][slot] = curvature;
    yy[slot][slot] = totals[CHANGE];
    // As at the base; if the trial becomes the base, they follow.
    stepGradient[slot] = totals[STEP_BASE];
    changeGradient[slot] = totals[CHANGE_GRADIENT] - totals[CHANGE];
    newest = slot;
    gamma = curvature / totals[CHANGE];
    pairs = Math.min(pairs + 1, history);
    // The products of the pairs before moved one place: keep them by slot.
    for (int i = pairs - 1; i > 0; i--) {
      totals[FIXED + 2 * i] = totals[FIXED + 2 * (i - 1)];
      totals[FIXED + 2 * i + 1] = totals[FIXED + 2 * (i - 1) + 1];
    }
    totals[FIXED] = totals[STEP_GRADIENT];
    totals[FIXED + 1] = totals[CHANGE_GRADIENT];
  }

  @Override
  public void rebase(Floats gradient, Floats weights) {
    if (!measured) {
      measure(true, gradient, weights);
    }
    base.copyFrom(weights);
    baseGradient.copyFrom(gradient);
    gradientSquared = totals[GRADIENT];
    baseOwnSquared = fromOwners[WEIGHTS];
    for (int i = 0; i < pairs; i++) {
      stepGradient[slot(i)] = totals[FIXED + 2 * i];
      changeGradient[slot(i)] = totals[FIXED + 2 * i + 1];
    }
  }

  @Override
  public double baseNorm() {
    return Math.sqrt(gradientSquared);
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
    // q = g − Σ a·y; of r = γD⁻¹q + Σ c·s only products are needed until all coefficients are
    // known.
    for (int i = 0; i < pairs; i++) {
      int slot = slot(i);
      double product = stepGradient[slot];
      for (int j = 0; j < i; j++) {
        product -= a[slot(j)] * sy[slot][slot(j)];
      }
      a[slot] = product / sy[slot][slot];
    }
    double scale = pairs > 0 ? gamma : firstScale;
    double towards = gradientSquared;
    for (int i = 0; i < pairs; i++) {
      towards -= a[slot(i)] * changeGradient[slot(i)];
    }
    towards *= scale;
    for (int i = pairs - 1; i >= 0; i--) {
      int slot = slot(i);
      double product = changeGradient[slot];
      for (int j = 0; j < pairs; j++) {
        product -= a[slot(j)] * yy[slot][slot(j)];
      }
      product *= scale;
      for (int j = pairs - 1; j > i; j--) {
        product += c[slot(j)] * sy[slot(j)][slot];
      }
      c[slot] = a[slot] - product / sy[slot][slot];
      towards += c[slot] * stepGradient[slot];
    }
    if (!(towards > 0)) {
      pairs = 0;
      scale = firstScale;
      towards = firstScale * gradientSquared;
    }
    direction.copyFrom(baseGradient);
    for (int i = 0; i < pairs; i++) {
      dense.axpy((float) -a[slot(i)], changes[slot(i)], direction);
    }
    metric.divide(direction, direction);
    dense.scale((float) scale, direction);
    for (int i = pairs - 1; i >= 0; i--) {
      dense.axpy((float) c[slot(i)], steps[slot(i)], direction);
    }
    return -towards;
  }

  @Override
  public void move(double alpha, Floats weights) {
    weights.copyFrom(base);
    if (alpha != 0) {
      dense.axpy((float) -alpha, direction, weights);
    }
  }

  /// Behind the first three: gᵀD⁻¹g, w·w of all own coordinates, then by pair, newest first, s·g,
  /// yᵀD⁻¹g and its rows of sy and yy.
  @Override
  public double[] numbers() {
    double[] numbers = new double[length(pairs)];
    numbers[0] = pairs;
    numbers[1] = newest;
    numbers[2] = gamma;
    numbers[HEAD] = gradientSquared;
    numbers[HEAD + 1] = baseOwnSquared;
    int at = HEAD + 2;
    for (int i = 0; i < pairs; i++) {
      numbers[at++] = stepGradient[slot(i)];
      numbers[at++] = changeGradient[slot(i)];
      for (int j = 0; j < pairs; j++) {
        numbers[at++] = sy[slot(i)][slot(j)];
        numbers[at++] = yy[slot(i)][slot(j)];
      }
    }
    return numbers;
  }

  private static int length(int count) {
    return HEAD + 2 + 2 * count * (1 + count);
  }

  @Override
  public void restore(double[] numbers) {
    if (numbers[0] < 0 || numbers[0] > history) {
      throw new IllegalArgumentException("solver lbfgs has other numbers");
    }
    Optimizer.check("lbfgs", numbers, length((int) numbers[0]));
    pairs = (int) numbers[0];
    newest = (int) numbers[1];
    gamma = numbers[2];
    gradientSquared = numbers[HEAD];
    baseOwnSquared = numbers[HEAD + 1];
    int at = HEAD + 2;
    for (int i = 0; i < pairs; i++) {
      stepGradient[slot(i)] = numbers[at++];
      changeGradient[slot(i)] = numbers[at++];
      for (int j = 0; j < pairs; j++) {
        sy[slot(i)][slot(j)] = numbers[at++];
        yy[slot(i)][slot(j)] = numbers[at++];
      }
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
