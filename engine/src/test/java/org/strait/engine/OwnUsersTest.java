package org.strait.engine;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.strait.engine.data.Dataset;
import org.strait.engine.data.DatasetBuilder;
import org.strait.engine.data.Shard;
import org.strait.engine.exchange.Timing;
import org.strait.engine.model.Evaluation;
import org.strait.engine.model.FactorModel;
import org.strait.engine.model.Models;
import org.strait.engine.model.Replica;
import org.strait.engine.optim.Optimizer;
import org.strait.engine.optim.Optimizers;
import org.strait.engine.optim.Schedule;
import org.strait.engine.rendezvous.MemoryStore;
import org.strait.engine.topology.Topology;
import org.strait.engine.transport.LoopbackNetwork;
import org.strait.memory.HostMemory;

/// Ratings of users that only one data centre has, by local steps: items travel, users do not.
class OwnUsersTest {
  private static final int ITEMS = 30;
  private static final int USERS = 20;
  private static final int ROUNDS = 120;
  private static final FactorModel MODEL = Models.factorised("mf", 3);

  /// @param rmse of the whole model on the rows of the data centre
  private record Result(String hash, double rmse, double objective, long wanBytes, long common) {}

  /// Users 0 … 9 rate in the first data centre, the others in the second.
  private static Dataset ratings(int dc, HostMemory memory) {
    try (DatasetBuilder builder = new DatasetBuilder(memory)) {
      for (int u = dc * USERS / 2; u < (dc + 1) * USERS / 2; u++) {
        for (int i = 0; i < ITEMS; i++) {
          builder.entry(i, 1);
          builder.entry(ITEMS + u, 1);
          builder.endRow(3 + 0.5f * (u % 3 - 1) + (u % 2 == i % 2 ? 1 : -1));
        }
      }
      return builder.build("ratings", ITEMS + USERS, memory);
    }
  }

  private static Result run(
      Topology topology,
      int rank,
      MemoryStore store,
      SessionSettings settings,
      String exchange,
      Timing timing)
      throws Exception {
    try (HostMemory memory = HostMemory.unlimited("rank " + rank);
        Session session = Session.open(topology, rank, store, settings)) {
      Dataset all = ratings(rank, memory);
      SupportAgreement agreement = new SupportAgreement(session, memory);
      Support support = agreement.agree(all, true).support();
      assertEquals(ITEMS, support.shared());
      Dataset data = support.local(all, memory);
      try (Replica replica =
              Replica.of(MODEL, data.features(), data.rows(), session.backend(), memory);
          Replica whole =
              Replica.of(MODEL, all.features(), data.rows(), session.backend(), memory)) {
        replica.initialise(7);
        long common = MODEL.parameters(support.shared()).length();
        Optimizer optimizer =
            Optimizers.named(
                "adamw",
                replica.weights().length(),
                null,
                Schedule.constant(0.02),
                session.backend(),
                memory);
        long[] wanBytes = new long[1];
        try (LocalTrainer trainer =
            new LocalTrainer(
                session,
                Shard.miniBatches(data, 60, 5 + rank, memory),
                replica,
                common,
                true,
                optimizer,
                LocalSteps.every(4).with(timing),
                exchange,
                new TrainingConfig(1e-6, ROUNDS, Double.NaN, 0, 0.2, true),
                step -> wanBytes[0] = step.bytesSent(),
                System::nanoTime,
                session.wanBytesSent())) {
          trainer.atEnd(() -> agreement.gather(support, 1, replica.weights(), whole.weights()));
          TrainingReport report = trainer.run();
          return new Result(
              whole.hash(),
              Evaluation.of(whole, all, memory).rmse().orElseThrow(),
              report.objective(),
              wanBytes[0],
              common);
        }
      }
    }
  }

  private static List<Result> train(String exchange, Timing timing) throws Exception {
    Topology topology = Topology.uniform(2, 1);
    MemoryStore store = new MemoryStore();
    LoopbackNetwork network = new LoopbackNetwork();
    ExecutorService threads = Executors.newFixedThreadPool(2);
    try {
      SessionSettings settings = SessionSettings.threadsOf(network);
      List<Future<Result>> futures = new ArrayList<>();
      for (int rank = 0; rank < 2; rank++) {
        int me = rank;
        futures.add(threads.submit(() -> run(topology, me, store, settings, exchange, timing)));
      }
      List<Result> results = new ArrayList<>();
      for (Future<Result> future : futures) {
        results.add(future.get(60, TimeUnit.SECONDS));
      }
      return results;
    } finally {
      network.close();
      store.close();
      threads.shutdownNow();
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"dense", "int8,rans,error-feedback", "significance:0.02,int8,rans,error-feedback"})
  void itemsAreLearnedTogetherAndUsersStay(String exchange) throws Exception {
    List<Result> results = train(exchange, Timing.SYNC);
    for (Result result : results) {
      assertEquals(results.getFirst().hash(), result.hash());
      assertEquals(results.getFirst().objective(), result.objective());
      assertTrue(result.rmse() < 0.1, exchange + " rmse " + result.rmse());
      // A round is the items' weights and a head; users' would be 2/3 more.
      long dense = ROUNDS * (4 * result.common() + 160);
      assertTrue(result.wanBytes() < dense, result.wanBytes() + " of " + dense + " bytes");
      assertEquals(1 + ITEMS * 4, result.common());
    }
    // Half a squared error a row, and a little for the size of weights.
    double squared = Math.pow(results.get(0).rmse(), 2) + Math.pow(results.get(1).rmse(), 2);
    assertEquals(squared / 4, results.getFirst().objective(), 0.01);
  }

  @ParameterizedTest
  @ValueSource(strings = {"significance:0.02,int8,rans,error-feedback"})
  void whatIsNotSignificantWaitsAndTheBoundHolds(String exchange) throws Exception {
    List<Result> results = train(exchange, Timing.parse("stale:3"));
    assertEquals(results.get(0).hash(), results.get(1).hash());
    assertTrue(results.getFirst().rmse() < 0.2, "rmse " + results.getFirst().rmse());
    List<Result> all = train("int8,rans,error-feedback", Timing.SYNC);
    assertTrue(
        results.getFirst().wanBytes() < all.getFirst().wanBytes(),
        results.getFirst().wanBytes() + " and " + all.getFirst().wanBytes() + " bytes");
  }
}
