package org.strait.bench.geo;

import java.util.ArrayList;
import java.util.List;
import org.strait.engine.Averager;
import org.strait.engine.CentralizedTrainer;
import org.strait.engine.ConvexTrainer;
import org.strait.engine.ExactSums;
import org.strait.engine.FrugalTrainer;
import org.strait.engine.RowShipment;
import org.strait.engine.Session;
import org.strait.engine.Trainer;
import org.strait.engine.TrainingConfig;
import org.strait.engine.TrainingReport;
import org.strait.engine.data.Dataset;
import org.strait.engine.data.Shard;
import org.strait.engine.metrics.Metrics;
import org.strait.engine.metrics.StepMetrics;
import org.strait.engine.model.Models;
import org.strait.engine.model.Replica;
import org.strait.engine.optim.Metric;
import org.strait.engine.optim.Optimizer;
import org.strait.engine.optim.Optimizers;
import org.strait.engine.optim.Schedule;
import org.strait.memory.Floats;
import org.strait.memory.HostMemory;

/// One data centre's part in a training.
final class GeoSite {
  private static final String MODEL = "logistic";

  /// What the default's gradients and its curvature travel as; see docs/algorithms.md.
  private static final String GRADIENTS = "step:auto,rans,difference";

  private static final String CURVATURE = "log8";

  private final Session session;
  private final TrainingConfig config;
  private final List<GeoRow.Point> history = new ArrayList<>();
  private long rowsSent;

  /// How it ended.
  ///
  /// @param bytes that this data centre handed to the sockets, handshakes included
  record End(TrainingReport report, long bytes, long rowsSent, List<GeoRow.Point> history) {}

  GeoSite(Session session, TrainingConfig config) {
    this.session = session;
    this.config = config;
  }

  /// Trains on the rows that lie here.
  End train(String solver, Dataset rows, HostMemory memory) {
    TrainingReport report =
        switch (solver) {
          case GeoBench.CENTRALIZED -> centralized(rows, memory);
          case GeoBench.DEFAULT -> byGradients(rows, memory);
          case FrugalTrainer.NAME -> frugal(rows, memory);
          default -> convex(solver, rows, memory);
        };
    session.drain();
    return new End(report, session.wanBytesSent(), rowsSent, history);
  }

  private TrainingReport convex(String solver, Dataset rows, HostMemory memory) {
    try (Replica replica = replica(rows, memory);
        ExactSums sums = session.exactSums(rows.features())) {
      ConvexTrainer trainer =
          new ConvexTrainer(
              session,
              Shard.full(rows),
              replica,
              sums,
              solver,
              0,
              config,
              noted(),
              System::nanoTime,
              0);
      return last(trainer.run(), trainer.lastStep());
    }
  }

  private TrainingReport frugal(Dataset rows, HostMemory memory) {
    try (Replica replica = replica(rows, memory)) {
      FrugalTrainer trainer =
          new FrugalTrainer(session, rows, replica, config, noted(), System::nanoTime, 0);
      return last(trainer.run(), trainer.lastStep());
    }
  }

  private TrainingReport centralized(Dataset rows, HostMemory memory) {
    long start = System.nanoTime();
    RowShipment.Shipped shipped = RowShipment.ship(session, rows, -1, memory);
    rowsSent = shipped.sent();
    try (Replica replica = replica(shipped.rows(), memory)) {
      CentralizedTrainer trainer =
          new CentralizedTrainer(
              session, shipped, replica, config, noted(), System::nanoTime, start, 0);
      return last(trainer.run(), trainer.lastStep());
    }
  }

  private TrainingReport byGradients(Dataset rows, HostMemory memory) {
    int n = rows.features();
    Shard shard = Shard.full(rows, session.backend().sparse(), memory);
    try (Replica replica = replica(rows, memory)) {
      Metric metric = new Metric(n, memory, session.backend().dense());
      Floats diagonal = memory.floats(n);
      replica.addSquares(shard.all(), diagonal);
      try (Averager averager = session.averager(n, CURVATURE)) {
        averager.averageRows(diagonal, shard.rows());
      }
      metric.set(diagonal, config.l2());
      Optimizer optimizer =
          Optimizers.named("lbfgs", n, metric, new Schedule(0.1, 1000), session.backend(), memory);
      try (Averager averager = session.averager(n, GRADIENTS)) {
        averager.travelScaled(metric.travelScale());
        Trainer trainer =
            new Trainer(
                session, shard, replica, averager, optimizer, config, noted(), System::nanoTime, 0);
        return last(trainer.run(), trainer.lastStep());
      }
    }
  }

  private Replica replica(Dataset rows, HostMemory memory) {
    return Replica.of(
        Models.choose(MODEL), rows.features(), rows.rows(), session.backend(), memory);
  }

  private Metrics noted() {
    return this::note;
  }

  private void note(StepMetrics step) {
    history.add(new GeoRow.Point(step.bytesSent(), step.seconds(), step.objective()));
  }

  private TrainingReport last(TrainingReport report, StepMetrics step) {
    note(step);
    return report;
  }
}
