package org.strait.engine;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicIntegerArray;
import java.util.function.IntConsumer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.strait.engine.exchange.Timing;
import org.strait.engine.metrics.StepMetrics;
import org.strait.engine.rendezvous.MemoryStore;
import org.strait.engine.topology.Topology;
import org.strait.engine.transport.LoopbackNetwork;

/// Local steps over 3 data centres × 2 ranks with different rows: every timing ends with one model
/// in all data centres, and a good one.
@Timeout(120)
class LocalStepsTest {
  private static final int DCS = 3;
  private static final int RANKS = 2;

  /// What every rank ended with.
  private static List<SmallJob.Result> train(
      LocalSteps steps, String solver, String compressor, int rounds, IntConsumer... atRound)
      throws Exception {
    Topology topology = Topology.uniform(DCS, RANKS);
    try (LoopbackNetwork network = new LoopbackNetwork();
        MemoryStore store = new MemoryStore()) {
      SessionSettings settings = SessionSettings.threadsOf(network).withBackend("scalar");
      TrainingConfig config = new TrainingConfig(SmallJob.L2, rounds, Double.NaN, 0, 0.2, true);
      return Ranks.run(
          DCS * RANKS,
          rank ->
              () ->
                  new SmallJob(topology, store, settings, solver, compressor, config)
                      .batches(50)
                      .locally(steps)
                      .run(
                          rank,
                          (StepMetrics step) -> {
                            if (atRound.length > 0 && rank % RANKS == 0) {
                              atRound[rank / RANKS].accept((int) step.round());
                            }
                          }));
    }
  }

  private static double objective(List<SmallJob.Result> results, String what) {
    for (SmallJob.Result result : results) {
      assertEquals(results.getFirst().hash(), result.hash(), what);
      assertEquals(results.getFirst().report().objective(), result.report().objective(), what);
    }
    return results.getFirst().report().objective();
  }

  /// One step between two rounds, averaged: stochastic gradient descent over all rows.
  @Test
  void oneLocalStepIsAnEveryStep() throws Exception {
    double local = objective(train(LocalSteps.every(1), "sgd", "dense", 60), "1 step");
    Topology topology = Topology.uniform(DCS, RANKS);
    try (LoopbackNetwork network = new LoopbackNetwork();
        MemoryStore store = new MemoryStore()) {
      SessionSettings settings = SessionSettings.threadsOf(network).withBackend("scalar");
      TrainingConfig config = new TrainingConfig(SmallJob.L2, 61, Double.NaN, 0, 0.2, true);
      List<SmallJob.Result> every =
          Ranks.run(
              DCS * RANKS,
              rank ->
                  () ->
                      new SmallJob(topology, store, settings, "sgd", "dense", config)
                          .batches(50)
                          .run(rank, step -> {}));
      // The every-step loop measures its last point, and moves no more.
      assertEquals(every.getFirst().report().objective(), local, 1e-5);
    }
  }

  @ParameterizedTest
  @CsvSource({
    "sync,1,average,dense",
    "sync,1,nesterov:0.7,int4|error-feedback",
    "overlap,1,average,int4|rans|error-feedback",
    "overlap,4,average,dense",
    "sync,4,nesterov:1,int8|difference",
    "stale:3,1,average,int4|error-feedback",
    "stale:3,2,average,chunk-top-k:64/1024|int8|error-feedback"
  })
  void everyTimingEndsWithOneGoodModel(
      String timing, int fragments, String outer, String compressor) throws Exception {
    LocalSteps steps =
        LocalSteps.every(4)
            .withOuter(outer.replace("nesterov:0.7", "nesterov:0.7,0.5").replace("v:1", "v:1,0.3"))
            .inFragments(fragments)
            .with(Timing.parse(timing));
    String spec = compressor.replace('|', ',');
    double found = objective(train(steps, "sgd", spec, 60 * fragments), steps + " " + spec);
    double best = objective(train(LocalSteps.every(1), "sgd", "dense", 400), "reference");
    // Out of step, how far a data centre ran ahead is chance.
    double room = timing.startsWith("stale") ? 1.15 : 1.05;
    assertTrue(found < room * best, steps + " " + spec + ": " + found + ", reference " + best);
  }

  @ParameterizedTest
  @ValueSource(strings = {"sync", "overlap"})
  void inStepRunsRepeatBitForBit(String timing) throws Exception {
    LocalSteps steps = LocalSteps.every(4).inFragments(2).with(Timing.parse(timing));
    String spec = "int4,rans,error-feedback";
    assertEquals(
        train(steps, "momentum", spec, 20).getFirst().hash(),
        train(steps, "momentum", spec, 20).getFirst().hash());
  }

  /// The first data centre runs ahead of one that stands still, as far as it may and no further.
  @Test
  void aFastOneRunsAheadAsFarAsItMay() throws Exception {
    int ahead = 3;
    int standsAt = 4;
    AtomicIntegerArray at = new AtomicIntegerArray(DCS);
    AtomicInteger most = new AtomicInteger();
    CountDownLatch far = new CountDownLatch(1);
    IntConsumer fast =
        round -> {
          at.set(0, round);
          most.accumulateAndGet(round - at.get(2), Math::max);
          if (round == standsAt + ahead) {
            far.countDown();
          }
        };
    IntConsumer slow =
        round -> {
          at.set(2, round);
          if (round == standsAt) {
            try {
              assertTrue(far.await(60, TimeUnit.SECONDS), "the fast one waits for the slow one");
            } catch (InterruptedException e) {
              Thread.currentThread().interrupt();
            }
          }
        };
    LocalSteps steps = LocalSteps.every(2).with(Timing.parse("stale:" + ahead));
    objective(train(steps, "sgd", "dense", 30, fast, round -> at.set(1, round), slow), "ahead");
    // A round is reported when the next one may begin; the slow one's own report may be late by
    // one.
    assertTrue(most.get() >= ahead && most.get() <= ahead + 1, "ran ahead by " + most.get());
  }

  @Test
  void mistakesAreNamed() {
    assertThrows(IllegalArgumentException.class, () -> Timing.parse("stale"));
    assertThrows(IllegalArgumentException.class, () -> Timing.parse("stale:65"));
    assertThrows(IllegalArgumentException.class, () -> LocalSteps.every(0));
    assertThrows(IllegalArgumentException.class, () -> LocalSteps.every(4).inFragments(3));
    assertThrows(IllegalArgumentException.class, () -> LocalSteps.every(4).withOuter("adam"));
    assertEquals(new LocalSteps(8, 2, new Timing(1, true), 0.7, 0.9), all());
  }

  private static LocalSteps all() {
    return LocalSteps.every(8).inFragments(2).with(Timing.parse("overlap")).withOuter("nesterov");
  }
}
