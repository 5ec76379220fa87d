package org.strait.engine;

import java.nio.ByteBuffer;
import java.util.function.LongSupplier;
import java.util.zip.CRC32C;
import org.strait.engine.data.Batch;
import org.strait.engine.data.Shard;
import org.strait.engine.exchange.QuorumLostException;
import org.strait.engine.exchange.RoundReport;
import org.strait.engine.metrics.Metrics;
import org.strait.engine.metrics.StepMetrics;
import org.strait.engine.model.Replica;
import org.strait.engine.optim.Optimizer;
import org.strait.engine.optim.OwnSums;
import org.strait.kernels.DenseOps;
import org.strait.memory.Doubles;
import org.strait.memory.Floats;

/// The every-step loop of one rank: every rank of every data centre enters a step with the same
/// weights and leaves it with the same weights, bit for bit. {@link #step} is the page to read
/// first.
public final class Trainer {
  private static final int ROWS = Averager.ROWS;
  private static final int LOSS = 1;
  private static final int CHECKSUM = 2;
  private static final int SAVE = 3;
  private static final int CHANGES = 4;
  private static final int RANKS = 5;
  private static final int SUMS = 6;
  private static final int TARGET_CHECK_ROUNDS = 16;

  private final Shard shard;
  private final Replica replica;
  private final Averager averager;
  private final Optimizer optimizer;
  private final Metrics metrics;
  private final TrainingConfig config;
  private final LongSupplier nanoTime;
  private final DenseOps dense;
  private OwnCoordinates own;
  private Runnable beforeFarewell = () -> {};
  private Doubles[] sumsByOwn;
  private Doubles[] travellingByOwn;
  private Doubles sums;
  private Doubles travelling;
  private int ownSums;
  private Floats commonWeights;
  private Floats penalised;
  private Floats penalisedGradient;
  private ByteBuffer weightBytes;
  private final CRC32C checksum = new CRC32C();
  private final StepMetrics stepMetrics = new StepMetrics();
  private final Session session;
  private final long bytesBefore;
  private Checkpoints checkpoints;
  private boolean save;
  private double changes = -1;
  private double ranks = -1;
  private long startNanos;
  private long rowsOfDc;
  private long gradientNanos;
  private double ownLoss;

  /// @param session the ranks to train with
  /// @param averager of the model's length, made by the same session
  /// @param nanoTime clock, usually System::nanoTime
  /// @param bytesBefore what the session had sent to other DCs before this training
  public Trainer(
      Session session,
      Shard shard,
      Replica replica,
      Averager averager,
      Optimizer optimizer,
      TrainingConfig config,
      Metrics metrics,
      LongSupplier nanoTime,
      long bytesBefore) {
    this.session = session;
    this.bytesBefore = bytesBefore;
    this.shard = shard;
    this.replica = replica;
    this.averager = averager;
    this.optimizer = optimizer;
    this.config = config;
    this.metrics = metrics;
    this.nanoTime = nanoTime;
    dense = session.backend().dense();
    makeRoom(session.memory().doubles(SUMS), 0);
    commonWeights = replica.weights();
    penalised = replica.penalised(commonWeights);
    penalisedGradient = replica.penalised(replica.gradient());
    weightBytes = commonWeights.segment().asByteBuffer();
    averager.reference(replica.weights());
  }

  /// Room for a step's sums: with k own ones between those that travel and the last two.
  private void makeRoom(Doubles room, int mostOwn) {
    sumsByOwn = new Doubles[mostOwn + 1];
    travellingByOwn = new Doubles[mostOwn + 1];
    for (int k = 0; k <= mostOwn; k++) {
      sumsByOwn[k] = room.slice(0, SUMS + k);
      travellingByOwn[k] = room.slice(0, CHANGES + k);
    }
    sums = sumsByOwn[0];
    travelling = travellingByOwn[0];
  }

  /// Trains a replica that has the shared features and those of this DC alone: only the former
  /// travel, with an averager of that length.
  ///
  /// @param rows of all DCs
  /// @param atEnd called in all ranks when the weights are final, before ranks part
  /// @throws IllegalArgumentException if the optimiser needs all coordinates
  public void split(Support support, double rows, Runnable atEnd) {
    if (!(optimizer instanceof OwnSums known) || config.miniBatches()) {
      throw new IllegalArgumentException(
          optimizer.name() + " needs all features in every data centre");
    }
    Doubles room = session.memory().doubles(SUMS + known.mostOwnSums());
    makeRoom(room, known.mostOwnSums());
    own =
        new OwnCoordinates(
            replica, support.shared(), known, config.l2(), rows, dense, room, CHANGES);
    averager.split(own);
    beforeFarewell = atEnd;
    commonWeights = own.commonWeights();
    penalised = commonWeights;
    penalisedGradient = own.commonGradient();
    weightBytes = commonWeights.segment().asByteBuffer();
  }

  /// Keeps checkpoints from now on.
  public void keep(Checkpoints kept) {
    checkpoints = kept;
    changes = kept.state().changes();
    ranks = kept.state().ranks();
  }

  /// Steps until the target, the tolerance or the bound is reached; leaves the best point in the
  /// replica.
  ///
  /// @throws DivergedException if the objective is no longer a number
  public TrainingReport run() {
    startNanos = nanoTime.getAsLong();
    long round = checkpoints == null ? 1 : checkpoints.state().round() + 1;
    rowsOfDc = checkpoints == null ? 0 : checkpoints.state().rowsOfDc();
    while (step(round)) {
      round++;
    }
    optimizer.settle(replica.weights());
    double objective = config.miniBatches() ? objectiveOverAllRows() : optimizer.objective();
    double loss = objective - regularisation(true);
    beforeFarewell.run();
    averager.farewell();
    boolean target = objective <= config.target();
    boolean tolerance = optimizer.converged(config.tolerance());
    return new TrainingReport(
        target ? "target reached" : tolerance ? "tolerance reached" : "round limit",
        target || (Double.isNaN(config.target()) && tolerance),
        round,
        seconds(),
        objective,
        loss,
        rowsOfDc,
        gradientNanos * 1e-9);
  }

  /// One round. Returns whether another one follows.
  boolean step(long round) {
    long begun = nanoTime.getAsLong();
    Batch batch = shard.next(); // 1 rows of this rank
    double lossSum = replica.lossAndGradient(batch); // 2 sums over the batch, on the backend
    ownLoss = lossSum;
    gradientNanos += nanoTime.getAsLong() - begun;
    Floats gradient = replica.gradient();
    ownSums = own == null ? 0 : own.sums();
    sums = sumsByOwn[ownSums];
    travelling = travellingByOwn[ownSums];
    sums.set(ROWS, batch.totalWeight());
    sums.set(LOSS, lossSum);
    sums.set(CHECKSUM, (double) weightsChecksum());
    sums.set(SAVE, checkpoints != null && checkpoints.due(round) ? 1 : 0);

    averager.tolerate(config.errorBudget() * optimizer.gradientNorm());
    RoundReport wan = average(gradient, round); // 3 4 5 mean over all rows of all DCs that count
    checkReplicasAgree(round);
    restartIfOthersCount();
    save = sums.get(SAVE) > 0;

    double objective = addRegularisation();
    optimizer.observe(objective, gradient, replica.weights()); // 6
    checkFinite(round);
    boolean more = round < config.maxRounds() && !finished(round);
    if (more) {
      optimizer.advance(replica.weights());
    }
    // ---- everything below only reports and keeps ----
    report(round, wan); // 7
    if (checkpoints != null) {
      keep(round, more); // 8
    }
    return more;
  }

  private RoundReport average(Floats gradient, long round) {
    try {
      return averager.averageSums(gradient, sums, travelling);
    } catch (QuorumLostException e) {
      if (checkpoints != null) {
        checkpoints.saveBefore(round, rowsOfDc);
      }
      throw e;
    }
  }

  /// When a DC is lost or comes back the objective is another one.
  private void restartIfOthersCount() {
    boolean others =
        (ranks >= 0 && sums.get(RANKS + ownSums) != ranks)
            || (changes >= 0 && sums.get(CHANGES + ownSums) != changes);
    if (others) {
      optimizer.restart();
    }
    ranks = sums.get(RANKS + ownSums);
    changes = sums.get(CHANGES + ownSums);
  }

  private void keep(long round, boolean more) {
    checkpoints.state().saw(changes, ranks);
    if (more && save) {
      checkpoints.save(round, rowsOfDc);
    }
    if (more) {
      checkpoints.state().sendToAdmitted(round);
    } else if (averager.members() != null) {
      averager.members().expelAdmitted();
    }
  }

  /// Figures of the last step.
  public StepMetrics lastStep() {
    return stepMetrics;
  }

  private boolean finished(long round) {
    if (optimizer.converged(config.tolerance())) {
      return true;
    }
    boolean target = optimizer.objective() <= config.target();
    if (!target || !config.miniBatches()) {
      return target;
    }
    // A batch may be an easy one: all rows decide, but not in every step, for a pass costs time.
    return round % TARGET_CHECK_ROUNDS == 0 && objectiveOverAllRows() <= config.target();
  }

  private void checkFinite(long round) {
    if (!Double.isFinite(optimizer.objective())) {
      throw DivergedException.of(
          optimizer.objective(),
          "round " + round,
          ownLoss,
          session,
          checkpoints == null ? 0 : checkpoints.savedRound());
    }
  }

  /// Mean loss + λ/2·‖w‖² at the present weights, over all rows instead of a batch.
  private double objectiveOverAllRows() {
    sums.set(ROWS, shard.all().totalWeight());
    sums.set(LOSS, replica.loss(shard.all()));
    sums.set(CHECKSUM, 0);
    sums.set(SAVE, 0);
    averager.averageSums(replica.gradient().slice(0, 0), sums, travelling);
    return sums.get(LOSS) / sums.get(ROWS) + regularisation(false);
  }

  /// @param settled where the optimiser settles, else where it measured last
  private double regularisation(boolean settled) {
    double squared = dense.dot(penalised, penalised);
    return config.l2() / 2 * (own == null ? squared : squared + own.weightsSquared(settled));
  }

  /// Adds λ·w to the mean gradient and returns mean loss + λ/2·‖w‖².
  private double addRegularisation() {
    dense.axpy((float) config.l2(), penalised, penalisedGradient);
    return sums.get(LOSS) / sums.get(ROWS) + regularisation(false);
  }

  private long weightsChecksum() {
    checksum.reset();
    checksum.update(weightBytes.clear());
    return checksum.getValue();
  }

  /// Sums of 32-bit checksums are exact in float64: all agree iff the sum is ranks times ours.
  private void checkReplicasAgree(long round) {
    double expected = sums.get(RANKS + ownSums) * checksum.getValue();
    if (sums.get(CHECKSUM) != expected) {
      throw new IllegalStateException(
          "round "
              + round
              + ": this rank's weights differ from those of other ranks (checksums add up to "
              + sums.get(CHECKSUM)
              + ", expected "
              + expected
              + ")");
    }
  }

  private void report(long round, RoundReport wan) {
    rowsOfDc += (long) averager.weightOfDc();
    stepMetrics.set(
        round,
        seconds(),
        optimizer.objective(),
        rowsOfDc,
        session.wanBytesSent() - bytesBefore,
        wan.residualNorm());
    metrics.record(stepMetrics);
  }

  private double seconds() {
    return (nanoTime.getAsLong() - startNanos) / 1e9;
  }
}
