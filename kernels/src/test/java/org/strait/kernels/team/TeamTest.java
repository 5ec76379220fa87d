package org.strait.kernels.team;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.sun.management.ThreadMXBean;
import java.lang.management.ManagementFactory;
import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;
import java.util.concurrent.CountDownLatch;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

@Timeout(60)
class TeamTest {
  private static final int MOST_PARTS = 17;
  private static final int CALLS = 50;

  /// Compilation runs beside the test. So many batches of calls may pass before it has to be done.
  private static final int MOST_BATCHES = 2_000;

  private final ThreadMXBean beans = (ThreadMXBean) ManagementFactory.getThreadMXBean();

  /// Adds a number to a cell per part, without atomics: the team makes the writes visible.
  private static final class Adding implements Team.Task {
    private final long[] cells = new long[MOST_PARTS];
    private final int[] workers = new int[MOST_PARTS];
    private long addend;

    @Override
    public void run(int part, int worker) {
      cells[part] += addend;
      workers[part] = worker;
    }
  }

  private static List<Thread> threads(String prefix) {
    return Thread.getAllStackTraces().keySet().stream()
        .filter(thread -> thread.getName().startsWith(prefix))
        .toList();
  }

  @ParameterizedTest
  @CsvSource({"1, true", "2, true", "2, false", "3, true", "3, false", "8, false"})
  void everyPartRunsOnceAndSeesTheCallersWrites(int threads, boolean spin) {
    try (Team team = new Team("many", threads, spin)) {
      assertEquals(threads, team.threads());
      SplittableRandom random = new SplittableRandom(threads);
      Adding task = new Adding();
      long[] expected = new long[MOST_PARTS];
      for (int run = 0; run < 5_000; run++) {
        int parts = random.nextInt(MOST_PARTS + 1);
        task.addend = random.nextInt(1000);
        for (int part = 0; part < parts; part++) {
          expected[part] += task.addend;
        }
        team.run(parts, task);
        assertArrayEquals(expected, task.cells, "after run " + run + " of " + parts + " parts");
      }
    }
  }

  @Test
  void partsAreDealtByTheNumbersAlone() {
    try (Team team = new Team("dealt", 3)) {
      Adding task = new Adding();
      for (int parts = 2; parts <= MOST_PARTS; parts++) {
        Arrays.fill(task.workers, -1);
        team.run(parts, task);
        for (int worker = 0; worker < 3; worker++) {
          for (int part = worker * parts / 3; part < (worker + 1) * parts / 3; part++) {
            assertEquals(worker, task.workers[part], "part " + part + " of " + parts);
          }
        }
      }
    }
  }

  @ParameterizedTest
  @ValueSource(booleans = {true, false})
  void wakesWorkersThatSleep(boolean spin) throws InterruptedException {
    try (Team team = new Team("asleep", 2, spin)) {
      Adding task = new Adding();
      task.addend = 1;
      Thread worker = threads("asleep-1").getFirst();
      for (int run = 1; run <= 20; run++) {
        while (worker.getState() != Thread.State.WAITING) {
          Thread.onSpinWait();
        }
        team.run(2, task);
        assertEquals(run, task.cells[0]);
        assertEquals(run, task.cells[1]);
      }
    }
  }

  @Test
  void workersAreDaemonsWithTheNameGiven() {
    try (Team team = new Team("strait-rank3", 3)) {
      assertEquals(3, team.threads());
      List<Thread> workers = threads("strait-rank3-");
      assertEquals(
          List.of("strait-rank3-1", "strait-rank3-2"),
          workers.stream().map(Thread::getName).sorted().toList());
      assertTrue(workers.stream().allMatch(Thread::isDaemon));
    }
    assertEquals(List.of(), threads("strait-rank3-"));
  }

  @Test
  void theLowestFailureIsThrownWithTheOthersSuppressed() {
    try (Team team = new Team("failing", 4, false)) {
      List<RuntimeException> failures =
          IntStream.range(0, 4).mapToObj(i -> new RuntimeException("part " + i)).toList();
      RuntimeException thrown =
          assertThrows(
              RuntimeException.class,
              () ->
                  team.run(
                      4,
                      (part, worker) -> {
                        if (part > 0) {
                          throw failures.get(part);
                        }
                      }));
      assertSame(failures.get(1), thrown);
      assertEquals(failures.subList(2, 4), List.of(thrown.getSuppressed()));
      // Nothing of it is left.
      Adding task = new Adding();
      task.addend = 1;
      team.run(4, task);
      assertArrayEquals(new long[] {1, 1, 1, 1}, Arrays.copyOf(task.cells, 4));
    }
  }

  @Test
  void oneAndTheSameFailureOfSeveralWorkersDoesNotSuppressItself() {
    try (Team team = new Team("same", 3, false)) {
      AssertionError same = new AssertionError("the same");
      AssertionError thrown =
          assertThrows(
              AssertionError.class,
              () ->
                  team.run(
                      9,
                      (part, worker) -> {
                        throw same;
                      }));
      assertSame(same, thrown);
      assertEquals(0, thrown.getSuppressed().length);
    }
  }

  @Test
  void failuresNeverEndAWorker() {
    try (Team team = new Team("tough", 3, false)) {
      List<Thread> before = threads("tough-");
      SplittableRandom random = new SplittableRandom(7);
      Adding task = new Adding();
      for (int run = 0; run < 2_000; run++) {
        int bad = random.nextInt(6);
        Error thrown =
            assertThrows(
                Error.class,
                () ->
                    team.run(
                        6,
                        (part, worker) -> {
                          task.run(part, worker);
                          if (part == bad) {
                            throw new StackOverflowError("part " + bad);
                          }
                        }));
        assertEquals("part " + bad, thrown.getMessage());
      }
      assertEquals(before.size(), threads("tough-").size());
    }
  }

  @Test
  void anInterruptIsKeptAndTheWorkIsDone() {
    try (Team team = new Team("interrupted", 2, false)) {
      Adding task = new Adding();
      task.addend = 1;
      for (int run = 1; run <= 200; run++) {
        Thread.currentThread().interrupt();
        team.run(2, task);
        assertTrue(Thread.interrupted(), "the interrupt was lost");
        assertEquals(run, task.cells[1]);
      }
    }
  }

  @Test
  void anInterruptWhileTheCallerWaitsIsKept() throws InterruptedException {
    try (Team team = new Team("waiting", 2, false)) {
      CountDownLatch go = new CountDownLatch(1);
      Thread caller = Thread.currentThread();
      Thread other =
          Thread.ofPlatform()
              .start(
                  () -> {
                    while (caller.getState() != Thread.State.WAITING) {
                      Thread.onSpinWait();
                    }
                    caller.interrupt();
                    go.countDown();
                  });
      long[] cell = new long[1];
      team.run(
          2,
          (part, worker) -> {
            if (part == 1) {
              awaitUninterruptibly(go);
              cell[0] = 1;
            }
          });
      assertEquals(1, cell[0]);
      assertTrue(Thread.interrupted(), "the interrupt was lost");
      other.join();
    }
  }

  private static void awaitUninterruptibly(CountDownLatch latch) {
    try {
      latch.await();
    } catch (InterruptedException e) {
      throw new IllegalStateException("a worker was interrupted", e);
    }
  }

  @Test
  void anInterruptedWorkerLivesOn() {
    try (Team team = new Team("poked", 2, false)) {
      Adding task = new Adding();
      task.addend = 1;
      for (int run = 1; run <= 200; run++) {
        threads("poked-1").getFirst().interrupt();
        team.run(2, task);
        assertEquals(run, task.cells[1]);
      }
    }
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 2, 3})
  void closingEndsIdleWorkersAndUseAfterwardsIsRefused(int threads) {
    Team team = new Team("closing", threads, true);
    Adding task = new Adding();
    team.run(3, task);
    team.close();
    team.close();
    assertEquals(List.of(), threads("closing-"));
    IllegalStateException refused =
        assertThrows(IllegalStateException.class, () -> team.run(3, task));
    assertEquals("the team is closed", refused.getMessage());
  }

  @Test
  void closingKeepsAnInterrupt() {
    Team team = new Team("closed-interrupted", 2, false);
    Thread.currentThread().interrupt();
    team.close();
    assertTrue(Thread.interrupted(), "the interrupt was lost");
    assertEquals(List.of(), threads("closed-interrupted-"));
  }

  @Test
  void aTaskMayNotRunItsTeam() {
    try (Team team = new Team("nested", 2, false)) {
      Adding inner = new Adding();
      IllegalStateException refused =
          assertThrows(
              IllegalStateException.class, () -> team.run(2, (part, worker) -> team.run(2, inner)));
      assertTrue(refused.getMessage().contains("a task may not run its own team"));
      assertEquals(1, refused.getSuppressed().length);
    }
  }

  @ParameterizedTest
  @ValueSource(ints = {0, -1})
  void aTeamHasThreads(int threads) {
    String message =
        assertThrows(IllegalArgumentException.class, () -> new Team("none", threads)).getMessage();
    assertEquals("a team of " + threads + " threads, expected 1 or more", message);
  }

  @ParameterizedTest
  @ValueSource(booleans = {true, false})
  void aRunAllocatesNothing(boolean spin) {
    try (Team team = new Team("steady", 2, spin)) {
      Adding task = new Adding();
      long[] ids = threads("steady-").stream().mapToLong(Thread::threadId).toArray();
      assertEquals(1, ids.length);
      long allocated = Long.MAX_VALUE;
      for (int batch = 0; allocated > 0 && batch < MOST_BATCHES; batch++) {
        long worker = beans.getThreadAllocatedBytes(ids[0]);
        long caller = beans.getCurrentThreadAllocatedBytes();
        for (int call = 0; call < CALLS; call++) {
          team.run(MOST_PARTS, task);
        }
        allocated = beans.getCurrentThreadAllocatedBytes() - caller;
        allocated += beans.getThreadAllocatedBytes(ids[0]) - worker;
      }
      assertEquals(0, allocated, "bytes allocated by " + CALLS + " runs");
    }
  }
}
