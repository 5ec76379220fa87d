package org.strait.engine;

import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import java.util.function.LongSupplier;
import java.util.zip.CRC32C;
import org.strait.engine.adapt.Adapt;
import org.strait.engine.checkpoint.CheckpointFolder;
import org.strait.engine.collective.Collectives;
import org.strait.engine.compress.Compressor;
import org.strait.engine.data.Batch;
import org.strait.engine.data.Shard;
import org.strait.engine.exchange.ExchangeQueue;
import org.strait.engine.exchange.LinkBytes;
import org.strait.engine.exchange.QuorumLostException;
import org.strait.engine.exchange.Timing;
import org.strait.engine.metrics.Metrics;
import org.strait.engine.metrics.StepMetrics;
import org.strait.engine.model.Replica;
import org.strait.engine.optim.Optimizer;
import org.strait.engine.transport.Deadline;
import org.strait.kernels.DenseOps;
import org.strait.memory.Doubles;
import org.strait.memory.Floats;
import org.strait.memory.HostMemory;

/// The loop of one rank where data centres take steps of their own and average their progress now
/// and then ({@link LocalSteps}). The ranks of a data centre stay alike bit for bit, as in {@link
/// Trainer}; data centres differ between rounds, and all have the same common weights ({@link
/// Anchor}), which are the model. {@link #round} is the page to read first.
public final class LocalTrainer implements AutoCloseable {
  private static final int ROWS = 0;
  private static final int LOSS = 1;
  private static final int CHECKSUM = 2;
  private static final int SAVE = 2; // of a round of steps; a checksum travels when all is measured
  private static final int PARTIES = 3;
  private static final int OWN = 4; // Σ w² over own weights, where data centres have some
  private static final int TARGET_CHECK_ROUNDS = 16;

  private final Session session;
  private final Shard shard;
  private final Replica replica;
  private final Optimizer optimizer;
  private final LocalSteps steps;
  private final TrainingConfig config;
  private final Metrics metrics;
  private final LongSupplier nanoTime;
  private final long bytesBefore;
  private final HostMemory memory;
  private final Collectives intra;
  private final DenseOps dense;
  private final Floats penalised;
  private final Floats penalisedGradient;
  private final Floats common;
  private final Floats own;
  private final Floats commonPenalised;
  private final Anchor anchor;
  private final ExchangeQueue queue;
  private final List<Compressor> compressors = new ArrayList<>();
  private final long[] lengths;
  private final Floats mean;
  private final Doubles sums;
  private final Doubles ofRound;
  private final Doubles results;
  private final Deadline reducing;
  private final StepMetrics stepMetrics = new StepMetrics();
  private final CRC32C checksum = new CRC32C();
  private long startNanos;
  private long rowsOfDc;
  private long gradientNanos;
  private long localStep;
  private double objective = Double.NaN;
  private double loss = Double.NaN;
  private double residual;
  private long taken;
  private LocalState state;
  private LocalCheckpoints checkpoints;
  private LinkBytes resuming;
  private Adapt adapt;
  private Adaptation adaptation;
  private int period;
  private Runnable beforeFarewell = () -> {};

  /// A training of weights that all data centres have.
  ///
  /// @see #LocalTrainer(Session, Shard, Replica, long, boolean, Optimizer, LocalSteps, String,
  ///     TrainingConfig,
  ///     Metrics, LongSupplier, long)
  public LocalTrainer(
      Session session,
      Shard shard,
      Replica replica,
      Optimizer optimizer,
      LocalSteps steps,
      String compressor,
      TrainingConfig config,
      Metrics metrics,
      LongSupplier nanoTime,
      long bytesBefore) {
    this(
        session,
        shard,
        replica,
        replica.weights().length(),
        false,
        optimizer,
        steps,
        compressor,
        config,
        metrics,
        nanoTime,
        bytesBefore);
  }

  /// Opens one exchange for each fragment. All ranks of the job make one at the same time.
  ///
  /// @param commonWeights how many of the weights all data centres have, the first ones; the others
  ///     are this one's own, change by its steps alone and do not travel
  /// @param ownWeights whether any data centre has some
  /// @param optimizer of the local steps; one for mini-batches
  /// @param compressor what progress travels as
  /// @param nanoTime clock, usually System::nanoTime
  /// @param bytesBefore what the session had sent to other data centres before this training
  public LocalTrainer(
      Session session,
      Shard shard,
      Replica replica,
      long commonWeights,
      boolean ownWeights,
      Optimizer optimizer,
      LocalSteps steps,
      String compressor,
      TrainingConfig config,
      Metrics metrics,
      LongSupplier nanoTime,
      long bytesBefore) {
    if (commonWeights < steps.fragments()) {
      throw new IllegalArgumentException(
          steps.fragments() + " fragments of " + commonWeights + " weights");
    }
    common = replica.weights().slice(0, commonWeights);
    own = replica.weights().slice(commonWeights, replica.weights().length() - commonWeights);
    this.session = session;
    this.shard = shard;
    this.replica = replica;
    this.optimizer = optimizer;
    this.steps = steps;
    period = steps.period();
    this.config = config;
    this.metrics = metrics;
    this.nanoTime = nanoTime;
    this.bytesBefore = bytesBefore;
    intra = session.collectives();
    dense = session.backend().dense();
    penalised = replica.penalised(replica.weights());
    commonPenalised = penalised.slice(0, Math.min(penalised.length(), commonWeights));
    penalisedGradient = replica.penalised(replica.gradient());
    memory = session.memory().child("local steps");
    boolean opened = false;
    try {
      anchor = new Anchor(common, steps, dense, session.backend().update(), memory);
      lengths = new long[steps.fragments()];
      long longest = 0;
      for (int f = 0; f < lengths.length; f++) {
        lengths[f] = anchor.length(f);
        longest = Math.max(longest, lengths[f]);
      }
      mean = memory.floats(longest);
      int scalars = ownWeights ? OWN + 1 : OWN;
      sums = memory.doubles(scalars);
      ofRound = memory.doubles(scalars);
      results = memory.doubles(1);
      reducing = session.deadline("allreduce inside the data centre");
      queue =
          session.queue(lengths, compressor, steps.timing().ahead(), scalars, compressors, memory);
      for (int f = 0; f < compressors.size(); f++) {
        compressors.get(f).reference(anchor.common(f));
      }
      opened = true;
    } finally {
      if (!opened) {
        memory.close();
      }
    }
  }

  /// Does something in all ranks when the weights are final, before ranks part.
  public void atEnd(Runnable last) {
    beforeFarewell = last;
  }

  /// Keeps checkpoints from now on, or goes on from them.
  ///
  /// @param settings what a state must have in common with this training to go on from it
  public void keep(CheckpointFolder folder, Checkpoints.Every every, String settings) {
    state = new LocalState(session, settings, shard, optimizer, anchor, own, queue);
    checkpoints = new LocalCheckpoints(state, folder, every, steps.timing().ahead(), nanoTime);
  }

  /// Goes on from the last round of which all data centres have a whole checkpoint. All ranks call
  /// it after {@link #keep}, before {@link #run}.
  ///
  /// @param notes takes a line about each that is not whole
  /// @return the rounds that were done
  /// @throws org.strait.engine.checkpoint.CheckpointException if there is none, or it is not one of
  ///     this training
  public long resume(CheckpointFolder from, Consumer<String> notes) {
    resuming = LocalCheckpoints.resume(session, state, from, notes);
    taken = state.round();
    rowsOfDc = state.rowsOfDc();
    objective = state.objective();
    return state.round();
  }

  /// Lets the compressor, and the period if it has bounds, be set as the run goes. All ranks call
  /// it before {@link #run}.
  ///
  /// @throws IllegalArgumentException if there is nothing to choose between
  public void adapt(Adapt how) {
    if (session.topology().dcs().size() == 1) {
      return;
    }
    adapt = how;
    if (queue != null) {
      adaptation = session.adaptation(how, compressors, lengths, queue::links, nanoTime, memory);
    }
    tellPeriod();
  }

  private void tellPeriod() {
    results.set(0, adaptation == null ? 0 : adaptation.period());
    tell(results);
    period = (int) results.get(0);
  }

  /// Every so many rounds: takes all that is under way, so that what was told is what came, and
  /// decides on the next ones.
  private void sampleIfDue(long round) {
    if (adapt == null || round == 1 || (round - 1) % adapt.every() != 0) {
      return;
    }
    takeAll();
    if (adaptation != null) {
      adaptation.sample(ofRound.get(ROWS));
      adaptation.pause();
    }
    tellPeriod();
  }

  /// Goes on until the target or the bound is reached; leaves the common weights in the replica.
  ///
  /// @throws DivergedException if the loss is no longer a number
  public TrainingReport run() {
    startNanos = nanoTime.getAsLong();
    long round = taken + 1;
    boolean target = false;
    while (true) {
      round(round);
      boolean last = round == config.maxRounds();
      if (last || (!Double.isNaN(config.target()) && round % TARGET_CHECK_ROUNDS == 0)) {
        measureAll(round);
        target = objective <= config.target();
      }
      report(round);
      if (last || target) {
        break;
      }
      if (checkpoints != null && checkpoints.dueAfter(round)) {
        takeAll();
        checkpoints.save(round, rowsOfDc, objective, session.isGateway());
      }
      round++;
    }
    anchor.show();
    beforeFarewell.run();
    farewell();
    return new TrainingReport(
        target ? "target reached" : "round limit",
        target,
        round,
        seconds(),
        objective,
        loss,
        rowsOfDc,
        gradientNanos * 1e-9);
  }

  /// One round: the local steps, then one fragment's progress is told, and results that are due are
  /// taken over.
  private void round(long round) {
    sampleIfDue(round);
    int fragment = (int) ((round - 1) % steps.fragments());
    ofRound.fill(0);
    for (int i = 0; i < Math.max(1, period / steps.fragments()); i++) {
      localStep(round);
    }
    rowsOfDc += (long) ofRound.get(ROWS);
    Floats progress = anchor.tell(fragment);
    setOwn(ofRound);
    ofRound.set(SAVE, checkpoints != null && checkpoints.wants(round) ? 1 : 0);
    if (adaptation != null) {
      adaptation.computed();
      adaptation.travels(fragment, progress);
    }
    if (queue != null) {
      ExchangeQueue.Round travelling = queue.next(fragment, true);
      travelling.vector().copyFrom(progress);
      travelling.weight(ofRound.get(ROWS));
      ofRound.set(PARTIES, 1);
      travelling.scalars().copyFrom(ofRound);
      queue.submit(travelling);
    }
    takeWhatIsDue();
    if (adaptation != null) {
      adaptation.ended();
    }
  }

  private void localStep(long round) {
    long begun = nanoTime.getAsLong();
    Batch batch = shard.next();
    sums.fill(0);
    sums.set(ROWS, batch.totalWeight());
    double ownLoss = replica.lossAndGradient(batch);
    localStep++;
    sums.set(LOSS, ownLoss);
    gradientNanos += nanoTime.getAsLong() - begun;
    Floats gradient = replica.gradient();
    intra.sum(gradient, reducing);
    intra.sum(sums, reducing);
    double rows = sums.get(ROWS);
    if (rows == 0) {
      return; // a data centre without rows has nothing to say
    }
    dense.scale((float) (1 / rows), gradient);
    dense.axpy((float) config.l2(), penalised, penalisedGradient);
    double measured = sums.get(LOSS) / rows + config.l2() / 2 * dense.dot(penalised, penalised);
    if (!Double.isFinite(measured)) {
      throw DivergedException.of(
          measured,
          "round " + round + ", local step " + localStep,
          ownLoss,
          session,
          checkpoints == null ? 0 : checkpoints.savedRound());
    }
    optimizer.observe(measured, gradient, replica.weights());
    optimizer.advance(replica.weights());
    ofRound.set(ROWS, ofRound.get(ROWS) + rows);
    ofRound.set(LOSS, ofRound.get(LOSS) + sums.get(LOSS));
  }

  /// All that must not be under way when the next round begins, and, out of step, what is there.
  private void takeWhatIsDue() {
    Timing timing = steps.timing();
    boolean due = anchor.underWay() > timing.ahead();
    while (due || (!timing.inStep() && anchor.underWay() > 0 && arrived())) {
      takeOldest();
      due = anchor.underWay() > timing.ahead();
    }
  }

  /// Whether the oldest result is there: the gateway says it for its data centre.
  private boolean arrived() {
    results.set(0, queue != null && queue.ready() ? 1 : 0);
    tell(results);
    return results.get(0) > 0;
  }

  private void takeOldest() {
    int fragment = anchor.oldest();
    Floats result = mean.slice(0, anchor.length(fragment));
    if (queue != null) {
      ExchangeQueue.Round round = queue.take();
      result.copyFrom(round.vector());
      sums.copyFrom(round.scalars());
      residual = round.residualNorm();
      queue.release(round);
      if (adaptation != null) {
        adaptation.came(fragment, result);
      }
    }
    session.fromGateway(result.segment());
    tell(sums);
    anchor.take(result);
    taken++;
    if (checkpoints != null && sums.get(SAVE) > 0) {
      checkpoints.wanted(taken);
    }
    objective = sums.get(LOSS) / sums.get(ROWS) + regularisation();
  }

  private void takeAll() {
    while (anchor.underWay() > 0) {
      takeOldest();
    }
  }

  private void tell(Doubles numbers) {
    session.fromGateway(numbers.segment());
  }

  /// Takes all that is under way, then measures the common weights on all rows, and checks that all
  /// data centres have the same.
  private void measureAll(long round) {
    takeAll();
    anchor.show();
    sums.fill(0);
    sums.set(ROWS, shard.all().totalWeight());
    sums.set(LOSS, replica.loss(shard.all()));
    intra.sum(sums, reducing);
    setOwn(sums);
    double expected = (double) checksum();
    if (queue != null) {
      sums.set(CHECKSUM, expected);
      sums.set(PARTIES, 1);
      ExchangeQueue.Round all = queue.next(0, false);
      all.scalars().copyFrom(sums);
      all.weight(0);
      queue.submit(all);
      sums.copyFrom(queue.take().scalars());
      queue.release(all);
    }
    tell(sums);
    if (sums.get(CHECKSUM) != sums.get(PARTIES) * expected) {
      throw new IllegalStateException(
          "round " + round + ": the common weights differ between data centres");
    }
    loss = sums.get(LOSS) / sums.get(ROWS);
    objective = loss + regularisation();
    anchor.putBack();
    if (adaptation != null) {
      adaptation.pause();
    }
  }

  private long checksum() {
    checksum.reset();
    ByteBuffer bytes = common.segment().asByteBuffer();
    checksum.update(bytes);
    return checksum.getValue();
  }

  /// Of all weights, once {@code sums} are those of all data centres.
  private double regularisation() {
    double squared = dense.dot(commonPenalised, commonPenalised);
    return config.l2() / 2 * (sums.length() > OWN ? squared + sums.get(OWN) : squared);
  }

  /// What this data centre's own weights add to the objective. Modified: travelling.
  private void setOwn(Doubles travelling) {
    if (travelling.length() > OWN) {
      travelling.set(OWN, dense.dot(own, own));
    }
  }

  /// Stays until all others have finished the last round too: they may need a frame held here.
  private void farewell() {
    if (queue != null && queue.members() != null && queue.members().survives()) {
      ExchangeQueue.Round last = queue.next(0, false);
      last.scalars().fill(0);
      last.weight(0);
      queue.submit(last);
      try {
        queue.release(queue.take());
      } catch (QuorumLostException e) {
        System.getLogger(LocalTrainer.class.getName())
            .log(System.Logger.Level.INFO, e.getMessage());
      }
    }
  }

  private void report(long round) {
    stepMetrics.set(
        round, seconds(), objective, rowsOfDc, session.wanBytesSent() - bytesBefore, residual);
    metrics.record(stepMetrics);
  }

  private double seconds() {
    return (nanoTime.getAsLong() - startNanos) / 1e9;
  }

  /// Figures of the last round.
  public StepMetrics lastStep() {
    return stepMetrics;
  }

  /// Name of the exchange as written in the run record; empty on ranks that have none.
  public String exchange() {
    return queue == null ? "" : queue.name() + ", " + steps;
  }

  /// Bytes of the samples by which the settings were chosen; null if there are none.
  public LinkBytes sampleLinks() {
    return adaptation == null ? null : adaptation.links();
  }

  /// Bytes posted to each data centre, of each fragment and to agree where to go on; empty on ranks
  /// that are not gateways.
  public List<LinkBytes> links() {
    List<LinkBytes> links = new ArrayList<>(queue == null ? List.of() : queue.links());
    if (resuming != null) {
      links.add(resuming);
    }
    return links;
  }

  /// Releases buffers; the session's connections stay.
  @Override
  public void close() {
    if (adaptation != null) {
      adaptation.close();
    }
    if (queue != null) {
      queue.close();
    }
    memory.close();
  }
}
