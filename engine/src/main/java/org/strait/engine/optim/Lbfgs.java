package org.strait.engine.optim;

import java.util.List;
import org.strait.kernels.DenseOps;
import org.strait.memory.Doubles;
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
/// Base, pairs and direction are the business of a {@link PairMemory}.
final class Lbfgs implements Optimizer, OwnSums {
  private static final double ARMIJO = 1e-4;
  private static final int HEAD = 3;
  private static final int NUMBERS = 10;
  private static final double SLACK = 1e-9;
  private static final double FIRST_SCALE = 0.1;
  private static final double MIN_CURVATURE_IN_STEP = 1e-4;
  private static final double MIN_CURVATURE_IN_GRADIENT = 1e-6;

  private final int history;
  private final PairMemory memory;
  private final GramPairs gram;
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

  private Lbfgs(int history, PairMemory memory, GramPairs gram) {
    this.history = history;
    this.memory = memory;
    this.gram = gram;
  }

  /// For n coordinates that every replica has.
  ///
  /// @param history pairs kept, at least 1
  static Lbfgs whole(long n, int history, Metric metric, DenseOps dense, HostMemory memory) {
    return new Lbfgs(check(history), new TwoLoopPairs(n, history, metric, dense, memory), null);
  }

  /// For n local coordinates, of which all replicas have the first {@code shared} and only those of
  /// this DC the others.
  static Lbfgs split(
      long n, long shared, int history, Metric metric, DenseOps dense, HostMemory memory) {
    GramPairs gram = new GramPairs(n, shared, check(history), metric, dense, memory);
    return new Lbfgs(history, gram, gram);
  }

  private static int check(int history) {
    if (history < 1) {
      throw new IllegalArgumentException("L-BFGS history is " + history + ", needs at least 1");
    }
    return history;
  }

  /// Whether a pair's curvature sᵀy is safely positive.
  static boolean isGood(double sy, double stepSquared, double changeSquared) {
    return sy > MIN_CURVATURE_IN_STEP * stepSquared
        && sy > MIN_CURVATURE_IN_GRADIENT * changeSquared
        && Double.isFinite(changeSquared);
  }

  @Override
  public String name() {
    return "lbfgs (history " + history + ", Jacobi metric)";
  }

  @Override
  public void observe(double objective, Floats gradient, Floats weights) {
    if (measuresBase()) {
      accepted = true;
    } else {
      accepted =
          objective <= baseObjective + ARMIJO * alpha * slope + SLACK * Math.abs(baseObjective);
      memory.remember(gradient, weights);
    }
    if (accepted) {
      memory.rebase(gradient, weights);
      baseObjective = objective;
      baseNorm = memory.baseNorm();
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
    if (memory.pairs() == 0 && alpha < 1) {
      firstScale *= alpha;
      alpha = 1;
    }
    slope = memory.findDirection(firstScale);
    if (accepted) {
      decrementBefore = decrement;
      decrement = -slope / 2;
    }
  }

  /// Whether the point under way is the base itself.
  private boolean measuresBase() {
    return refining || Double.isNaN(baseObjective);
  }

  @Override
  public void advance(Floats weights) {
    memory.move(refining ? 0 : alpha, weights);
  }

  @Override
  public void settle(Floats weights) {
    memory.move(0, weights);
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
            || (memory.pairs() >= Math.min(3, history)
                && decrement <= enough
                && decrementBefore <= enough));
  }

  /// Keeps only the scale that steps without pairs had to be shortened to.
  @Override
  public void restart() {
    memory.clear();
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
    double[] pairs = memory.numbers();
    double[] numbers = new double[NUMBERS + pairs.length];
    System.arraycopy(pairs, 0, numbers, 0, HEAD);
    System.arraycopy(pairs, HEAD, numbers, HEAD + NUMBERS, pairs.length - HEAD);
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
    return numbers;
  }

  /// The base, then the pairs, newest first. Without a base there is nothing: the direction is
  /// always found anew before it is used.
  @Override
  public List<Floats> memories() {
    return memory.memories(!Double.isNaN(baseObjective));
  }

  @Override
  public void restore(double[] numbers) {
    if (numbers.length < HEAD + NUMBERS) {
      throw new IllegalArgumentException("solver lbfgs has other numbers");
    }
    double[] pairs = new double[numbers.length - NUMBERS];
    System.arraycopy(numbers, 0, pairs, 0, HEAD);
    System.arraycopy(numbers, HEAD + NUMBERS, pairs, HEAD, pairs.length - HEAD);
    memory.restore(pairs);
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
  }

  @Override
  public int ownSums() {
    return gram.sums(measuresBase());
  }

  @Override
  public int mostOwnSums() {
    return GramPairs.mostSums(history);
  }

  @Override
  public void measureOwn(Floats gradient, Floats weights, Doubles out) {
    gram.measureOwn(measuresBase(), gradient, weights, out);
  }

  @Override
  public void takeOwn(Doubles sums) {
    gram.take(sums);
  }

  @Override
  public double ownWeightsSquared() {
    return gram.ownWeightsSquared();
  }

  @Override
  public double settledOwnWeightsSquared() {
    return gram.baseOwnWeightsSquared();
  }

  private void shorten(double objective) {
    rejections++;
    double excess = objective - baseObjective - alpha * slope;
    double interpolated =
        excess > 0 && Double.isFinite(excess) ? -slope * alpha * alpha / (2 * excess) : 0;
    alpha = Math.max(0.1 * alpha, Math.min(0.5 * alpha, interpolated));
    if (rejections % 2 == 0) {
      if (rejections >= 4) {
        memory.forget();
      }
      refining = true;
    }
  }
}
