package org.strait.engine;

import java.nio.file.Path;
import java.util.SplittableRandom;
import java.util.function.Function;
import java.util.function.LongSupplier;
import org.strait.engine.adapt.Adapt;
import org.strait.engine.checkpoint.CheckpointFolder;
import org.strait.engine.data.Dataset;
import org.strait.engine.data.DatasetBuilder;
import org.strait.engine.data.Shard;
import org.strait.engine.metrics.Metrics;
import org.strait.engine.model.Models;
import org.strait.engine.model.Replica;
import org.strait.engine.optim.Metric;
import org.strait.engine.optim.Optimizer;
import org.strait.engine.optim.Optimizers;
import org.strait.engine.optim.Schedule;
import org.strait.engine.rendezvous.Store;
import org.strait.engine.topology.Topology;
import org.strait.memory.Floats;
import org.strait.memory.HostMemory;

/// A small logistic regression over several ranks, whose rows differ by data centre.
final class SmallJob {
  static final int FEATURES = 300;
  static final int ROWS_PER_RANK = 400;
  static final double L2 = 1e-3;

  private final Topology topology;
  private final Store store;
  private final SessionSettings settings;
  private final String solver;
  private final String compressor;
  private final TrainingConfig config;
  private Path folder;
  private Checkpoints.Every every = Checkpoints.Every.NEVER;
  private boolean resumes;
  private int batchRows;
  private LocalSteps local;
  private Adapt adapt;
  private Function<Session, LongSupplier> clock = session -> System::nanoTime;
  private int rowsPerRank = ROWS_PER_RANK;

  SmallJob(
      Topology topology,
      Store store,
      SessionSettings settings,
      String solver,
      String compressor,
      TrainingConfig config) {
    this.topology = topology;
    this.store = store;
    this.settings = settings;
    this.solver = solver;
    this.compressor = compressor;
    this.config = config;
  }

  /// Writes checkpoints to a folder.
  SmallJob keeping(Path newFolder, Checkpoints.Every newEvery) {
    folder = newFolder;
    every = newEvery;
    return this;
  }

  /// Goes on from the folder's last checkpoint.
  SmallJob resuming() {
    resumes = true;
    return this;
  }

  /// Has another number of rows.
  SmallJob rows(int perRank) {
    rowsPerRank = perRank;
    return this;
  }

  /// Takes mini-batches.
  SmallJob batches(int rows) {
    batchRows = rows;
    return this;
  }

  /// Takes local steps.
  SmallJob locally(LocalSteps steps) {
    local = steps;
    return this;
  }

  /// Sets how finely vectors travel as it goes.
  SmallJob adapting(Adapt how, Function<Session, LongSupplier> newClock) {
    adapt = how;
    clock = newClock;
    return this;
  }

  /// How one rank ended.
  record Result(TrainingReport report, String hash) {}

  /// Trains as one rank.
  Result run(int rank, Metrics metrics) throws Exception {
    try (HostMemory memory = HostMemory.unlimited("rank " + rank);
        Session session = Session.open(topology, rank, store, settings)) {
      Dataset rows = rows(topology.dcOf(rank), rank, memory);
      try (Replica replica =
          Replica.of(Models.choose("logistic"), FEATURES, rows.rows(), session.backend(), memory)) {
        long n = replica.weights().length();
        Shard shard =
            batchRows == 0 ? Shard.full(rows) : Shard.miniBatches(rows, batchRows, 5, memory);
        Metric metric = new Metric(n, memory, session.backend().dense());
        Floats diagonal = memory.floats(n);
        replica.addSquares(shard.all(), diagonal);
        try (Averager averager = session.averager(n, "dense")) {
          averager.averageRows(diagonal, rows.rows());
        }
        metric.set(diagonal, L2);
        Optimizer optimizer =
            Optimizers.named(solver, n, metric, Schedule.constant(0.5), session.backend(), memory);
        if (local != null) {
          try (LocalTrainer trainer =
              new LocalTrainer(
                  session,
                  shard,
                  replica,
                  optimizer,
                  local,
                  compressor,
                  config,
                  metrics,
                  clock.apply(session),
                  0)) {
            if (folder != null) {
              CheckpointFolder mine =
                  new CheckpointFolder(folder, topology.dcs().get(topology.dcOf(rank)).name());
              trainer.keep(mine, every, "small job");
              if (resumes) {
                replica.weights().fill(Float.NaN);
                trainer.resume(mine, note -> {});
              }
            }
            if (adapt != null) {
              trainer.adapt(adapt);
            }
            return new Result(trainer.run(), replica.hash());
          }
        }
        try (Averager averager = session.averager(n, compressor)) {
          if (adapt != null) {
            session.adapt(averager, adapt, clock.apply(session));
          }
          averager.travelScaled(metric.travelScale());
          Trainer trainer =
              new Trainer(
                  session,
                  shard,
                  replica,
                  averager,
                  optimizer,
                  config,
                  metrics,
                  System::nanoTime,
                  0);
          if (folder != null) {
            CheckpointFolder mine = new CheckpointFolder(folder, topology.gatewayName(rank));
            TrainingState state =
                new TrainingState(
                    session, "small job", replica, shard, optimizer, metric, averager);
            Checkpoints checkpoints = new Checkpoints(state, mine, every, System::nanoTime);
            if (resumes) {
              metric.memories().forEach(vector -> vector.fill(Float.NaN));
              checkpoints.resume(mine, note -> {});
            }
            trainer.keep(checkpoints);
          }
          return new Result(trainer.run(), replica.hash());
        }
      }
    }
  }

  private Dataset rows(int dc, int rank, HostMemory memory) {
    SplittableRandom random = new SplittableRandom(1000 + rank);
    try (DatasetBuilder builder = new DatasetBuilder(memory)) {
      for (int row = 0; row < rowsPerRank; row++) {
        double score = dc - 0.5;
        int feature = 0;
        builder.entry(0, 1);
        for (int entry = 0; entry < 10; entry++) {
          feature += 1 + random.nextInt(2 * FEATURES / 22);
          if (feature >= FEATURES) {
            break;
          }
          float value = (float) (1 + random.nextDouble() * (feature % 7));
          builder.entry(feature, value);
          score += value * Math.sin(feature * 1.7) * 0.5;
        }
        builder.endRow(random.nextDouble() < 1 / (1 + Math.exp(-score)) ? 1 : -1);
      }
      return builder.build("rows of rank " + rank, FEATURES, memory);
    }
  }
}
