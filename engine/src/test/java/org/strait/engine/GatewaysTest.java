package org.strait.engine;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.atomic.AtomicLongArray;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.strait.engine.adapt.Adapt;
import org.strait.engine.adapt.Controllers;
import org.strait.engine.checkpoint.CheckpointFolder;
import org.strait.engine.rendezvous.MemoryStore;
import org.strait.engine.topology.Topology;
import org.strait.engine.transport.LoopbackNetwork;
import org.strait.engine.transport.PeerLostException;

/// 3 data centres of 4 ranks, of which one or several speak to the others.
@Timeout(120)
class GatewaysTest {
  private static final int DCS = 3;
  private static final int RANKS = 4;
  private static final int ROUNDS = 4;

  @TempDir Path folder;

  private static float[] vector(int rank, int round, int n) {
    SplittableRandom random = new SplittableRandom(100 * rank + round);
    float[] values = new float[n];
    for (int i = 0; i < n; i++) {
      values[i] = (float) random.nextGaussian();
    }
    return values;
  }

  /// What every rank holds after some rounds.
  private static List<float[]> average(String spec, String route, int n, int gateways)
      throws Exception {
    Topology topology = Topology.uniform(DCS, RANKS).withGateways(gateways);
    AtomicLongArray sent = new AtomicLongArray(DCS * RANKS);
    try (LoopbackNetwork network = new LoopbackNetwork();
        MemoryStore store = new MemoryStore()) {
      SessionSettings settings =
          SessionSettings.threadsOf(network).withBackend("scalar").withRoute(route);
      List<float[]> results =
          Ranks.run(
              DCS * RANKS,
              rank ->
                  () -> {
                    try (Session session = Session.open(topology, rank, store, settings);
                        Averager averager = session.averager(n, spec)) {
                      float[] mean = null;
                      for (int round = 0; round < ROUNDS; round++) {
                        mean = vector(rank, round, n);
                        averager.average(mean, 1 + rank % 3);
                      }
                      session.drain();
                      sent.set(rank, session.wanBytesSent());
                      return mean;
                    }
                  });
      for (int rank = 0; rank < DCS * RANKS; rank++) {
        assertArrayEquals(results.getFirst(), results.get(rank), "rank " + rank);
        assertEquals(rank % RANKS < gateways, sent.get(rank) > 0, "rank " + rank);
      }
      return results;
    }
  }

  /// What works by elements or by blocks of 256 gives the same bits, since shards of long vectors
  /// begin at whole blocks.
  @ParameterizedTest
  @CsvSource(
      delimiter = ' ',
      value = {
        "dense mesh 7",
        "dense mesh 10000",
        "dense hub 10000",
        "fp16 mesh 10000",
        "int8 mesh 10000",
        "int4,error-feedback mesh 10000",
        "int8,rans,difference mesh 10000",
        "int8,difference hub 10000",
        "chunk-top-k:64/4096,ef mesh 70000"
      })
  void shardsOfWholeBlocksGiveTheBitsOfOneGateway(String spec, String route, int n)
      throws Exception {
    float[] one = average(spec, route, n, 1).getFirst();
    assertArrayEquals(one, average(spec, route, n, 2).getFirst());
    assertArrayEquals(one, average(spec, route, n, 4).getFirst());
  }

  /// Top-k keeps as many of each shard as its length calls for.
  @Test
  void othersGiveOneMeanToo() throws Exception {
    assertFalse(
        Arrays.equals(
            average("top-k:10%,ef", "mesh", 10000, 1).getFirst(),
            average("top-k:10%,ef", "mesh", 10000, 2).getFirst()));
  }

  private static List<SmallJob.Result> train(
      String spec, int gateways, int rounds, Path keep, boolean resumes, Adapt adapt)
      throws Exception {
    Topology topology = Topology.uniform(DCS, RANKS).withGateways(gateways);
    TrainingConfig config = new TrainingConfig(SmallJob.L2, rounds, Double.NaN, 0, 0.2, false);
    try (LoopbackNetwork network = new LoopbackNetwork();
        MemoryStore store = new MemoryStore()) {
      SessionSettings settings = SessionSettings.threadsOf(network).withBackend("scalar");
      return Ranks.run(
          DCS * RANKS,
          rank ->
              () -> {
                SmallJob job = new SmallJob(topology, store, settings, "lbfgs", spec, config);
                if (keep != null) {
                  job.keeping(keep, new Checkpoints.Every(5, 0));
                }
                if (resumes) {
                  job.resuming();
                }
                if (adapt != null) {
                  job.adapting(adapt, session -> System::nanoTime);
                }
                return job.run(rank, step -> {});
              });
    }
  }

  private static String hash(List<SmallJob.Result> results) {
    for (SmallJob.Result result : results) {
      assertEquals(results.getFirst().hash(), result.hash());
    }
    return results.getFirst().hash();
  }

  @Test
  void aTrainingHasTheSameModelEverywhere() throws Exception {
    assertEquals(
        hash(train("dense", 1, 30, null, false, null)),
        hash(train("dense", 2, 30, null, false, null)));
    String spec = "step:auto,rans,difference";
    List<SmallJob.Result> one = train(spec, 1, 60, null, false, null);
    List<SmallJob.Result> two = train(spec, 2, 60, null, false, null);
    hash(two);
    double objective = one.getFirst().report().objective();
    assertEquals(objective, two.getFirst().report().objective(), 1e-3 * objective);
  }

  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  void aResumedTrainingGivesTheSameBits(boolean adapts) throws Exception {
    Adapt adapt = adapts ? Adapt.of(Controllers.named("bytes"), 4, 0.3) : null;
    String spec = adapts ? "top-k:1%..100%,int4..int8,difference" : "top-k:auto,int8,difference";
    String unbroken = hash(train(spec, 2, 31, null, false, adapt));
    train(spec, 2, 18, folder, false, adapt);
    CheckpointFolder second = new CheckpointFolder(folder, "dc2~gateway2");
    assertEquals(List.of(10L, 15L), second.rounds());
    // As if one gateway had been killed while the others had written already.
    Files.delete(second.file(15));
    assertEquals(unbroken, hash(train(spec, 2, 31, folder, true, adapt)));
  }

  @Test
  void noLossIsSurvived() {
    Topology topology = Topology.uniform(DCS, 2).withGateways(2);
    try (LoopbackNetwork network = new LoopbackNetwork();
        MemoryStore store = new MemoryStore()) {
      SessionSettings settings =
          SessionSettings.threadsOf(network).withSurvival(Survival.of("majority"));
      ExecutionException e =
          assertThrows(
              ExecutionException.class,
              () -> Ranks.run(6, rank -> () -> Session.open(topology, rank, store, settings)));
      assertInstanceOf(IllegalArgumentException.class, e.getCause());
      assertTrue(e.getCause().getMessage().contains("but the quorum is majority"), e.toString());
    }
  }

  /// A data centre that goes ends the run of all shards.
  @Test
  void aLossEndsAllShards() throws Exception {
    Topology topology = Topology.uniform(DCS, 2).withGateways(2);
    try (LoopbackNetwork network = new LoopbackNetwork();
        MemoryStore store = new MemoryStore()) {
      SessionSettings settings = SessionSettings.threadsOf(network).withBackend("scalar");
      List<Throwable> ends =
          Ranks.run(
              6,
              rank ->
                  () -> {
                    try (Session session = Session.open(topology, rank, store, settings);
                        Averager averager = session.averager(100, "dense")) {
                      for (int round = 0; round < 3; round++) {
                        averager.average(vector(rank, round, 100), 1);
                      }
                      if (rank / 2 == 1) {
                        return null; // closes its session
                      }
                      try {
                        averager.average(vector(rank, 3, 100), 1);
                      } catch (PeerLostException e) {
                        return e;
                      }
                      throw new AssertionError("rank " + rank + " lost nobody");
                    }
                  });
      assertEquals(4, ends.stream().filter(PeerLostException.class::isInstance).count());
    }
  }

  @Test
  void aDataCentreNeedsAsManyRanks() {
    IllegalArgumentException e =
        assertThrows(IllegalArgumentException.class, () -> Topology.uniform(2, 2).withGateways(3));
    assertEquals("3 gateways in every data centre, but dc1 has 2 ranks", e.getMessage());
  }
}
