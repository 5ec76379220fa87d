package org.strait.engine;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.strait.engine.checkpoint.CheckpointFolder;
import org.strait.engine.data.Dataset;
import org.strait.engine.data.Shard;
import org.strait.engine.exchange.LinkBytes;
import org.strait.engine.ledger.MessageKind;
import org.strait.engine.metrics.Metrics;
import org.strait.engine.model.Models;
import org.strait.engine.model.Replica;
import org.strait.engine.rendezvous.MemoryStore;
import org.strait.engine.topology.Topology;
import org.strait.engine.transport.ConnectOptions;
import org.strait.engine.transport.LoopbackNetwork;
import org.strait.memory.HostMemory;

/// Trainings whose ranks are threads, with solvers that hold the loop.
final class FrugalRuns {
  /// One rank's end.
  ///
  /// @param bytes that this rank sent to other DCs, of all kinds
  /// @param frames of them headers
  record Result(
      TrainingReport report,
      String hash,
      long bytes,
      long payload,
      long frames,
      double proven,
      long vectors) {}

  /// A job.
  ///
  /// @param rowsOf rows of all ranks, numbers into the data
  /// @param classes of models of several
  /// @param intercept whether rows get a column of ones
  record Job(
      Dataset data,
      List<int[]> rowsOf,
      int dcs,
      String model,
      String solver,
      TrainingConfig config,
      int classes,
      boolean intercept) {
    Job(
        Dataset data,
        List<int[]> rowsOf,
        int dcs,
        String model,
        String solver,
        TrainingConfig config) {
      this(data, rowsOf, dcs, model, solver, config, 0, false);
    }
  }

  /// Where checkpoints are.
  ///
  /// @param every so many rounds
  /// @param resume whether the training goes on from them
  record Kept(Path folder, long every, boolean resume) {}

  private static ConvexCheckpoints checkpoints(Session session, Kept kept) {
    if (kept == null) {
      return null;
    }
    String dc = session.topology().dcs().get(session.dc()).name();
    CheckpointFolder folder = new CheckpointFolder(kept.folder(), dc);
    Checkpoints.Every every = new Checkpoints.Every(kept.every(), 0);
    ConvexCheckpoints checkpoints =
        new ConvexCheckpoints(session, folder, every, "a test", System::nanoTime);
    if (kept.resume()) {
      checkpoints.resume(folder, note -> {}, after -> {});
    }
    return checkpoints;
  }

  private FrugalRuns() {}

  /// Runs it; ranks are spread over the DCs in order.
  static List<Result> train(Job job, String backend, long seconds) throws Exception {
    return train(job, backend, seconds, -1);
  }

  /// The same with a rank that fails when its third step is recorded; -1 for none. What is thrown
  /// is what the first other rank met.
  static List<Result> train(Job job, String backend, long seconds, int failing) throws Exception {
    return train(job, backend, seconds, failing, null);
  }

  /// The same with checkpoints.
  ///
  /// @param kept null for none
  static List<Result> train(Job job, String backend, long seconds, int failing, Kept kept)
      throws Exception {
    int ranks = job.rowsOf().size() / job.dcs();
    Topology topology = Topology.uniform(job.dcs(), ranks);
    SessionSettings settings =
        SessionSettings.defaults()
            .withTransport("loopback")
            .withBackend(backend)
            .withThreads(1)
            .withConnect(
                ConnectOptions.defaults()
                    .withNetwork(new LoopbackNetwork(HostMemory.unlimited("loopback"))));
    try (MemoryStore store = new MemoryStore();
        ExecutorService pool = Executors.newFixedThreadPool(topology.size())) {
      List<Future<Result>> futures = new ArrayList<>();
      for (int rank = 0; rank < topology.size(); rank++) {
        int me = rank;
        Callable<Result> body =
            () -> {
              try (HostMemory memory = HostMemory.unlimited("rank " + me);
                  Session session = Session.open(topology, me, store, settings)) {
                Metrics metrics =
                    step -> {
                      if (me == failing && step.round() >= 3) {
                        throw new IllegalStateException("told to fail");
                      }
                    };
                Dataset some = job.data().select(job.rowsOf().get(me), memory);
                Dataset rows = job.intercept() ? some.withConstant(memory) : some;
                return one(job, session, rows, metrics, checkpoints(session, kept), memory);
              }
            };
        futures.add(pool.submit(body));
      }
      List<Result> results = new ArrayList<>();
      try {
        for (int rank = 0; rank < futures.size(); rank++) {
          if (rank != failing) {
            results.add(futures.get(rank).get(seconds, TimeUnit.SECONDS));
          }
        }
      } finally {
        pool.shutdownNow();
      }
      return results;
    }
  }

  private static Result one(
      Job job,
      Session session,
      Dataset rows,
      Metrics metrics,
      ConvexCheckpoints checkpoints,
      HostMemory memory) {
    try (Replica replica =
        Replica.of(
            Models.choose(job.model(), job.classes(), job.intercept()),
            rows.features(),
            rows.rows(),
            session.backend(),
            memory)) {
      long before = session.wanBytesSent();
      if (job.solver().equals(FrugalTrainer.NAME)) {
        FrugalTrainer trainer =
            new FrugalTrainer(
                session, rows, replica, job.config(), metrics, System::nanoTime, before);
        trainer.keep(checkpoints);
        TrainingReport report = trainer.run();
        long payload = 0;
        long frames = 0;
        for (MessageKind kind : FrugalTrainer.kinds()) {
          payload += sum(trainer.links(kind), LinkBytes.Kind.PAYLOAD);
          frames += sum(trainer.links(kind), LinkBytes.Kind.FRAMING);
        }
        return new Result(
            report,
            replica.hash(),
            session.wanBytesSent(),
            payload,
            frames,
            trainer.provenGap(),
            trainer.work().vectors());
      }
      try (ExactSums sums = session.exactSums(replica.weights().length())) {
        ConvexTrainer trainer =
            new ConvexTrainer(
                session,
                Shard.full(rows),
                replica,
                sums,
                job.solver(),
                0,
                job.config(),
                metrics,
                System::nanoTime,
                before);
        trainer.keep(checkpoints);
        TrainingReport report = trainer.run();
        return new Result(
            report,
            replica.hash(),
            session.wanBytesSent(),
            sum(sums.links(), LinkBytes.Kind.PAYLOAD),
            sum(sums.links(), LinkBytes.Kind.FRAMING),
            Double.NaN,
            trainer.work().vectors());
      }
    }
  }

  private static long sum(LinkBytes links, LinkBytes.Kind kind) {
    long bytes = 0;
    for (int dc = 0; links != null && dc < links.dcs(); dc++) {
      bytes += links.bytesTo(dc, kind);
    }
    return bytes;
  }
}
