package org.strait.engine.transport.shared;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.abort;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// Ranks that are processes: they sum, and when one is killed or stopped, in whatever phase, the
/// others end by themselves, name it, and leave nothing behind.
@Timeout(120)
class SharedMemoryProcessTest {
  private static final Path MEMORY = Path.of("/dev/shm");
  private static final int RANKS = 3;
  private static final int PEER_LOST = 30;
  private static final long SECONDS = 60;

  @TempDir Path folder;
  private final List<Process> ranks = new ArrayList<>();

  @BeforeEach
  void linuxOnly() {
    assumeTrue(Files.isDirectory(MEMORY), "no /dev/shm: shared memory of processes is Linux's");
  }

  @AfterEach
  void endAll() throws InterruptedException {
    for (Process rank : ranks) {
      rank.destroyForcibly();
      rank.waitFor();
    }
  }

  private Process start(int rank, int size, String phase, long steps, String... before)
      throws IOException {
    List<String> command = new ArrayList<>(List.of(before));
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.addAll(
        List.of(
            "-XX:+UseSerialGC",
            "-XX:TieredStopAtLevel=1",
            "-Xmx128m",
            "-Xshare:auto",
            "--add-modules=jdk.incubator.vector",
            "--enable-native-access=ALL-UNNAMED",
            "-cp",
            System.getProperty("java.class.path"),
            SharedRank.class.getName(),
            folder.resolve("store").toString(),
            Integer.toString(rank),
            Integer.toString(size),
            phase,
            Long.toString(steps)));
    Process process =
        new ProcessBuilder(command)
            .redirectErrorStream(true)
            .redirectOutput(output(rank).toFile())
            .start();
    ranks.add(process);
    return process;
  }

  private Path output(int rank) {
    return folder.resolve("rank" + rank);
  }

  private String said(int rank) throws IOException {
    return Files.readString(output(rank));
  }

  private void awaitReady(int rank) throws IOException, InterruptedException {
    while (!said(rank).contains("ready")) {
      assertTrue(ranks.get(rank).isAlive(), said(rank));
      // Polling a file; no result depends on how long.
      ranks.get(rank).waitFor(5, TimeUnit.MILLISECONDS);
    }
  }

  private int status(int rank) throws IOException, InterruptedException {
    assertTrue(ranks.get(rank).waitFor(SECONDS, TimeUnit.SECONDS), "hangs: " + said(rank));
    return ranks.get(rank).exitValue();
  }

  private List<String> segments() throws IOException {
    List<String> found = new ArrayList<>();
    try (DirectoryStream<Path> files = Files.newDirectoryStream(MEMORY, "strait-*")) {
      for (Path file : files) {
        for (Process rank : ranks) {
          if (file.getFileName().toString().startsWith("strait-" + rank.pid() + "-")) {
            found.add(file.toString());
          }
        }
      }
    }
    return found;
  }

  @Test
  void processesSumAndLeaveNothingBehind() throws Exception {
    for (int rank = 0; rank < RANKS; rank++) {
      start(rank, RANKS, "sum", 200);
    }
    for (int rank = 0; rank < RANKS; rank++) {
      assertEquals(0, status(rank), said(rank));
      assertTrue(said(rank).contains("sum 3.0"), said(rank));
    }
    assertEquals(List.of(), segments());
  }

  @ParameterizedTest
  @CsvSource({
    "KILL,sum",
    "KILL,staged sum",
    "KILL,broadcast",
    "KILL,gather",
    "KILL,receive",
    "KILL,barrier",
    "STOP,sum",
    "STOP,gather",
    "STOP,barrier"
  })
  void theOthersEndAndNameWhoWasLost(String signal, String phase) throws Exception {
    for (int rank = 0; rank < RANKS; rank++) {
      start(rank, RANKS, phase, Long.MAX_VALUE);
    }
    int victim = RANKS - 1;
    for (int rank = 0; rank < RANKS; rank++) {
      awaitReady(rank);
    }
    long pid = ranks.get(victim).pid();
    assertEquals(0, new ProcessBuilder("kill", "-" + signal, "" + pid).start().waitFor());
    for (int rank = 0; rank < victim; rank++) {
      assertEquals(PEER_LOST, status(rank), said(rank));
      assertTrue(said(rank).contains("lost rank 2 (local) during " + phase), said(rank));
      assertTrue(said(rank).contains(" after waiting "), said(rank));
    }
    String witness = said(0) + said(1);
    assertTrue(witness.contains("its process " + pid + " on "), witness);
    assertTrue(witness.contains(signal.equals("KILL") ? " has ended" : " is stopped"), witness);
    assertEquals(List.of(), segments());
  }

  @Test
  void theNextStartFollowsTheDeathOfAll() throws Exception {
    for (int rank = 0; rank < RANKS; rank++) {
      start(rank, RANKS, "sum", Long.MAX_VALUE);
    }
    for (int rank = 0; rank < RANKS; rank++) {
      awaitReady(rank);
    }
    for (Process rank : ranks) {
      rank.destroyForcibly();
      rank.waitFor();
    }
    assertEquals(List.of(), segments());
    long dead = ranks.getFirst().pid();
    ranks.clear();
    Path stale = Files.createFile(MEMORY.resolve("strait-" + dead + "-abc-1"));
    folder = Files.createDirectory(folder.resolve("next"));
    for (int rank = 0; rank < RANKS; rank++) {
      start(rank, RANKS, "sum", 3);
    }
    for (int rank = 0; rank < RANKS; rank++) {
      assertEquals(0, status(rank), said(rank));
    }
    assertFalse(Files.exists(stale), "what a crashed run left is swept");
  }

  @Test
  void aRankThatNeverComesIsNamed() throws Exception {
    start(0, RANKS, "late", 1);
    start(1, RANKS, "late", 1);
    for (int rank = 0; rank < 2; rank++) {
      assertEquals(2, status(rank), said(rank));
      assertTrue(said(rank).contains("still misses rank 2 (local)"), said(rank));
    }
    assertEquals(List.of(), segments());
  }

  @Test
  void tooLittleSharedMemorySaysHowMuchIsNeeded() throws Exception {
    Process able = new ProcessBuilder("unshare", "-m", "true").redirectErrorStream(true).start();
    if (able.waitFor() != 0) {
      abort("a /dev/shm of another size needs the right to mount (root)");
    }
    String mount = "mount -t tmpfs -o size=1m tmpfs /dev/shm && exec \"$@\"";
    start(0, 1, "sum", 1);
    assertEquals(0, status(0), said(0));
    ranks.clear();
    start(0, 2, "sum", 1, "unshare", "-m", "sh", "-c", mount, "sh");
    Process first = ranks.getFirst();
    long pid = first.pid();
    start(
        1,
        2,
        "sum",
        1,
        "sh",
        "-c",
        "until nsenter -m -t "
            + pid
            + " grep -q size=1024k /proc/mounts; do :; done; "
            + "exec nsenter -m -t "
            + pid
            + " \"$@\"",
        "sh");
    assertEquals(2, status(0), said(0));
    assertTrue(
        said(0).matches("(?s).*shared memory: \\d+ bytes are needed in /dev/shm.*"), said(0));
    assertTrue(said(0).contains("are free"), said(0));
  }
}
