package org.strait.launcher.start;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/// Ranks are tiny shell programs that die, hang or talk nonsense.
@Timeout(60)
class SupervisorTest {
  /// Waits for its standard input to end, which is when the launcher is gone.
  private static final String HANG = "exec cat > /dev/null";

  @TempDir Path logs;

  private final Set<Integer> victims = ConcurrentHashMap.newKeySet();
  private final List<String> output = Collections.synchronizedList(new ArrayList<>());
  private final List<String> deaths = new ArrayList<>();
  private CountDownLatch ready = new CountDownLatch(0);

  private final class Listener implements RankListener {
    @Override
    public boolean output(int rank, String line) {
      if (line.equals("ready")) {
        ready.countDown();
      }
      if (line.equals("lost a peer")) {
        victims.add(rank);
      }
      output.add(rank + " " + line);
      return !line.startsWith("?");
    }

    @Override
    public void log(int rank, String line) {
      output.add(rank + "! " + line);
    }

    @Override
    public boolean blamesPeer(int rank) {
      return victims.contains(rank);
    }
  }

  private Supervisor start(Duration grace, String... scripts) throws IOException {
    Supervisor supervisor =
        new Supervisor(new Listener(), death -> deaths.add(death.sentence()), grace);
    List<RankSpec> specs = new ArrayList<>();
    for (int rank = 0; rank < scripts.length; rank++) {
      specs.add(
          new RankSpec(
              rank,
              "dc" + (rank / 2 + 1),
              List.of("/bin/sh", "-c", scripts[rank]),
              Map.of("STRAIT_RANK", "" + rank)));
    }
    supervisor.start(specs, logs);
    return supervisor;
  }

  private static void assertNoneLeft(Supervisor supervisor) {
    for (long pid : supervisor.pids()) {
      assertFalse(ProcessHandle.of(pid).map(ProcessHandle::isAlive).orElse(false), "pid " + pid);
    }
  }

  @Test
  void allEndWell() throws Exception {
    Supervisor supervisor =
        start(Duration.ofSeconds(9), "echo hello $STRAIT_RANK", "echo '?nonsense'; echo oh >&2");
    Outcome outcome = supervisor.await();
    assertEquals(List.of(0, 0), outcome.exitStatuses());
    assertTrue(outcome.firstDeath().isEmpty());
    assertTrue(output.contains("0 hello 0"));
    assertEquals(
        Set.of("?nonsense", "oh"), Set.copyOf(Files.readAllLines(logs.resolve("rank-1.log"))));
    assertEquals("", Files.readString(logs.resolve("rank-0.log")));
  }

  @Test
  void rankKilledBySignalIsNamedAndTheHungOnesAreEnded() throws Exception {
    Supervisor supervisor =
        start(Duration.ofMillis(100), HANG, HANG, HANG, "echo last words >&2; kill -9 $$");
    Outcome outcome = supervisor.await();
    Death death = outcome.firstDeath().orElseThrow();
    assertEquals("rank 3 (dc2) was killed by signal 9 (SIGKILL)", death.sentence());
    assertEquals(List.of("last words"), death.lastLines());
    assertEquals(List.of("rank 3 (dc2) was killed by signal 9 (SIGKILL)"), deaths);
    assertEquals(143, outcome.exitStatuses().get(0));
    assertNoneLeft(supervisor);
  }

  @Test
  void rankThatIgnoresTermIsKilled() throws Exception {
    ready = new CountDownLatch(1);
    Path gate = logs.resolve("gate");
    Supervisor supervisor =
        start(
            Duration.ofMillis(50),
            "trap '' TERM; echo ready; while :; do read -r x || exit 0; done",
            "while [ ! -e " + gate + " ]; do sleep 0.05; done; exit 7");
    ready.await();
    Files.createFile(gate);
    Outcome outcome = supervisor.await();
    assertEquals(List.of(137, 7), outcome.exitStatuses());
    assertEquals(
        "rank 1 (dc1) ended with exit status 7", outcome.firstDeath().orElseThrow().sentence());
    assertNoneLeft(supervisor);
  }

  @Test
  void victimSeenDeadFirstIsNotTheCause() throws Exception {
    Path gate = logs.resolve("gate");
    Supervisor supervisor =
        start(
            Duration.ofSeconds(20),
            "echo 'lost a peer'; touch " + gate + "; exit 30",
            "while [ ! -e " + gate + " ]; do sleep 0.05; done; sleep 0.1; kill -11 $$");
    Outcome outcome = supervisor.await();
    assertEquals(
        "rank 1 (dc1) was killed by signal 11 (SIGSEGV)",
        outcome.firstDeath().orElseThrow().sentence());
    assertEquals(2, deaths.size());
    assertNoneLeft(supervisor);
  }

  @Test
  void interruptEndsAllAndBlamesNobody() throws Exception {
    ready = new CountDownLatch(2);
    String talk = "echo ready; " + HANG;
    Supervisor supervisor = start(Duration.ofSeconds(20), talk, talk);
    Thread user =
        Thread.ofVirtual()
            .start(
                () -> {
                  try {
                    ready.await();
                  } catch (InterruptedException e) {
                    Thread.currentThread().interrupt();
                  }
                  supervisor.interrupt();
                });
    Outcome outcome = supervisor.await();
    user.join();
    assertTrue(outcome.interrupted());
    assertTrue(outcome.firstDeath().isEmpty());
    assertNoneLeft(supervisor);
  }

  @Test
  void programThatIsNotThereLeavesNoneRunning() {
    Supervisor supervisor = new Supervisor(new Listener(), death -> {}, Duration.ofSeconds(1));
    List<RankSpec> specs =
        List.of(
            new RankSpec(0, "", List.of("/bin/sh", "-c", HANG), Map.of()),
            new RankSpec(1, "", List.of("/no/such/program"), Map.of()));
    assertThrows(IOException.class, () -> supervisor.start(specs, logs));
    for (long pid : supervisor.pids()) {
      ProcessHandle.of(pid).ifPresent(handle -> handle.onExit().join());
    }
    assertEquals(1, supervisor.pids().size());
    assertNoneLeft(supervisor);
  }

  @Test
  void workerCommandCarriesNoSecret() {
    StoreHost store =
        new StoreHost() {
          @Override
          public String host() {
            return "127.0.0.1";
          }

          @Override
          public int port() {
            return 4711;
          }

          @Override
          public String token() {
            return "open sesame";
          }

          @Override
          public void set(String key, String value) {
            throw new AssertionError("not asked for");
          }

          @Override
          public void close() {
            throw new AssertionError("not asked for");
          }
        };
    List<RankSpec> specs =
        WorkerCommandLine.ranks(
            List.of("dc1", "dc1", "dc2"), store, Path.of("/x/job.json"), Path.of("/x"));
    assertEquals(3, specs.size());
    List<String> command = specs.get(2).command();
    assertEquals(
        List.of(
            "worker",
            "--rank",
            "2",
            "--size",
            "3",
            "--store",
            "127.0.0.1:4711",
            "--job",
            "/x/job.json",
            "--out",
            "/x"),
        command.subList(command.indexOf("worker"), command.size()));
    assertFalse(String.join(" ", command).contains("sesame"));
    assertEquals("open sesame", specs.get(2).environment().get("STRAIT_TOKEN"));
    // The library computes in the calling thread, however many threads a rank has.
    assertEquals("1", specs.get(2).environment().get("OPENBLAS_NUM_THREADS"));
  }
}
