package org.strait.engine;

import java.util.function.LongSupplier;
import java.util.zip.CRC32C;
import org.strait.engine.data.Dataset;
import org.strait.engine.data.Shard;
import org.strait.engine.metrics.Metrics;
import org.strait.engine.metrics.StepMetrics;
import org.strait.engine.model.Model;
import org.strait.engine.model.Replica;
import org.strait.engine.solver.DataObjective;
import org.strait.engine.solver.FrequentFirst;
import org.strait.engine.solver.Solver;
import org.strait.engine.solver.Solvers;
import org.strait.memory.Doubles;
import org.strait.memory.Floats;
import org.strait.memory.HostMemory;

/// Trains a linear model, of one score a row or of several, in float64 with a solver of {@link
/// Solvers}, beside {@link Trainer}, whose loop is of single steps: here the solver holds the loop,
/// and every value, gradient and product is a sum over all ranks of all data centres. A round is a
/// step of the solver. All ranks hold the same weights; checksums of them travel at the end.
public final class ConvexTrainer {
  private final Session session;
  private final Shard shard;
  private final Replica replica;
  private final ExactSums sums;
  private final String solverName;
  private final double l1;
  private final TrainingConfig config;
  private final Metrics metrics;
  private final LongSupplier nanoTime;
  private final long bytesBefore;
  private final StepMetrics stepMetrics = new StepMetrics();
  private long startNanos;
  private long round;
  private double gap;
  private String name = "";
  private Work work = new Work(0, 0, 0, 0);
  private DataObjective objective;
  private ConvexCheckpoints checkpoints;
  private Doubles weights;
  private long roundsBefore;

  /// What a training took.
  ///
  /// @param steps of the solver
  /// @param evaluations passes over all rows for the objective, most with its gradient
  /// @param products passes for products with the Hessian, and for its diagonal
  /// @param vectors summed over data centres
  public record Work(long steps, long evaluations, long products, long vectors) {}

  /// @param sums of as many elements as the model has weights, made by the session
  /// @param solver one of {@link Solvers#NAMES}
  /// @param l1 weight of |w|₁
  /// @param nanoTime clock, usually System::nanoTime
  /// @param bytesBefore what the session had sent to other DCs before this training
  public ConvexTrainer(
      Session session,
      Shard shard,
      Replica replica,
      ExactSums sums,
      String solver,
      double l1,
      TrainingConfig config,
      Metrics metrics,
      LongSupplier nanoTime,
      long bytesBefore) {
    this.session = session;
    this.shard = shard;
    this.replica = replica;
    this.sums = sums;
    solverName = solver;
    this.l1 = l1;
    this.config = config;
    this.metrics = metrics;
    this.nanoTime = nanoTime;
    this.bytesBefore = bytesBefore;
  }

  /// Keeps checkpoints, and goes on from one if it is told to.
  public void keep(ConvexCheckpoints kept) {
    checkpoints = kept;
  }

  /// Counts rounds from here on, where another solver has left off.
  public void startAfter(long rounds) {
    roundsBefore = rounds;
  }

  /// Trains from the replica's weights until the target, the tolerance, the bound or the precision
  /// of float64 is reached, and leaves the weights in the replica, rounded to float32.
  ///
  /// @throws DivergedException if the objective is no longer a number, or has no minimum
  public TrainingReport run() {
    startNanos = nanoTime.getAsLong();
    try (HostMemory memory = session.memory().child("convex solver")) {
      Model model = replica.model();
      Dataset data = shard.data();
      long penalised = model.penalised(replica.features());
      // Other ranks would have to number alike; several scores and an intercept have their places.
      boolean plain = model.outputs() == 1 && penalised == replica.weights().length();
      FrequentFirst order =
          plain && sums.ranks() == 1 && FrequentFirst.pays(data) ? FrequentFirst.of(data) : null;
      objective =
          DataObjective.of(
              order == null ? data : order.rows(data, memory),
              model.name(),
              model.outputs(),
              penalised,
              config.l2(),
              session.backend().sparse(),
              sums,
              memory);
      long n = objective.length();
      Solver solver = Solvers.named(solverName, n, l1, memory);
      name = solver.name();
      weights = memory.doubles(n);
      Floats rounded = replica.weights();
      toSolver(order, rounded, weights);
      round = roundsBefore;
      if (checkpoints != null) {
        sums.ask(() -> checkpoints.due(round + 1));
        round = Math.max(round, checkpoints.begin());
        checkpoints.fill(weights);
      }
      gap = Double.POSITIVE_INFINITY;
      Solver.End end = solver.minimise(objective, weights, this::more);
      toReplica(order, weights, rounded);
      toSolver(order, rounded, weights);
      double absolute = 0;
      for (long j = 0; j < n; j++) {
        absolute += j < objective.penalised() ? Math.abs(rounded.get(j)) : 0;
      }
      checkReplicasAgree(memory);
      double smooth = objective.value(weights);
      double value = smooth + l1 * absolute;
      boolean reached = stepMetrics.objective() <= config.target();
      // What is kept of the last step is said of the weights that are left, in float32.
      stepMetrics.set(round, seconds(), value, rows(), session.wanBytesSent() - bytesBefore, 0);
      work =
          new Work(round, objective.evaluations(), objective.curvatureProducts(), sums.vectors());
      boolean target = value <= config.target() || reached;
      boolean tolerance = gap <= config.tolerance();
      boolean precise = end == Solver.End.PRECISION;
      return new TrainingReport(
          target ? "target reached" : reason(end, tolerance),
          target || (Double.isNaN(config.target()) && (tolerance || precise)),
          round,
          seconds(),
          value,
          objective.withoutPenalty(smooth, weights),
          rows(),
          seconds());
    }
  }

  private static void toSolver(FrequentFirst order, Floats given, Doubles weights) {
    if (order != null) {
      order.toPlaces(given, weights);
      return;
    }
    for (long j = 0; j < weights.length(); j++) {
      weights.set(j, given.get(j));
    }
  }

  private static void toReplica(FrequentFirst order, Doubles weights, Floats rounded) {
    if (order != null) {
      order.fromPlaces(weights, rounded);
      return;
    }
    for (long j = 0; j < weights.length(); j++) {
      rounded.set(j, (float) weights.get(j));
    }
  }

  /// Name and settings of the solver, after {@link #run}.
  public String name() {
    return name;
  }

  /// What it took, after {@link #run}.
  public Work work() {
    return work;
  }

  /// Figures of the last step.
  public StepMetrics lastStep() {
    return stepMetrics;
  }

  private static String reason(Solver.End end, boolean tolerance) {
    return switch (end) {
      case PRECISION -> "precision reached";
      case STALLED -> "no progress";
      case WATCH -> tolerance ? "tolerance reached" : "round limit";
    };
  }

  private boolean more(double value, double estimatedGap) {
    round++;
    gap = estimatedGap;
    stepMetrics.set(round, seconds(), value, rows(), session.wanBytesSent() - bytesBefore, 0);
    metrics.record(stepMetrics);
    if (!Double.isFinite(value)) {
      throw new DivergedException(
          "the objective is " + value + " in round " + round + ": scale the features");
    }
    if (config.l2() == 0 && l1 == 0 && objective.separated()) {
      throw new DivergedException(
          "the rows are separable and l2 is 0: every row lies on its right side, so larger weights"
              + " are always better and there is no minimum; give --l2 a value above 0");
    }
    boolean goesOn =
        round < config.maxRounds() && !(value <= config.target()) && !(gap <= config.tolerance());
    if (checkpoints != null) {
      boolean due = sums.links() == null ? checkpoints.due(round) : sums.wished();
      if (due && goesOn) {
        checkpoints.save(round, weights);
      }
    }
    return goesOn;
  }

  private long rows() {
    return shard.rows() * (objective.evaluations() + objective.curvatureProducts());
  }

  /// Sums of 32-bit checksums are exact in float64: all agree iff the sum is ranks times ours.
  private void checkReplicasAgree(HostMemory memory) {
    CRC32C checksum = new CRC32C();
    checksum.update(replica.weights().segment().asByteBuffer());
    Doubles sum = memory.doubles(1);
    sum.set(0, (double) checksum.getValue());
    sums.scalars(sum);
    double expected = (double) sums.ranks() * checksum.getValue();
    if (sum.get(0) != expected) {
      throw new IllegalStateException(
          "this rank's weights differ from those of other ranks (checksums add up to "
              + sum.get(0)
              + ", expected "
              + expected
              + ")");
    }
  }

  private double seconds() {
    return (nanoTime.getAsLong() - startNanos) / 1e9;
  }
}
