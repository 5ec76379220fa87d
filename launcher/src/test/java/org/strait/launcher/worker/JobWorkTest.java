package org.strait.launcher.worker;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.strait.kernels.calibration.Work;
import org.strait.kernels.calibration.Workload;
import org.strait.launcher.config.Job;
import org.strait.launcher.config.JobFile;
import org.strait.launcher.config.JobKey;
import org.strait.launcher.config.JobResolver;
import org.strait.launcher.config.Settings;

class JobWorkTest {
  @TempDir Path folder;

  private static Job job(String... flags) {
    Settings settings = new Settings();
    for (int i = 0; i < flags.length; i += 2) {
      settings.flag(JobKey.valueOf(flags[i]), List.of(flags[i + 1]));
    }
    return JobResolver.resolve(new Settings(), JobFile.none(), settings);
  }

  private static Work work(Job job) {
    return JobWork.of(job, Plan.of(job, 1000), 1000, 8000, 50);
  }

  @Test
  void aTrainingOverAllRowsIsCountedAsSixtyRounds() {
    Work work = work(job("ROWS", "1000", "DCS", "2", "SOLVER", "lbfgs"));
    assertEquals(60 * 8000 * 3, work.of(Workload.SPARSE));
    assertEquals(60 * 1000 * 2, work.of(Workload.LOSS));
    assertEquals(60 * 50 * 100, work.of(Workload.VECTORS));
    assertEquals(60 * 50, work.of(Workload.CODEC));
    assertEquals(0, work.of(Workload.UPDATE));
    assertEquals(0, work.of(Workload.PRODUCTS));
  }

  @Test
  void fewerRoundsAndRoundsThatAllRunCountAsTheyAre() {
    assertEquals(5 * 2000, work(job("ROWS", "1000", "DCS", "2", "ROUNDS", "5")).of(Workload.LOSS));
    assertEquals(
        300 * 2000,
        work(job("ROWS", "1000", "DCS", "2", "ROUNDS", "300", "TOLERANCE", "0")).of(Workload.LOSS));
  }

  @Test
  void aReferenceTrainsTwiceAndADenseExchangeEncodesNothing() {
    Work once = work(job("ROWS", "1000", "DCS", "2", "SOLVER", "lbfgs"));
    Work twice = work(job("ROWS", "1000", "DCS", "2", "REFERENCE", "true"));
    assertEquals(2 * once.of(Workload.SPARSE), twice.of(Workload.SPARSE));
    assertEquals(0, work(job("ROWS", "1000", "DCS", "2", "EXCHANGE", "dense")).of(Workload.CODEC));
    assertEquals(0, work(job("ROWS", "1000", "DCS", "1")).of(Workload.CODEC));
  }

  @Test
  void miniBatchesCountTheirRowsAndUpdates() {
    Work work = work(job("ROWS", "1000", "DCS", "2", "BATCH", "100", "EPOCHS", "3"));
    assertEquals(30 * 800 * 2, work.of(Workload.SPARSE), 1e-6);
    assertEquals(30 * 50, work.of(Workload.UPDATE));
  }

  @Test
  void theGuessFromFilesIsNotBelowTheTruth() throws IOException {
    Path file = folder.resolve("rows.libsvm");
    Files.writeString(file, "+1 1:1 2:1 3:1 4:1\n".repeat(500));
    Job job = job("DATA", "" + file);
    Work guess = JobWork.guess(job);
    Work truth = JobWork.of(job, Plan.of(job, 500), 500, 2000, 4);
    assertTrue(guess.of(Workload.SPARSE) >= 0.9 * truth.of(Workload.SPARSE));
    assertTrue(JobWork.guess(job("ROWS", "1000", "DCS", "1")).of(Workload.SPARSE) > 0);
  }
}
