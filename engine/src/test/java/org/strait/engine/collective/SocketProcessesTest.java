package org.strait.engine.collective;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.strait.engine.transport.Namespaces;

/// Ranks as processes: on hosts that are network namespaces, and killed or stopped in the middle.
@Timeout(120)
class SocketProcessesTest {
  private static final long FOR_EVER = 1_000_000_000;

  @TempDir Path folder;

  private Path output(int rank) {
    return folder.resolve("out" + rank);
  }

  private String await(Process process, int rank) throws IOException, InterruptedException {
    if (!process.waitFor(60, TimeUnit.SECONDS)) {
      throw new AssertionError("rank " + rank + " hangs: " + Files.readString(output(rank)));
    }
    return Files.readString(output(rank)).strip();
  }

  private void awaitUp(Process process, int rank) throws IOException, InterruptedException {
    while (!Files.readString(output(rank)).startsWith("up")) {
      assertTrue(process.isAlive(), () -> "rank " + rank + " ended before it was up");
      process.waitFor(20, TimeUnit.MILLISECONDS);
    }
  }

  @Test
  void hostsWithNetworksOfTheirOwnSum() throws IOException, InterruptedException {
    Namespaces.require();
    int ranks = 5;
    int hosts = 3;
    try (Namespaces net = new Namespaces(hosts)) {
      List<Process> processes = new ArrayList<>();
      try {
        for (int r = 0; r < ranks; r++) {
          String bind = net.address(r % hosts);
          processes.add(
              net.start(
                  r % hosts,
                  output(r),
                  SocketRank.class,
                  "tcp",
                  r,
                  ranks,
                  folder.resolve("store"),
                  bind,
                  30,
                  3));
        }
        for (int r = 0; r < ranks; r++) {
          assertEquals("up\nright", await(processes.get(r), r), "rank " + r);
        }
      } finally {
        processes.forEach(Process::destroyForcibly);
      }
    }
  }

  /// Hosts are names here: ranks of one share memory, ranks of two do not.
  @ParameterizedTest
  @CsvSource({"auto", "hierarchical:2"})
  void hostsWithSeveralRanksSumInTwoLevels(String allReduce)
      throws IOException, InterruptedException {
    int ranks = 5;
    List<Process> processes = new ArrayList<>();
    try {
      for (int r = 0; r < ranks; r++) {
        String bind = "node" + r % 2 + "@127.0.0.1";
        processes.add(start("tcp+shared-memory/" + allReduce, r, ranks, bind, 30, 3));
      }
      for (int r = 0; r < ranks; r++) {
        assertEquals("up\nright", await(processes.get(r), r), "rank " + r);
      }
    } finally {
      processes.forEach(Process::destroyForcibly);
    }
  }

  private Process start(String transport, int rank, int ranks, double idleSeconds)
      throws IOException {
    return start(transport, rank, ranks, "127.0.0.1", idleSeconds, FOR_EVER);
  }

  private Process start(
      String transport, int rank, int ranks, String bind, double idleSeconds, long rounds)
      throws IOException {
    return start(transport, rank, ranks, bind, idleSeconds, rounds, List.of());
  }

  private Process start(
      String transport,
      int rank,
      int ranks,
      String bind,
      double idleSeconds,
      long rounds,
      List<String> more)
      throws IOException {
    List<String> command =
        new ArrayList<>(
            List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-XX:+UseSerialGC",
                "-XX:TieredStopAtLevel=1",
                "-Xmx256m",
                "--enable-native-access=ALL-UNNAMED",
                "-cp",
                System.getProperty("java.class.path"),
                SocketRank.class.getName(),
                transport,
                Integer.toString(rank),
                Integer.toString(ranks),
                folder.resolve("store").toString(),
                bind,
                Double.toString(idleSeconds),
                Long.toString(rounds)));
    command.addAll(more);
    return new ProcessBuilder(command)
        .redirectErrorStream(true)
        .redirectOutput(output(rank).toFile())
        .start();
  }

  private static void signal(String signal, Process process)
      throws IOException, InterruptedException {
    Process kill = new ProcessBuilder("kill", "-" + signal, "" + process.pid()).start();
    Assumptions.assumeTrue(kill.waitFor() == 0, "no kill on this system");
  }

  /// Two ranks, so that there is no doubt who is to be named.
  @ParameterizedTest
  @CsvSource({"tcp,KILL", "unix,KILL", "tcp,STOP", "unix,STOP"})
  void whoIsKilledOrStoppedIsNamedWithThePhase(String transport, String signal)
      throws IOException, InterruptedException {
    List<Process> processes = new ArrayList<>();
    try {
      for (int r = 0; r < 2; r++) {
        processes.add(start(transport, r, 2, signal.equals("STOP") ? 2 : 60));
      }
      awaitUp(processes.get(0), 0);
      awaitUp(processes.get(1), 1);
      signal(signal, processes.get(1));
      String out = await(processes.get(0), 0);
      String why = signal.equals("STOP") ? "silent for longer" : "connection closed";
      assertTrue(out.startsWith("up\nlost 1 allreduce " + why), out);
    } finally {
      processes.forEach(Process::destroyForcibly);
    }
  }

  /// The root hears of a sender's end in the middle of what it sends, a sender of the root's.
  @ParameterizedTest
  @CsvSource({"tcp,KILL,0", "tcp,STOP,0", "unix,KILL,1"})
  void whoIsLostInAGatherIsNamed(String transport, String signal, int victim)
      throws IOException, InterruptedException {
    List<Process> processes = new ArrayList<>();
    try {
      for (int r = 0; r < 2; r++) {
        double idleSeconds = signal.equals("STOP") ? 2 : 60;
        processes.add(
            start(transport, r, 2, "127.0.0.1", idleSeconds, FOR_EVER, List.of("gather")));
      }
      awaitUp(processes.get(0), 0);
      awaitUp(processes.get(1), 1);
      signal(signal, processes.get(victim));
      String out = await(processes.get(1 - victim), 1 - victim);
      String why = signal.equals("STOP") ? "silent for longer" : "connection closed";
      assertTrue(out.startsWith("up\nlost " + victim + " gather " + why), out);
    } finally {
      processes.forEach(Process::destroyForcibly);
    }
  }

  /// Two hosts of two ranks. Who shares memory with the lost rank names it; who is on the other
  /// host loses it, or somebody who has ended because of it.
  @ParameterizedTest
  @CsvSource({
    "hierarchical:1,KILL,3",
    "hierarchical:1,STOP,1",
    "hierarchical:1,KILL,1",
    "hierarchical:2,STOP,3"
  })
  void whoIsLostInTwoLevelsIsNamed(String allReduce, String signal, int victim)
      throws IOException, InterruptedException {
    int ranks = 4;
    int mate = 4 - victim;
    List<Process> processes = new ArrayList<>();
    try {
      for (int r = 0; r < ranks; r++) {
        processes.add(
            start(
                "tcp+shared-memory/" + allReduce,
                r,
                ranks,
                "node" + r % 2 + "@127.0.0.1",
                signal.equals("STOP") ? 6 : 60,
                FOR_EVER));
      }
      for (int r = 0; r < ranks; r++) {
        awaitUp(processes.get(r), r);
      }
      signal(signal, processes.get(victim));
      for (int r = 0; r < ranks; r++) {
        if (r != victim) {
          String out = await(processes.get(r), r);
          String named = r == mate ? "" + victim : "[0-3]";
          assertTrue(out.matches("(?s)up\nlost " + named + " allreduce .*"), r + ": " + out);
        }
      }
    } finally {
      processes.forEach(Process::destroyForcibly);
    }
  }
}
