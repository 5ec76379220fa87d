package org.strait.engine;

import java.lang.foreign.ValueLayout;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.List;
import java.util.function.LongSupplier;
import org.strait.engine.data.Shard;
import org.strait.engine.exchange.ByteRound;
import org.strait.engine.exchange.ExchangeException;
import org.strait.engine.exchange.LinkBytes;
import org.strait.engine.ledger.MessageKind;
import org.strait.engine.metrics.Metrics;
import org.strait.engine.metrics.StepMetrics;
import org.strait.engine.model.Replica;
import org.strait.memory.Doubles;
import org.strait.memory.Floats;
import org.strait.memory.HostMemory;

/// Trains in one data centre on the rows that {@link RowShipment} brought there, by Newton's
/// method, and sends the model to all others, who hear of every step meanwhile (a few scalars).
public final class CentralizedTrainer {
  private static final ValueLayout.OfFloat F32 =
      ValueLayout.JAVA_FLOAT_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);

  private static final List<String> REASONS =
      List.of(
          "target reached", "precision reached", "tolerance reached", "round limit", "no progress");

  /// What the others hear: where training stands, and once how it ended.
  private static final int STATE = 0;

  private static final int ROUND = 1;
  private static final int OBJECTIVE = 2;
  private static final int LOSS = 3;
  private static final int CONVERGED = 4;
  private static final int REASON = 5;
  private static final int STATUS = 6;

  private static final double STEP = 1;
  private static final double END = 2;
  private static final double DIVERGED = 3;

  private final Session session;
  private final RowShipment.Shipped shipped;
  private final Replica replica;
  private final TrainingConfig config;
  private final Metrics metrics;
  private final LongSupplier nanoTime;
  private final long bytesBefore;
  private final List<LinkBytes> links = new ArrayList<>();
  private final StepMetrics stepMetrics = new StepMetrics();
  private ConvexTrainer trainer;
  private Doubles status;
  private ExactSums all;
  private final long startNanos;
  private long steps;

  /// @param shipped where the rows are
  /// @param replica of as many rows as this rank then has
  /// @param nanoTime clock, usually System::nanoTime
  /// @param startNanos when the rows began to travel, by that clock: seconds are since then
  /// @param bytesBefore what the session had sent to other DCs before rows were
  public CentralizedTrainer(
      Session session,
      RowShipment.Shipped shipped,
      Replica replica,
      TrainingConfig config,
      Metrics metrics,
      LongSupplier nanoTime,
      long startNanos,
      long bytesBefore) {
    this.session = session;
    this.shipped = shipped;
    this.replica = replica;
    this.config = config;
    this.metrics = metrics;
    this.nanoTime = nanoTime;
    this.startNanos = startNanos;
    this.bytesBefore = bytesBefore;
  }

  /// Trains, or waits for the model. All ranks of all DCs call it.
  ///
  /// @throws DivergedException in all of them, if the objective has no minimum
  public TrainingReport run() {
    long n = replica.weights().length();
    try (HostMemory memory = session.memory().child("centralised training");
        ExactSums sums = session.exactSums(n)) {
      all = sums;
      status = memory.doubles(STATUS);
      TrainingReport report = shipped.site() == session.dc() ? train(n) : follow();
      fetch(memory);
      if (sums.links() != null) {
        links.add(sums.links());
      }
      return report;
    }
  }

  /// Name and settings of the solver, after {@link #run}.
  public String name() {
    return "centralized: rows to "
        + session.topology().dcs().get(shipped.site()).name()
        + (trainer == null ? "" : ", " + trainer.name());
  }

  /// What it took here, after {@link #run}.
  public ConvexTrainer.Work work() {
    return trainer == null ? new ConvexTrainer.Work(steps, 0, 0, 0) : trainer.work();
  }

  /// Figures of the last step.
  public StepMetrics lastStep() {
    return stepMetrics;
  }

  /// Bytes posted to other DCs by purpose, rows not included; empty on ranks that are not gateways.
  public List<LinkBytes> links() {
    return List.copyOf(links);
  }

  private TrainingReport train(long n) {
    try (ExactSums here = session.exactSumsHere(n)) {
      trainer =
          new ConvexTrainer(
              session,
              Shard.full(shipped.rows()),
              replica,
              here,
              "tron",
              0,
              config,
              this::tell,
              nanoTime,
              bytesBefore);
      TrainingReport report = trainer.run();
      double round = (double) report.rounds();
      double converged = report.converged() ? 1 : 0;
      int reason = REASONS.indexOf(report.reason());
      say(END, round, report.objective(), report.loss(), converged, reason);
      note(report.rounds(), report.objective());
      return new TrainingReport(
          report.reason(),
          report.converged(),
          report.rounds(),
          seconds(),
          report.objective(),
          report.loss(),
          report.rows(),
          report.gradientSeconds());
    } catch (DivergedException e) {
      say(DIVERGED, 0, 0, 0, 0, 0);
      throw e;
    }
  }

  private void tell(StepMetrics step) {
    say(STEP, (double) step.round(), step.objective(), 0, 0, 0);
    note(step.round(), step.objective());
    metrics.record(stepMetrics);
  }

  private void note(long round, double objective) {
    long sent = session.wanBytesSent() - bytesBefore;
    stepMetrics.set(round, seconds(), objective, shipped.rows().rows(), sent, 0);
  }

  /// One rank says it; the sums are what it said.
  private void say(double... words) {
    status.fill(0);
    for (int i = 0; i < words.length && session.isGateway(); i++) {
      status.set(i, words[i]);
    }
    all.scalars(status);
  }

  private TrainingReport follow() {
    while (true) {
      say();
      double state = status.get(STATE);
      if (state == DIVERGED) {
        throw new DivergedException(
            "training in "
                + session.topology().dcs().get(shipped.site()).name()
                + " found no minimum; see what is said there");
      }
      steps = (long) status.get(ROUND);
      note(steps, status.get(OBJECTIVE));
      if (state == END) {
        int reason = (int) status.get(REASON);
        return new TrainingReport(
            reason >= 0 && reason < REASONS.size() ? REASONS.get(reason) : "ended",
            status.get(CONVERGED) == 1,
            steps,
            seconds(),
            status.get(OBJECTIVE),
            status.get(LOSS),
            0,
            0);
      }
      if (state != STEP) {
        throw new ExchangeException("nobody trains: a status of " + state);
      }
      metrics.record(stepMetrics);
    }
  }

  /// The model goes to all who did not train.
  private void fetch(HostMemory memory) {
    Floats weights = replica.weights();
    if (session.isGateway()) {
      long bytes = weights.length() * Floats.BYTES;
      try (ByteRound round = session.byteRound(MessageKind.WEIGHTS, bytes, memory)) {
        links.add(round.links());
        round.exchange(0); // says how long what follows may be
        boolean here = shipped.site() == session.dc();
        for (long j = 0; here && j < weights.length(); j++) {
          round.own().segment().set(F32, j * Floats.BYTES, weights.get(j));
        }
        round.exchange(here ? bytes : 0);
        if (!here) {
          take(round, weights);
        }
      }
    }
    session.fromGateway(weights.segment());
  }

  private void take(ByteRound round, Floats weights) {
    int site = shipped.site();
    if (round.bytes(site) != weights.length() * Floats.BYTES) {
      throw new ExchangeException(
          round.name(site)
              + " sent a model of "
              + round.bytes(site)
              + " bytes, expected "
              + weights.length() * Floats.BYTES);
    }
    for (long j = 0; j < weights.length(); j++) {
      float weight = round.message(site).segment().get(F32, j * Floats.BYTES);
      if (!Float.isFinite(weight)) {
        throw new ExchangeException(round.name(site) + " sent the weight " + weight);
      }
      weights.set(j, weight);
    }
  }

  private double seconds() {
    return (nanoTime.getAsLong() - startNanos) / 1e9;
  }
}
