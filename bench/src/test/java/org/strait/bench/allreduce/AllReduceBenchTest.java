package org.strait.bench.allreduce;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.abort;

import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Assertions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.strait.bench.run.WrongResultException;
import org.strait.launcher.bench.BenchFailure;
import org.strait.launcher.bench.BenchRequest;
import org.strait.launcher.bench.BenchResult;
import org.strait.launcher.config.UserMistake;

/// Sums with real processes, a few small ones each: results are checked on the way.
@Timeout(150)
class AllReduceBenchTest {
  @TempDir Path folder;

  private final List<String> said = Collections.synchronizedList(new ArrayList<>());

  private BenchRequest request(String engines, String searchPath) {
    return new BenchRequest(
        "allreduce",
        folder,
        "auto",
        List.of(1),
        Optional.empty(),
        true,
        false,
        Optional.of(ranks(engines)),
        Optional.of("4B,1000B,256KB"),
        Optional.of(engines),
        Map.of(),
        searchPath,
        said::add);
  }

  /// MPICH's ranks wait without yielding: no more of them than cores, or their JVMs hardly start.
  private static String ranks(String engines) {
    return engines.contains("mpich") ? "2" : "2,3";
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "shared-memory",
        "tcp",
        "unix",
        "loopback",
        "mpj",
        "mpi-openmpi",
        "mpi-mpich",
        "openmpi",
        "openmpi-tcp",
        "mpich",
        "mpj-express",
        "gloo"
      })
  void everyEngineSumsRight(String engine) throws Exception {
    BenchRequest request = request(engine, System.getenv("PATH"));
    Optional<String> missing = new Engines(request, 4).missing(engine);
    if (missing.isPresent()) {
      String why = "no " + engine + ": " + missing.get();
      // PyTorch would be half of all that CI installs; it is measured where it is.
      if ("true".equals(System.getenv("CI")) && !engine.equals("gloo")) {
        Assertions.fail(why);
      }
      abort(why);
    }
    BenchResult result = AllReduceBench.run(request);
    int ways = engine.equals("shared-memory") ? 3 : 1;
    int groups = ranks(engine).split(",").length;
    assertEquals(groups * 3 * ways, result.rows().size(), result.rows().toString());
    for (JsonElement element : result.rows()) {
      JsonObject row = element.getAsJsonObject();
      assertEquals("allreduce", row.get("bench").getAsString());
      assertEquals(Engines.peer(engine), row.get("peer").getAsBoolean());
      double n = row.get("ranks").getAsInt();
      assertEquals(
          2 * (n - 1) / n,
          row.get("busGbPerSecond").getAsDouble() / row.get("gbPerSecond").getAsDouble(),
          1e-2);
      assertTrue(row.get("low").getAsDouble() <= row.get("seconds").getAsDouble());
      assertTrue(row.get("seconds").getAsDouble() <= row.get("high").getAsDouble());
    }
    String page = Files.readString(folder.resolve("allreduce.html"));
    assertTrue(page.contains("</html>"), page);
  }

  @Test
  void oneEngineSumsInSeveralWays() throws Exception {
    BenchResult result = AllReduceBench.run(request("tcp:halving,tcp:ring,shared-memory", "PATH"));
    List<String> who = new ArrayList<>();
    result.rows().forEach(row -> who.add(row.getAsJsonObject().get("who").getAsString()));
    assertTrue(
        who.contains("strait tcp:halving") && who.contains("strait tcp:ring"), who::toString);
    UserMistake mistake =
        assertThrows(
            UserMistake.class, () -> AllReduceBench.run(request("tcp:halfing", folder.toString())));
    assertTrue(mistake.getMessage().contains("tcp:halfing"), mistake.getMessage());
  }

  @Test
  void whatIsMissingIsOneLineEach() throws Exception {
    BenchRequest request = request("loopback,peers", folder.toString());
    AllReduceBench.run(request);
    for (String peer : List.of("openmpi", "openmpi-tcp", "mpich", "gloo")) {
      // Once for each number of ranks.
      assertEquals(
          2, said.stream().filter(line -> line.startsWith("no " + peer + ": ")).count(), peer);
    }
  }

  @Test
  void aDeadRankEndsTheRunAndIsNamed() throws Exception {
    try (Crew crew = started("tcp")) {
      crew.order(RankMain.PRIVATE, 1024, 0, 2);
      long victim = crew.processes().get(1).pid();
      assertTrue(ProcessHandle.of(victim).orElseThrow().destroyForcibly());
      BenchFailure failure =
          assertThrows(
              BenchFailure.class,
              () -> {
                while (true) {
                  crew.order(RankMain.PRIVATE, 1 << 20, 0, 5);
                }
              });
      assertTrue(
          failure.getMessage().startsWith("engine tcp: rank 1 of 2 (process " + victim + ")"),
          failure.getMessage());
      crew.kill();
      for (Process process : crew.processes()) {
        assertTrue(process.waitFor(10, TimeUnit.SECONDS), "still running");
      }
    }
  }

  @Test
  void aCrewThatDoesNotStartSaysWhy() throws Exception {
    try (Crew crew = new Crew("sh", 2, folder.resolve("sh.log"))) {
      BenchFailure failure =
          assertThrows(
              BenchFailure.class,
              () ->
                  crew.start(
                      List.of(List.of("/bin/sh", "-c", "echo no such device; exit 7")), Map.of()));
      assertEquals(
          "engine sh: a process ended with status 7 before all ranks were there; no such device ("
              + folder.resolve("sh.log")
              + ")",
          failure.getMessage());
    }
  }

  @Test
  void anInterruptEndsAllProcesses() throws Exception {
    Path out = folder.resolve("out");
    Path err = folder.resolve("stderr");
    Process bench =
        new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "--add-modules=jdk.incubator.vector",
                "--enable-native-access=ALL-UNNAMED",
                "-cp",
                System.getProperty("java.class.path"),
                "org.strait.launcher.Main",
                "bench",
                "allreduce",
                "--engines=tcp,shared-memory",
                "--np=2",
                "--sizes=4B..16MB",
                "--out=" + out)
            .redirectError(err.toFile())
            .redirectOutput(folder.resolve("stdout").toFile())
            .start();
    try {
      // The first line of figures.
      while (bench.isAlive() && !Files.readString(err).contains("4 B ")) {
        bench.waitFor(100, TimeUnit.MILLISECONDS);
      }
      List<ProcessHandle> ranks = bench.descendants().toList();
      assertEquals(4, ranks.size(), Files.readString(err));
      bench.destroy();
      assertTrue(bench.waitFor(20, TimeUnit.SECONDS), "still running");
      assertEquals(128 + 15, bench.exitValue(), Files.readString(err));
      for (ProcessHandle rank : ranks) {
        rank.onExit().get(10, TimeUnit.SECONDS);
      }
      assertTrue(
          Files.readString(err).contains("interrupted: ended the processes of shared-memory, tcp")
              || Files.readString(err)
                  .contains("interrupted: ended the processes of tcp, shared-memory"),
          Files.readString(err));
    } finally {
      bench.destroyForcibly();
    }
  }

  /// A rank whose sum is wrong: what matters is what is made of its words.
  @Test
  void aWrongResultNamesEngineSizeAndRank() throws Exception {
    Path ask = folder.resolve("wrong.sh");
    Files.writeString(
        ask,
        """
        exec 3<>/dev/tcp/127.0.0.1/$1
        echo "$STRAIT_BENCH_TOKEN 0 $$" >&3
        read -r order <&3
        echo "wrong 17 3.0 4.0" >&3
        read -r order <&3
        """);
    if (!Files.isExecutable(Path.of("/bin/bash"))) {
      abort("no /bin/bash");
    }
    try (Crew crew = new Crew("bash", 1, folder.resolve("bash.log"))) {
      crew.start(List.of(List.of("/bin/bash", ask.toString(), "" + crew.port())), Map.of());
      WrongResultException wrong =
          assertThrows(WrongResultException.class, () -> crew.order(RankMain.PRIVATE, 65536, 0, 1));
      assertTrue(
          wrong
              .getMessage()
              .matches(
                  "wrong result of bash \\(private\\), float32 64 KiB, rank 0 of 1 \\(process"
                      + " \\d+\\): float 17 is 3.0, expected 4.0"),
          wrong.getMessage());
    }
  }

  @Test
  void theCheckSeesOneWrongFloat() {
    try (Arena arena = Arena.ofConfined()) {
      int n = 5000;
      MemorySegment data = arena.allocate(4L * n, 64);
      Pattern.fill(data, n, 3);
      assertEquals(-1, Pattern.firstWrong(data, n, 1, 3));
      // Two pieces of the same vector in each other's place.
      MemorySegment other = arena.allocate(4L * n, 64);
      MemorySegment.copy(data, 0, other, 4096, 4096);
      MemorySegment.copy(data, 4096, other, 0, 4096);
      assertFalse(Pattern.firstWrong(other, 2048, 1, 3) < 0);
      data.setAtIndex(ValueLayout.JAVA_FLOAT, n - 1, 0.5f);
      assertEquals(n - 1, Pattern.firstWrong(data, n, 1, 3));
    }
  }

  @Test
  void addendsOfAllRanksAddUp() {
    for (int call = 0; call < 10; call++) {
      int sum = 0;
      for (int r = 0; r < 5; r++) {
        sum += Pattern.addend(r, call);
      }
      assertEquals(sum, Pattern.addends(5, call));
    }
  }

  @Test
  void sizesAsUsersWriteThem() {
    assertEquals(List.of(4L, 16L, 64L, 256L, 1024L), Sizes.parse("4B..1KB"));
    assertEquals(List.of(4L, 64L, 1024L), Sizes.parse("4B..1KiB:16"));
    assertEquals(List.of(1024L, 65536L, 1L << 20), Sizes.parse("1MB, 64K,1024"));
    assertEquals(14, Sizes.parse("4B..256MB").size());
    assertEquals("256 MiB", Sizes.name(256 << 20));
    assertEquals("1000 B", Sizes.name(1000));
  }

  private Crew started(String engine) throws Exception {
    BenchRequest request = request(engine, System.getenv("PATH"));
    Path meet = Files.createDirectory(folder.resolve("meet"));
    Crew crew = new Crew(engine, 2, folder.resolve("crew.log"));
    crew.start(new Engines(request, 1 << 20).commands(engine, crew, meet), Map.of());
    return crew;
  }
}
