package org.strait.engine;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.sun.management.ThreadMXBean;
import java.lang.management.ManagementFactory;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.SplittableRandom;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
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
import org.strait.engine.rendezvous.MemoryStore;
import org.strait.engine.topology.Topology;
import org.strait.engine.transport.LoopbackNetwork;
import org.strait.memory.Floats;
import org.strait.memory.HostMemory;

/// A training in which only shared features travel is the training in which all do, to the rounding
/// of float32, and ends with the same bits everywhere; whoever has which features.
@Timeout(240)
class SupportTest {
  private static final int FEATURES = 500;
  private static final double L2 = 1e-3;
  private static final int ROWS = 120;

  /// How one rank ended.
  @SuppressWarnings("ArrayRecordComponent") // never compared
  private record Result(List<Double> objectives, float[] weights, String hash, Support support) {}

  private static Dataset rows(String supports, int dc, int dcs, int rank, HostMemory memory) {
    SplittableRandom random = new SplittableRandom(rank);
    int first =
        switch (supports) {
          case "disjoint" -> 60 * dc;
          case "overlapping", "empty" -> 20 * dc;
          default -> 0;
        };
    int count = supports.equals("nested") ? 60 - 7 * dc : 60;
    int rows = supports.equals("empty") && dc == dcs - 1 ? 0 : ROWS;
    try (DatasetBuilder builder = new DatasetBuilder(memory)) {
      for (int row = 0; row < rows; row++) {
        double score = 0;
        int feature = first - 1;
        while ((feature += 1 + random.nextInt(6)) < first + count) {
          float value = (float) (0.5 + random.nextDouble());
          builder.entry(feature, value);
          score += value * Math.sin(feature * 1.7);
        }
        builder.endRow(random.nextDouble() < 1 / (1 + Math.exp(-score)) ? 1 : -1);
      }
      return builder.build("rows of rank " + rank, FEATURES, memory);
    }
  }

  private static Result run(
      Topology topology,
      int rank,
      MemoryStore store,
      SessionSettings settings,
      String supports,
      String exchange,
      boolean split)
      throws Exception {
    return run(topology, rank, store, settings, supports, exchange, split, 40, step -> {});
  }

  private static Result run(
      Topology topology,
      int rank,
      MemoryStore store,
      SessionSettings settings,
      String supports,
      String exchange,
      boolean split,
      long rounds,
      Metrics told)
      throws Exception {
    TrainingConfig config = new TrainingConfig(L2, rounds, Double.NaN, 0, 0.2, false);
    int dcs = topology.dcs().size();
    try (HostMemory memory = HostMemory.unlimited("rank " + rank);
        Session session = Session.open(topology, rank, store, settings)) {
      Dataset all = rows(supports, topology.dcOf(rank), dcs, rank, memory);
      double rowsOfAll = 0;
      for (int r = 0; r < topology.size(); r++) {
        rowsOfAll += rows(supports, topology.dcOf(r), dcs, r, memory).rows();
      }
      SupportAgreement agreement = new SupportAgreement(session, memory);
      Support support = split ? agreement.agree(all, true).support() : null;
      Dataset data = support == null ? all : support.local(all, memory);
      try (Replica replica =
              Replica.of(
                  Models.choose("logistic"),
                  data.features(),
                  data.rows(),
                  session.backend(),
                  memory);
          Replica whole =
              Replica.of(
                  Models.choose("logistic"), FEATURES, data.rows(), session.backend(), memory)) {
        Shard shard = Shard.full(data);
        long n = data.features();
        long shared = support == null ? n : support.shared();
        Metric metric = new Metric(n, memory, session.backend().dense());
        Floats diagonal = memory.floats(n);
        replica.addSquares(shard.all(), diagonal);
        if (support != null) {
          agreement.averageOwn(support, diagonal, rowsOfAll);
        }
        try (Averager averager = session.averager(Math.max(1, shared), "dense")) {
          averager.averageRows(diagonal.slice(0, shared), data.rows());
        }
        metric.set(diagonal, L2);
        Optimizer optimizer =
            support == null
                ? Optimizers.named(
                    "lbfgs", n, metric, Schedule.constant(0.1), session.backend(), memory)
                : Optimizers.split("lbfgs", n, shared, metric, session.backend(), memory);
        List<Double> objectives = new ArrayList<>();
        try (Averager averager = session.averager(Math.max(1, shared), exchange)) {
          averager.travelScaled(metric.travelScale());
          Trainer trainer =
              new Trainer(
                  session,
                  shard,
                  replica,
                  averager,
                  optimizer,
                  config,
                  step -> {
                    if (rounds == 40) {
                      objectives.add(step.objective());
                    }
                    told.record(step);
                  },
                  System::nanoTime,
                  0);
          if (support != null) {
            trainer.split(
                support,
                rowsOfAll,
                () -> agreement.gather(support, replica.weights(), whole.weights()));
          }
          TrainingReport report = trainer.run();
          objectives.add(report.loss());
        }
        Replica end = support == null ? replica : whole;
        return new Result(objectives, end.weights().toArray(), end.hash(), support);
      }
    }
  }

  private static List<Result> train(
      int dcs, int ranks, String supports, String exchange, boolean split) throws Exception {
    Topology topology = Topology.uniform(dcs, ranks);
    MemoryStore store = new MemoryStore();
    LoopbackNetwork network = new LoopbackNetwork();
    ExecutorService threads = Executors.newFixedThreadPool(topology.size());
    try {
      SessionSettings settings = SessionSettings.threadsOf(network);
      List<Future<Result>> futures = new ArrayList<>();
      for (int rank = 0; rank < topology.size(); rank++) {
        int me = rank;
        futures.add(
            threads.submit(() -> run(topology, me, store, settings, supports, exchange, split)));
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
  @CsvSource({
    "1,1,overlapping",
    "2,1,overlapping",
    "2,2,disjoint",
    "2,1,identical",
    "3,1,nested",
    "3,1,empty",
    "3,2,overlapping",
    "4,1,disjoint",
    "5,1,overlapping",
    "6,1,nested",
    "7,1,empty",
    "8,1,overlapping"
  })
  void isTheTrainingInWhichAllFeaturesTravel(int dcs, int ranks, String supports) throws Exception {
    List<Result> plain = train(dcs, ranks, supports, "dense", false);
    List<Result> split = train(dcs, ranks, supports, "dense", true);
    assertEquals(1, split.stream().map(Result::hash).distinct().count());
    List<Double> expected = plain.getFirst().objectives();
    List<Double> found = split.getFirst().objectives();
    assertEquals(expected.size(), found.size());
    for (int round = 0; round < expected.size(); round++) {
      // Roundings of float32 grow from step to step until both are at the minimum.
      double tolerance = (round == 0 ? 1e-7 : 1e-5) * expected.get(round);
      assertEquals(expected.get(round), found.get(round), tolerance, "round " + round);
    }
    float[] weights = plain.getFirst().weights();
    double largest = 0;
    double difference = 0;
    for (int f = 0; f < FEATURES; f++) {
      largest = Math.max(largest, Math.abs(weights[f]));
      difference = Math.max(difference, Math.abs(weights[f] - split.getFirst().weights()[f]));
    }
    assertTrue(difference <= 2e-3 * largest, difference + " of " + largest);
    Support support = split.getFirst().support();
    if (dcs == 1) {
      assertEquals(null, support);
      return;
    }
    switch (supports) {
      case "disjoint" -> assertEquals(0, support.shared());
      case "identical" -> assertEquals(0, support.own());
      default -> assertTrue(support.own() > 0 && support.shared() > 0, support.line());
    }
    assertTrue(support.absent() > 0, support.line());
  }

  @ParameterizedTest
  @CsvSource({"2,step:auto;rans;difference", "4,top-k:auto;int8;difference"})
  void endsWithTheSameBitsHoweverLossy(int dcs, String exchange) throws Exception {
    String spec = exchange.replace(';', ',');
    List<Result> plain = train(dcs, 1, "overlapping", "dense", false);
    List<Result> first = train(dcs, 1, "overlapping", spec, true);
    List<Result> again = train(dcs, 1, "overlapping", spec, true);
    assertEquals(1, first.stream().map(Result::hash).distinct().count());
    assertEquals(first.getFirst().hash(), again.getFirst().hash());
    double loss = plain.getFirst().objectives().getLast();
    assertEquals(loss, Collections.min(first.getFirst().objectives()), 1e-3);
  }

  /// As for whole vectors, see {@link StepAllocationTest}.
  @Test
  void aThousandStepsOverSharedFeaturesAllocateNothing() throws Exception {
    int window = 1000;
    int windows = 9;
    ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
    Topology topology = Topology.uniform(2, 2);
    try (MemoryStore store = new MemoryStore();
        LoopbackNetwork network = new LoopbackNetwork()) {
      SessionSettings settings = SessionSettings.threadsOf(network);
      List<Long> allocated =
          Ranks.run(
              topology.size(),
              rank ->
                  (Callable<Long>)
                      () -> {
                        long[] least = {Long.MAX_VALUE, 0};
                        run(
                            topology,
                            rank,
                            store,
                            settings,
                            "overlapping",
                            "step:auto,rans,difference",
                            true,
                            (long) windows * window,
                            step -> {
                              if (step.round() % window == 0) {
                                long now = threads.getCurrentThreadAllocatedBytes();
                                if (step.round() > window) {
                                  least[0] = Math.min(least[0], now - least[1]);
                                }
                                least[1] = threads.getCurrentThreadAllocatedBytes();
                              }
                            });
                        return least[0];
                      });
      assertEquals(List.of(0L, 0L, 0L, 0L), allocated, "bytes by rank");
    }
  }
}
