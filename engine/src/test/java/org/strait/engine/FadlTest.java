package org.strait.engine;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.Arrays;
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
import org.strait.engine.data.ClickData;
import org.strait.engine.data.Dataset;
import org.strait.engine.data.DatasetBuilder;
import org.strait.engine.data.Shard;
import org.strait.engine.exchange.LinkBytes;
import org.strait.engine.model.Models;
import org.strait.engine.model.Replica;
import org.strait.engine.rendezvous.MemoryStore;
import org.strait.engine.topology.Topology;
import org.strait.engine.transport.LoopbackNetwork;
import org.strait.memory.HostMemory;

/// The paper's solver over data centres that are threads: bytes to the byte, and where it stops.
@Timeout(120)
class FadlTest {
  private static final int ROWS = 4000;
  private static final double L2 = 1e-2;

  private record Result(TrainingReport report, String hash, ConvexTrainer.Work work, Sent sent) {}

  /// What a gateway sent to one other.
  private record Sent(long payload, long framing, long scalars, long all) {}

  @FunctionalInterface
  private interface Rows {
    Dataset of(int rank, int ranks, HostMemory memory);
  }

  /// The same distribution everywhere.
  private static Dataset alike(int rank, int ranks, HostMemory memory) {
    int from = ROWS * rank / ranks;
    return new ClickData(3).rows(0, from, ROWS * (rank + 1) / ranks - from, memory);
  }

  /// Rows of every rank vary in a subspace of its own, oblique to all features: what one rank sees
  /// says nothing of the curvature that the others have, which spans five powers of ten.
  private static Dataset apart(int rank, int ranks, HostMemory memory) {
    SplittableRandom random = new SplittableRandom(5 + rank);
    int features = 64;
    double[] row = new double[features];
    try (DatasetBuilder builder = new DatasetBuilder(memory)) {
      for (int r = 0; r < 500; r++) {
        double score = 0;
        Arrays.fill(row, 0);
        for (int k = 0; k < features; k++) {
          double z =
              (k % ranks == rank ? Math.pow(10, 1 - k / 24.0) : 1e-4) * random.nextGaussian();
          score += z * Math.sin(k + 1);
          for (int j = 0; j < features; j++) {
            row[j] += Integer.bitCount(k & j) % 2 == 0 ? z / 8 : -z / 8;
          }
        }
        for (int j = 0; j < features; j++) {
          builder.entry(j, (float) row[j]);
        }
        builder.endRow(score / 4 + random.nextGaussian() > 0 ? 1 : -1);
      }
      return builder.build("rows", features, memory);
    }
  }

  private static List<Result> train(
      int dcs, int ranks, String solver, double l2, double target, Rows rows) throws Exception {
    return train(dcs, ranks, solver, "mesh", l2, target, rows);
  }

  private static List<Result> train(
      int dcs, int ranks, String solver, String route, double l2, double target, Rows rows)
      throws Exception {
    Topology topology = Topology.uniform(dcs, ranks);
    int size = topology.size();
    TrainingConfig config = new TrainingConfig(l2, 400, target, 1e-9, 0.2, false);
    try (MemoryStore store = new MemoryStore();
        ExecutorService pool = Executors.newFixedThreadPool(size)) {
      SessionSettings settings =
          SessionSettings.threadsOf(new LoopbackNetwork(HostMemory.unlimited("loopback")))
              .withBackend("scalar")
              .withRoute(route);
      List<Future<Result>> futures = new ArrayList<>();
      for (int rank = 0; rank < size; rank++) {
        int me = rank;
        Callable<Result> body =
            () -> {
              try (HostMemory memory = HostMemory.unlimited("rank " + me);
                  Session session = Session.open(topology, me, store, settings)) {
                return one(session, rows.of(me, size, memory), solver, config, memory);
              }
            };
        futures.add(pool.submit(body));
      }
      List<Result> results = new ArrayList<>();
      for (Future<Result> future : futures) {
        results.add(future.get(100, TimeUnit.SECONDS));
      }
      return results;
    }
  }

  private static Result one(
      Session session, Dataset rows, String solver, TrainingConfig config, HostMemory memory) {
    int n = rows.features();
    try (Replica replica =
            Replica.of(Models.choose("logistic"), n, rows.rows(), session.backend(), memory);
        ExactSums sums = session.exactSums(n)) {
      ConvexTrainer trainer =
          new ConvexTrainer(
              session,
              Shard.full(rows),
              replica,
              sums,
              solver,
              0,
              config,
              step -> {},
              System::nanoTime,
              0);
      TrainingReport report = trainer.run();
      return new Result(report, replica.hash(), trainer.work(), sent(session, sums.links()));
    }
  }

  private static Sent sent(Session session, LinkBytes links) {
    if (links == null) {
      return null;
    }
    int other = session.dc() == 0 ? 1 : 0;
    session.drain();
    return new Sent(
        links.bytesTo(other, LinkBytes.Kind.PAYLOAD),
        links.bytesTo(other, LinkBytes.Kind.FRAMING),
        links.bytesTo(other, LinkBytes.Kind.SCALARS),
        session.wanBytesSent(other)
            - session.wanConnectBytes(other)
            - links.bytesTo(other, LinkBytes.Kind.HELLO));
  }

  /// Two sums of vectors a step: with two data centres each sends two, so four travel, the paper's
  /// four; the rest is framing and the line search's scalars.
  @ParameterizedTest
  @CsvSource({"2, 1", "2, 2", "4, 1"})
  void rowsThatAreAlikeTakeFourVectorsAStep(int dcs, int ranks) throws Exception {
    double optimum =
        train(1, 1, "tron", L2, Double.NaN, FadlTest::alike).getFirst().report().objective();
    List<Result> all = train(dcs, ranks, "fadl", L2, optimum * (1 + 1e-5), FadlTest::alike);
    for (Result result : all) {
      assertTrue(result.report().converged(), result.report().reason());
      assertEquals(all.getFirst().hash(), result.hash());
      assertEquals(all.getFirst().report(), like(all.getFirst().report(), result.report()));
    }
    Result gateway = all.getFirst();
    long steps = gateway.work().steps() - 1; // the start is told too
    assertTrue(steps >= 2 && steps <= 6, steps + " steps");
    assertEquals(2 * steps, gateway.work().vectors());
    Sent sent = gateway.sent();
    assertEquals(2 * steps * (4L * ClickData.FEATURES + 12), sent.payload());
    assertEquals(sent.payload() + sent.framing() + sent.scalars(), sent.all());
    assertTrue(sent.framing() + sent.scalars() < steps * 1000, sent.toString());
  }

  /// The paper's tree: each sum is sent to one place and back, four vectors a step on each link but
  /// the hub's own, however many data centres there are.
  @Test
  void throughAHubAStepTakesFourVectorsOfThePaper() throws Exception {
    int dcs = 5;
    double optimum =
        train(1, 1, "tron", L2, Double.NaN, FadlTest::alike).getFirst().report().objective();
    double target = optimum * (1 + 1e-5);
    List<Result> all = train(dcs, 1, "fadl", "hub:dc1", L2, target, FadlTest::alike);
    long vectors = 0;
    long rest = 0;
    long steps = all.getFirst().work().steps() - 1;
    long vector = 4L * ClickData.FEATURES + 12;
    for (int dc = 0; dc < dcs; dc++) {
      Result result = all.get(dc);
      assertTrue(result.report().converged(), result.report().reason());
      assertEquals(all.getFirst().hash(), result.hash());
      // to the hub from the others; from the hub to each of the others
      vectors += (dc == 0 ? dcs - 1 : 1) * (result.sent().payload() / vector);
      assertEquals(0, result.sent().payload() % vector);
      rest += result.sent().framing() + result.sent().scalars();
    }
    assertEquals(4 * steps * (dcs - 1), vectors);
    assertTrue(rest < 4 * steps * (dcs - 1) * 1000, rest + " bytes beside vectors");
    double mesh =
        train(dcs, 1, "fadl", L2, target, FadlTest::alike).getFirst().report().objective();
    assertEquals(1, all.getFirst().report().objective() / mesh, 1e-9);
  }

  /// Rounding at the hub is carried: Newton's method ends where it does in a mesh.
  @Test
  void aHubIsAsExactAsAMesh() throws Exception {
    TrainingReport mesh =
        train(4, 1, "distributed", 1e-4, Double.NaN, FadlTest::apart).getFirst().report();
    TrainingReport through =
        train(4, 1, "distributed", "hub", 1e-4, Double.NaN, FadlTest::apart).getFirst().report();
    assertTrue(through.converged(), through.reason());
    assertEquals(1, through.objective() / mesh.objective(), 2e-9); // both stop at 1e-9
  }

  /// Times differ between ranks, all else is the same.
  private static TrainingReport like(TrainingReport first, TrainingReport other) {
    return new TrainingReport(
        other.reason(),
        other.converged(),
        other.rounds(),
        first.seconds(),
        other.objective(),
        other.loss(),
        first.rows(),
        first.gradientSeconds());
  }

  /// Where data centres differ much the paper's method stands still, and says so; Newton's method
  /// over exact sums arrives.
  @Test
  void rowsThatDifferEndWithoutProgress() throws Exception {
    double l2 = 1e-7;
    TrainingReport newton =
        train(8, 1, "distributed", l2, Double.NaN, FadlTest::apart).getFirst().report();
    assertTrue(newton.converged(), newton.reason());
    TrainingReport fadl =
        train(8, 1, "fadl", l2, newton.objective() * (1 + 1e-6), FadlTest::apart)
            .getFirst()
            .report();
    assertFalse(fadl.converged(), fadl.rounds() + " steps to " + fadl.objective());
    assertEquals("no progress", fadl.reason());
    assertTrue(fadl.objective() > newton.objective() * (1 + 1e-6));
  }
}
