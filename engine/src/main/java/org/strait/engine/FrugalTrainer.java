package org.strait.engine;

import java.util.List;
import java.util.function.LongSupplier;
import org.strait.engine.data.Dataset;
import org.strait.engine.exchange.LinkBytes;
import org.strait.engine.exchange.Star;
import org.strait.engine.ledger.MessageKind;
import org.strait.engine.metrics.Metrics;
import org.strait.engine.metrics.StepMetrics;
import org.strait.engine.model.Replica;
import org.strait.engine.solver.RowObjective;
import org.strait.engine.solver.SitePart;
import org.strait.memory.Doubles;
import org.strait.memory.HostMemory;

/// Trains a linear model with a smooth convex loss over data centres that are far apart, with few
/// bytes: one message each way per step between every data centre and a hub, whose vectors are
/// coded with two to four bits a weight (docs/algorithms.md, "frugal"). Sums, objectives and
/// weights are float64; the minimum is that of {@link ConvexTrainer}.
///
/// 1. The DCs agree which features two or more of them have ({@link Vocabulary}). Only these
///   travel; every DC finds the best weights of its own features by itself ({@link SitePart}).
/// 2. A leaf sends the change of its gradient since what it sent before, rounded in the metric of
///   the curvature, and its exact part of the objective ({@link FrugalLeaf}).
/// 3. The hub adds up, takes a quasi-Newton step preconditioned with the Hessian of its own rows
///   and the variances of all, and sends it, rounded: everybody takes what it was rounded to
///   ({@link FrugalHub}).
/// 4. At the end weights are rounded to steps that cost next to nothing of the objective, measured
///   exactly, and own weights travel ({@link WeightRounding}).
public final class FrugalTrainer {
  /// Name of the solver.
  public static final String NAME = "frugal";

  private static final int HUB = 0;
  private static final int ROWS = 1;

  private final Session session;
  private final Dataset rows;
  private final Replica replica;
  private final TrainingConfig config;
  private final Metrics metrics;
  private final LongSupplier nanoTime;
  private final long bytesBefore;
  private final StepMetrics stepMetrics = new StepMetrics();
  private RowObjective objective;
  private Star star;
  private FrugalEnd end;
  private ConvexCheckpoints checkpoints;
  private long startNanos;
  private long round;

  /// @param rows of this rank
  /// @param replica of all features; its weights are 0 at first
  /// @param nanoTime clock, usually System::nanoTime
  /// @param bytesBefore what the session had sent to other DCs before this training
  public FrugalTrainer(
      Session session,
      Dataset rows,
      Replica replica,
      TrainingConfig config,
      Metrics metrics,
      LongSupplier nanoTime,
      long bytesBefore) {
    this.session = session;
    this.rows = rows;
    this.replica = replica;
    this.config = config;
    this.metrics = metrics;
    this.nanoTime = nanoTime;
    this.bytesBefore = bytesBefore;
  }

  /// Keeps checkpoints, and goes on from one if it is told to.
  public void keep(ConvexCheckpoints kept) {
    checkpoints = kept;
  }

  /// Trains from zero weights, or a checkpoint's, until the target, the tolerance, the bound or the
  /// precision of float64 is reached, and leaves the weights in the replica.
  ///
  /// @throws DivergedException if the objective is no number, or has no minimum
  public TrainingReport run() {
    startNanos = nanoTime.getAsLong();
    round = checkpoints == null ? 0 : checkpoints.begin();
    try (HostMemory memory = session.memory().child("frugal solver");
        ExactSums inside = session.exactSumsHere(0)) {
      Doubles known = memory.doubles(2);
      known.set(ROWS, rows.rows());
      inside.scalars(known);
      if (session.isGateway()) {
        star = session.star(rows.features(), known.get(ROWS));
        tellRows(known);
      }
      session.fromGateway(known.segment());
      if (known.get(ROWS) == 0) {
        throw new IllegalArgumentException("there are no rows to train on");
      }
      boolean hub = session.dc() == (int) known.get(HUB);
      Vocabulary vocabulary = Vocabulary.agree(session, star, hub, rows, memory);
      Dataset local = vocabulary.local(rows, memory);
      objective =
          new RowObjective(
              local,
              replica.model().name(),
              0,
              false,
              session.backend().sparse(),
              inside,
              known.get(ROWS),
              memory);
      SitePart site = new SitePart(objective, vocabulary.shared(), config.l2(), memory);
      if (checkpoints != null) {
        checkpoints.fill(site.weights());
      }
      StarVectors letters =
          star == null
              ? null
              : new StarVectors(
                  star,
                  vocabulary,
                  session.backend().codec(),
                  session.deadline("exchange between data centres"),
                  memory);
      FrugalRank rank =
          new FrugalRank(session, letters, vocabulary, site, config, replica, this::step, memory);
      rank.keep(checkpoints, round);
      end = hub ? new FrugalHub(rank, memory).run() : new FrugalLeaf(rank, memory).run();
      stepMetrics.set(
          round, seconds(), end.objective(), allRows(), session.wanBytesSent() - bytesBefore, 0);
      return new TrainingReport(
          end.reason(),
          end.converged(),
          round,
          seconds(),
          end.objective(),
          end.objective() - end.penalty(),
          allRows(),
          seconds());
    } finally {
      if (star != null) {
        star.close();
      }
    }
  }

  /// The hub, and the rows of all data centres.
  private void tellRows(Doubles known) {
    if (star != null) {
      double all = 0;
      for (int p = 0; p < star.dcs(); p++) {
        all += star.weight(p);
      }
      known.set(HUB, star.hub());
      known.set(ROWS, all);
    }
  }

  /// Counts a point that was tried; one that was taken is recorded.
  private void step(boolean taken, double value) {
    round++;
    if (taken) {
      stepMetrics.set(round, seconds(), value, allRows(), session.wanBytesSent() - bytesBefore, 0);
      metrics.record(stepMetrics);
    }
  }

  /// Name and settings of the solver.
  public String name() {
    return "frugal (hub-preconditioned L-BFGS, float64)";
  }

  /// What travelled, for people, after {@link #run}.
  public String exchange() {
    return star == null ? "local" : "star, rounded differences, hub " + end.hub();
  }

  /// The relative gap that strong convexity proves, from exact norms of all rounding errors;
  /// infinite where there is no penalty.
  public double provenGap() {
    return end.provenGap();
  }

  /// Bytes sent about features, weights, or else steps; null if there were none.
  public LinkBytes links(MessageKind kind) {
    return star == null ? null : star.links(kind);
  }

  /// Kinds of messages there are.
  public static List<MessageKind> kinds() {
    return List.of(MessageKind.FEATURES, MessageKind.STEP, MessageKind.WEIGHTS);
  }

  /// What it took, after {@link #run}.
  public ConvexTrainer.Work work() {
    return new ConvexTrainer.Work(
        round,
        objective.evaluations(),
        objective.curvatureProducts(),
        star == null ? 0 : star.vectors());
  }

  /// Figures of the last step.
  public StepMetrics lastStep() {
    return stepMetrics;
  }

  private long allRows() {
    return rows.rows() * (objective.evaluations() + objective.curvatureProducts());
  }

  private double seconds() {
    return (nanoTime.getAsLong() - startNanos) / 1e9;
  }
}
