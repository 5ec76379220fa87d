package org.strait.engine.transport.mpi;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Collections;
import java.util.List;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/// Whole MPI jobs, started as a user starts them.
@Timeout(150)
class MpiJobTest {
  @TempDir Path folder;

  private MpiStarter.Ended run(MpiStarter starter, int n, Object... arguments) throws Exception {
    return starter.require().run(n, folder.resolve("job.log"), MpiJob.class, arguments);
  }

  private Path store(String name) throws IOException {
    return Files.createDirectory(folder.resolve(name));
  }

  @ParameterizedTest
  @EnumSource
  void sumsHaveTheSameBitsOnEveryRankAndInEveryRun(MpiStarter starter) throws Exception {
    int n = starter == MpiStarter.MPICH ? 3 : 4;
    MpiStarter.Ended first = run(starter, n, "bits", store("first"));
    MpiStarter.Ended second = run(starter, n, "bits", store("second"));
    assertEquals(0, first.status(), first.out());
    List<String> bits = first.after("bits");
    assertEquals(n, bits.size(), first.out());
    assertEquals(Collections.nCopies(n, bits.getFirst()), bits);
    assertEquals(bits, second.after("bits"), "another run");
  }

  @ParameterizedTest
  @EnumSource
  void longVectorsGoInPieces(MpiStarter starter) throws Exception {
    MpiStarter.Ended job = run(starter, 3, "pieces", store("store"));
    assertEquals(0, job.status(), job.out());
    assertEquals(3, job.out().lines().filter("right"::equals).count(), job.out());
  }

  @ParameterizedTest
  @EnumSource
  void aStepAllocatesNothing(MpiStarter starter) throws Exception {
    MpiStarter.Ended job = run(starter, 2, "allocation", store("store"));
    assertEquals(List.of("0", "0"), job.after("bytes-per-step"), job.out());
  }

  @ParameterizedTest
  @EnumSource
  void theJvmKeepsItsSignals(MpiStarter starter) throws Exception {
    MpiStarter.Ended job = run(starter, 2, "nulls", store("store"));
    assertEquals(List.of("10", "10"), job.after("nulls"), job.out());
    assertEquals(0, job.status(), job.out());
  }

  @ParameterizedTest
  @EnumSource
  void aRankThatDiesEndsTheJob(MpiStarter starter) throws Exception {
    MpiStarter.Ended job = run(starter, 2, "dies", store("store"));
    assertNotEquals(0, job.status(), job.out());
  }

  @ParameterizedTest
  @EnumSource
  void theStartersOwnLibraryIsNeeded(MpiStarter starter) throws Exception {
    MpiStarter.MPICH.require();
    MpiStarter.OPEN_MPI.require();
    String wrong = starter == MpiStarter.MPICH ? "libmpi.so.40" : "libmpich.so.12";
    MpiStarter.Ended job = run(starter, 2, "library", store("store"), wrong);
    List<String> refused = job.after("refused");
    assertEquals(2, refused.size(), job.out());
    assertTrue(refused.getFirst().contains(wrong), job.out());
    assertTrue(refused.getFirst().contains("says that this is process 0 of 2"), job.out());
    assertTrue(refused.getFirst().contains("sees process 0 of 1"), job.out());
  }

  @ParameterizedTest
  @EnumSource
  void ranksInAnotherOrderAreRefused(MpiStarter starter) throws Exception {
    MpiStarter.Ended job = run(starter, 2, "order", store("store"));
    assertEquals(
        Collections.nCopies(
            2,
            "transport mpi: rank 1 (local) is MPI's process 0, but should be 2: the job's ranks and"
                + " MPI's must have the same order"),
        job.after("refused"),
        job.out());
  }

  @ParameterizedTest
  @EnumSource
  void moreRanksThanProcessesAreRefused(MpiStarter starter) throws Exception {
    MpiStarter.Ended job = run(starter, 2, "more", store("store"));
    assertEquals(
        Collections.nCopies(
            2, "transport mpi: group more has 3 ranks, but only 2 processes were started"),
        job.after("refused"),
        job.out());
  }

  @ParameterizedTest
  @EnumSource
  void aGroupIsOfOneJob(MpiStarter starter) throws Exception {
    Path store = store("store");
    starter.require();
    Path log = folder.resolve("other.log");
    Process other = starter.start(2, log, MpiJob.class, "world", store, 1);
    MpiStarter.Ended job = run(starter, 2, "world", store, 0);
    MpiStarter.Ended there = MpiStarter.await(other, log);
    assertEquals(
        List.of(
            "transport mpi: rank 1 (local) was not started together with rank 0 (local); one"
                + " mpirun or srun must start all ranks of group both"),
        job.after("refused"),
        job.out());
    assertEquals(1, there.after("refused").size(), there.out());
  }

  @ParameterizedTest
  @EnumSource
  void aLowThreadLevelIsRefused(MpiStarter starter) throws Exception {
    MpiStarter.Ended job = run(starter, 1, "level", store("store"));
    assertEquals(1, job.after("refused").size(), job.out());
    assertTrue(
        job.after("refused")
            .getFirst()
            .endsWith(
                "its thread level is 0, but several threads of a rank send and receive:"
                    + " MPI_THREAD_MULTIPLE (3) is needed; initialise MPI with it, or leave that to"
                    + " Strait"),
        job.out());
  }
}
