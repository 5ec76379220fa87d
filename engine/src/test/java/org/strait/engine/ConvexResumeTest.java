package org.strait.engine;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.SplittableRandom;
import java.util.concurrent.ExecutionException;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.strait.engine.checkpoint.CheckpointException;
import org.strait.engine.data.Dataset;
import org.strait.engine.data.DatasetBuilder;
import org.strait.engine.transport.PeerLostException;
import org.strait.memory.HostMemory;

/// Solvers that hold the loop go on from checkpoints and end at the same minimum.
@Timeout(240)
class ConvexResumeTest {
  private static final int ROWS = 600;
  private static final int FEATURES = 120;

  @TempDir Path folder;

  private static Dataset rows(HostMemory memory) {
    SplittableRandom random = new SplittableRandom(4);
    try (DatasetBuilder builder = new DatasetBuilder(memory)) {
      for (int row = 0; row < ROWS; row++) {
        double score = 0;
        for (int f = random.nextInt(12); f < FEATURES - 3; f += 1 + random.nextInt(12)) {
          float x = (float) random.nextGaussian();
          score += x * Math.sin(f);
          builder.entry(f, x);
        }
        builder.entry(FEATURES - 3 + row / 200, 1); // each data centre's own
        builder.endRow(random.nextDouble() < 1 / (1 + Math.exp(-score)) ? 1 : -1);
      }
      return builder.build("rows", FEATURES, memory);
    }
  }

  private static FrugalRuns.Job job(Dataset data, String solver, int ranks, long rounds) {
    int part = ROWS / (3 * ranks);
    List<int[]> parts =
        IntStream.range(0, 3 * ranks)
            .mapToObj(p -> IntStream.range(p * part, (p + 1) * part).toArray())
            .toList();
    TrainingConfig config = new TrainingConfig(1e-4, rounds, Double.NaN, 1e-9, 0.2, false);
    return new FrugalRuns.Job(data, parts, 3, "logistic", solver, config);
  }

  @ParameterizedTest
  @CsvSource({"frugal, 1", "frugal, 2", "distributed, 2", "lbfgs, 1"})
  void aLostDataCentreEndsItAndAllGoOn(String solver, int ranks) throws Exception {
    try (HostMemory memory = HostMemory.unlimited("rows")) {
      Dataset data = rows(memory);
      FrugalRuns.Job whole = job(data, solver, ranks, 500);
      TrainingReport unbroken = FrugalRuns.train(whole, "scalar", 60).getFirst().report();
      assertTrue(unbroken.converged(), unbroken.toString());

      FrugalRuns.Kept kept = new FrugalRuns.Kept(folder, 2, false);
      ExecutionException e =
          assertThrows(
              ExecutionException.class,
              () -> FrugalRuns.train(whole, "scalar", 60, 3 * ranks - 1, kept));
      assertTrue(e.getCause() instanceof PeerLostException, e.toString());

      FrugalRuns.Kept on = new FrugalRuns.Kept(folder, 1000, true);
      List<FrugalRuns.Result> all = FrugalRuns.train(whole, "scalar", 60, -1, on);
      for (FrugalRuns.Result result : all) {
        assertEquals(all.getFirst().hash(), result.hash());
        assertEquals(all.getFirst().report().rounds(), result.report().rounds());
      }
      TrainingReport report = all.getFirst().report();
      assertTrue(report.converged(), report.toString());
      assertEquals(unbroken.objective(), report.objective(), 2e-8 * unbroken.objective());
      FrugalRuns.Job bounded = job(data, solver, ranks, 3);
      TrainingReport next = FrugalRuns.train(bounded, "scalar", 60, -1, on).getFirst().report();
      assertEquals(3, next.rounds(), "two were done");
    }
  }

  @Test
  void whatDoesNotFitIsRefused() throws Exception {
    try (HostMemory memory = HostMemory.unlimited("rows")) {
      Dataset data = rows(memory);
      FrugalRuns.Kept none = new FrugalRuns.Kept(folder, 2, true);
      FrugalRuns.Job job = job(data, FrugalTrainer.NAME, 1, 5);
      ExecutionException e =
          assertThrows(
              ExecutionException.class, () -> FrugalRuns.train(job, "scalar", 60, -1, none));
      assertTrue(e.getCause() instanceof CheckpointException, e.toString());
      assertTrue(e.getMessage().contains("no round of which all"), e.getMessage());

      FrugalRuns.train(job, "scalar", 60, -1, new FrugalRuns.Kept(folder, 2, false));
      FrugalRuns.Job other = job(data, "distributed", 1, 50);
      e =
          assertThrows(
              ExecutionException.class, () -> FrugalRuns.train(other, "scalar", 60, -1, none));
      assertTrue(e.getMessage().contains("does not fit this training"), e.getMessage());

      try (DirectoryStream<Path> files = Files.newDirectoryStream(folder)) {
        for (Path file : files) {
          byte[] bytes = Files.readAllBytes(file);
          bytes[bytes.length / 2] ^= 1;
          Files.write(file, bytes);
        }
      }
      e =
          assertThrows(
              ExecutionException.class, () -> FrugalRuns.train(job, "scalar", 60, -1, none));
      assertTrue(e.getMessage().contains("no round of which all"), e.getMessage());
    }
  }
}
