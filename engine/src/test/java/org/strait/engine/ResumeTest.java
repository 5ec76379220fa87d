package org.strait.engine;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.strait.engine.checkpoint.CheckpointException;
import org.strait.engine.checkpoint.CheckpointFolder;
import org.strait.engine.exchange.Timing;
import org.strait.engine.rendezvous.MemoryStore;
import org.strait.engine.topology.Topology;
import org.strait.engine.transport.LoopbackNetwork;

/// A training that ended in the middle and goes on gives the bits of one that did not.
@Timeout(60)
class ResumeTest {
  private static final Checkpoints.Every FIVE = new Checkpoints.Every(5, 0);

  @TempDir Path folder;

  private static List<SmallJob.Result> train(
      int dcs, String solver, String compressor, int batch, long rounds, Path folder, boolean more)
      throws Exception {
    Topology topology = Topology.uniform(dcs, 2);
    TrainingConfig config = new TrainingConfig(SmallJob.L2, rounds, Double.NaN, 0, 0.2, batch > 0);
    try (MemoryStore store = new MemoryStore();
        LoopbackNetwork network = new LoopbackNetwork()) {
      SmallJob job =
          new SmallJob(
              topology, store, SessionSettings.threadsOf(network), solver, compressor, config);
      job.batches(batch).keeping(folder, FIVE);
      if (more) {
        job.resuming();
      }
      return Ranks.run(
          topology.size(), rank -> (Callable<SmallJob.Result>) () -> job.run(rank, step -> {}));
    }
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = ' ',
      value = {
        "1 lbfgs dense 0",
        "2 lbfgs top-k:auto,int8,difference 0",
        "3 lbfgs dense 0",
        "2 momentum top-k:5%,int8,error-feedback 30",
        "3 adamw top-k:5%,difference 30",
        "2 sgd int8 50"
      })
  void givesTheSameBits(int dcs, String solver, String compressor, int batch) throws Exception {
    List<SmallJob.Result> unbroken =
        train(dcs, solver, compressor, batch, 31, folder.resolve("a"), false);
    train(dcs, solver, compressor, batch, 18, folder.resolve("b"), false);
    // As if the second data centre had been killed while the first had written already.
    CheckpointFolder last = new CheckpointFolder(folder.resolve("b"), "dc" + dcs);
    assertEquals(List.of(10L, 15L), last.rounds());
    if (dcs > 1) {
      Files.delete(last.file(15));
    }
    List<SmallJob.Result> resumed =
        train(dcs, solver, compressor, batch, 31, folder.resolve("b"), true);
    for (int rank = 0; rank < unbroken.size(); rank++) {
      assertEquals(unbroken.get(rank).hash(), resumed.get(rank).hash());
      assertEquals(31, resumed.get(rank).report().rounds());
      assertEquals(unbroken.get(rank).report().objective(), resumed.get(rank).report().objective());
      assertEquals(unbroken.get(rank).report().rows(), resumed.get(rank).report().rows());
    }
  }

  private static List<SmallJob.Result> locally(
      LocalSteps steps, String compressor, long rounds, Path folder, boolean more)
      throws Exception {
    Topology topology = Topology.uniform(3, 2);
    TrainingConfig config = new TrainingConfig(SmallJob.L2, rounds, Double.NaN, 0, 0.2, true);
    try (MemoryStore store = new MemoryStore();
        LoopbackNetwork network = new LoopbackNetwork()) {
      SmallJob job =
          new SmallJob(
              topology, store, SessionSettings.threadsOf(network), "momentum", compressor, config);
      job.batches(30).locally(steps).keeping(folder, FIVE);
      if (more) {
        job.resuming();
      }
      return Ranks.run(
          topology.size(), rank -> (Callable<SmallJob.Result>) () -> job.run(rank, step -> {}));
    }
  }

  /// Rounds under way are taken before a checkpoint, so it comes as many rounds later as may be
  /// ahead; out of step a run has no bits to compare with.
  @ParameterizedTest
  @CsvSource(
      delimiter = ' ',
      value = {
        "sync 1 int4,rans,error-feedback 10 15",
        "sync 2 int8,difference 10 15",
        "overlap 1 int4,rans,error-feedback 11 16",
        "overlap 4 top-k:5%,difference 11 16",
        "stale:2 2 int4,error-feedback 12 17"
      })
  void localStepsGoOnToTheSameBits(
      String timing, int fragments, String compressor, long before, long last) throws Exception {
    LocalSteps steps =
        LocalSteps.every(4)
            .withOuter("nesterov:0.7,0.5")
            .inFragments(fragments)
            .with(Timing.parse(timing));
    List<SmallJob.Result> unbroken = locally(steps, compressor, 31, folder.resolve("a"), false);
    locally(steps, compressor, 19, folder.resolve("b"), false);
    for (int dc = 1; dc <= 3; dc++) {
      CheckpointFolder kept = new CheckpointFolder(folder.resolve("b"), "dc" + dc);
      assertEquals(List.of(before, last), kept.rounds());
      if (dc == 2) {
        Files.delete(kept.file(last));
      }
    }
    List<SmallJob.Result> resumed = locally(steps, compressor, 31, folder.resolve("b"), true);
    for (int rank = 0; rank < unbroken.size(); rank++) {
      assertEquals(resumed.getFirst().hash(), resumed.get(rank).hash());
      assertEquals(31, resumed.get(rank).report().rounds());
      assertEquals(unbroken.get(rank).report().rows(), resumed.get(rank).report().rows());
      if (!timing.startsWith("stale")) {
        assertEquals(unbroken.get(rank).hash(), resumed.get(rank).hash());
        assertEquals(
            unbroken.get(rank).report().objective(), resumed.get(rank).report().objective());
      }
    }
  }

  @Test
  void aCutCheckpointIsPassedOver() throws Exception {
    String spec = "top-k:auto,int8,difference";
    List<SmallJob.Result> unbroken = train(2, "lbfgs", spec, 0, 31, folder.resolve("a"), false);
    train(2, "lbfgs", spec, 0, 18, folder.resolve("b"), false);
    Path cut = new CheckpointFolder(folder.resolve("b"), "dc1").file(15);
    byte[] bytes = Files.readAllBytes(cut);
    Files.write(cut, java.util.Arrays.copyOf(bytes, bytes.length / 2));
    List<SmallJob.Result> resumed = train(2, "lbfgs", spec, 0, 31, folder.resolve("b"), true);
    assertEquals(unbroken.getFirst().hash(), resumed.getFirst().hash());
  }

  @Test
  void noCommonRoundIsSaidByAll() throws Exception {
    train(2, "sgd", "dense", 0, 18, folder, false);
    CheckpointFolder second = new CheckpointFolder(folder, "dc2");
    Files.delete(second.file(10));
    Files.delete(second.file(15));
    ExecutionException e =
        assertThrows(ExecutionException.class, () -> train(2, "sgd", "dense", 0, 31, folder, true));
    String message = assertInstanceOf(CheckpointException.class, e.getCause()).getMessage();
    assertTrue(message.contains("dc1 has [15, 10], dc2 has none"), message);
    assertTrue(message.contains("begin a new run without --resume"), message);
  }

  @Test
  void anotherSolverIsRefused() throws Exception {
    train(1, "sgd", "dense", 0, 18, folder, false);
    ExecutionException e =
        assertThrows(
            ExecutionException.class, () -> train(1, "lbfgs", "dense", 0, 31, folder, true));
    String message = e.getCause().getMessage();
    assertTrue(message.contains("does not fit this training: solver lbfgs"), message);
  }
}
