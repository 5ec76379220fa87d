package org.strait.engine.solver;

import org.strait.memory.Doubles;
import org.strait.memory.HostMemory;
import org.strait.memory.Ints;

/// A search whose steps one hub takes for all data centres. It knows the objective exactly and the
/// gradient nearly, since what others send of it is rounded; it answers with a step, rounded too.
/// Directions are those of L-BFGS whose first matrix is the inverse of {@link HubCurvature}, scaled
/// by the newest pair. Whether a point is taken is decided by exact objectives (Armijo).
///
/// A point that is not taken costs one more letter: back along the step. After some of those, back
/// to where it began: there the gradient has become better known, since every letter halves what
/// the rounding of the one before left of it, so that in the end a direction leads downhill or
/// float64 ends. All ranks of the hub's DC call this with the same bits and get the same.
public final class HubSearch {
  /// What the hub says next.
  public enum Word {
    /// Take a new step from here.
    STEP,
    /// Go to another point of the last step.
    BACK,
    /// This was the last point.
    END
  }

  private static final int HISTORY = 30;
  private static final double ARMIJO = 1e-4;
  private static final double NOISE = 2e-14;
  private static final int MOST_BACK = 4;
  private static final int MOST_RETURNS = 8;
  private static final int MOST_INNER = 30;
  private static final double INNER_LEFT = 0.1;
  private static final int SCALE_INNER = 10;
  private static final double SCALE_LEFT = 0.3;
  private static final double LEAST_SCALE = 1.0 / 64;
  private static final double MOST_SCALE = 1;

  /// A step of rounding as part of the root mean square: of long vectors, of those in between, of
  /// short ones, whose bytes are few beside those of the frames, and the least after steps that
  /// failed.
  private static final double LONG_PART = 0.4;

  private static final double PART = 0.2;
  private static final double SHORT_PART = 0.1;
  private static final long LONG = 16_384;
  private static final long SHORT = 2048;
  private static final double LEAST_PART = 0.01;
  private static final double RECOVERY = 1.15;

  private final HubCurvature curvature;
  private final SharedPairs pairs;
  private final Doubles root;
  private final Doubles gradient;
  private final Doubles direction;
  private final Doubles work;
  private final Ints numbers;
  private final double usualPart;
  private final Pace pace = new Pace();
  private double part;
  private double step;
  private double objective;
  private double slope;
  private double alpha;
  private double gap = Double.POSITIVE_INFINITY;
  private boolean started;
  private boolean ending;
  private boolean taken;
  private int backs;
  private int returns;

  /// @param rows of the hub's DC, the loss alone
  /// @param others over the shared coordinates, the others' curvature
  /// @param root of the metric that steps are rounded in
  /// @param alone whether there are no others
  public HubSearch(
      RowObjective rows,
      Doubles others,
      Doubles root,
      double l2,
      boolean alone,
      HostMemory memory) {
    curvature = new HubCurvature(rows, others, l2, alone, memory);
    this.root = root;
    long n = others.length();
    Doubles metric = memory.doubles(n);
    for (long j = 0; j < n; j++) {
      metric.set(j, root.get(j) * root.get(j));
    }
    pairs = new SharedPairs(HISTORY, metric, memory);
    gradient = memory.doubles(n);
    direction = memory.doubles(n);
    work = memory.doubles(n);
    numbers = memory.ints(n);
    usualPart = n < SHORT ? SHORT_PART : n < LONG ? PART : LONG_PART;
    part = usualPart;
  }

  /// What to do after the point that the last word led to, or the first.
  ///
  /// @param value the exact objective there
  /// @param there its gradient over the shared coordinates; not modified
  /// @param more what direction·(change of the gradient) lacks in it, per unit of alpha
  public Word next(double value, Doubles there, double more) {
    taken = false;
    if (!started) {
      started = true;
      return take(value, there);
    }
    if (alpha == 0) {
      gradient.copyFrom(there);
      pairs.forget();
      returns++;
      return ending || returns > MOST_RETURNS ? Word.END : direct();
    }
    double promised = alpha * slope;
    double rise = value - objective;
    if (Double.isFinite(value)) {
      pairs.add(alpha, direction, there, gradient, alpha * more);
    }
    boolean noise =
        Math.abs(rise) <= NOISE * Math.abs(objective)
            && Math.abs(promised) <= NOISE * Math.abs(objective);
    boolean accepted =
        noise ? Vectors.dot(there, there) < Vectors.dot(gradient, gradient) : downhill(rise);
    if (accepted) {
      returns = noise ? returns : 0;
      pace.gained(-rise);
      part = Math.min(usualPart, part * RECOVERY);
      return take(value, there);
    }
    part = Math.max(LEAST_PART, part / 2);
    backs++;
    ending = noise;
    double shorter = -promised / (2 * (rise - promised));
    double less = Double.isFinite(shorter) ? Math.max(0.1, Math.min(0.5, shorter)) : 0.1;
    alpha = noise || backs > MOST_BACK ? 0 : alpha * less;
    return Word.BACK;
  }

  private boolean downhill(double rise) {
    return rise <= ARMIJO * alpha * slope;
  }

  private Word take(double value, Doubles there) {
    taken = true;
    objective = value;
    gradient.copyFrom(there);
    return direct();
  }

  /// direction ← the rounded -H·gradient.
  private Word direct() {
    curvature.measure();
    backs = 0;
    alpha = 1;
    while (true) {
      double exact = solve();
      gap = pace.gap(-exact / 2, objective);
      roundDirection();
      slope = Vectors.dot(gradient, direction);
      if (slope < 0) {
        return Word.STEP;
      }
      if (pairs.count() == 0) {
        return Word.END;
      }
      pairs.forget();
    }
  }

  /// work ← -H·gradient before rounding; returns its slope.
  private double solve() {
    double scale = 1;
    if (pairs.count() > 0) {
      curvature.solve(pairs.lastChange(), work, SCALE_INNER, SCALE_LEFT);
      double inner = Vectors.dot(pairs.lastChange(), work);
      scale = Math.max(LEAST_SCALE, Math.min(MOST_SCALE, pairs.lastProduct() / inner));
    }
    work.copyFrom(gradient);
    pairs.before(work);
    curvature.solve(work, direction, MOST_INNER, INNER_LEFT);
    for (long j = 0; j < work.length(); j++) {
      work.set(j, scale * direction.get(j));
    }
    pairs.after(work);
    double exact = 0;
    for (long j = 0; j < work.length(); j++) {
      work.set(j, -work.get(j));
      exact += work.get(j) * gradient.get(j);
    }
    return exact;
  }

  private void roundDirection() {
    for (long j = 0; j < work.length(); j++) {
      work.set(j, work.get(j) * root.get(j));
    }
    step = Rounding.round(work, work.length(), part, numbers);
    for (long j = 0; j < work.length(); j++) {
      direction.set(j, numbers.get(j) * step / root.get(j));
    }
  }

  /// The direction of the last step, as all take it.
  public Doubles direction() {
    return direction;
  }

  /// It in steps of {@link #step} in the metric.
  public Ints numbers() {
    return numbers;
  }

  /// See {@link #numbers}.
  public double step() {
    return step;
  }

  /// How much of the direction to take.
  public double alpha() {
    return alpha;
  }

  /// The rounding of what others send next, as part of its root mean square.
  public double part() {
    return part;
  }

  /// Whether the last point was taken.
  public boolean taken() {
    return taken;
  }

  /// The objective at the best point so far, exact.
  public double objective() {
    return objective;
  }

  /// The gradient there, nearly.
  public Doubles gradient() {
    return gradient;
  }

  /// The relative distance to the minimum that the pace of the last steps lets expect.
  public double gap() {
    return gap;
  }
}
