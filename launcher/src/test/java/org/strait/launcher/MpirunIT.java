package org.strait.launcher;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.gson.JsonObject;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/// Trainings that somebody else's mpirun starts: Open MPI's and MPICH's.
@Timeout(120)
class MpirunIT {
  private static final Map<String, String> ROOT_TOO =
      Map.of("OMPI_ALLOW_RUN_AS_ROOT", "1", "OMPI_ALLOW_RUN_AS_ROOT_CONFIRM", "1");

  @TempDir Path folder;

  private static List<String> openMpi(int ranks) {
    return List.of(
        Needs.program("mpirun.openmpi", "openmpi-bin").toString(),
        "--oversubscribe",
        "-np",
        "" + ranks);
  }

  private List<String> train(List<String> launcher, String out, String... more) throws Exception {
    Path rows = folder.resolve("rows.libsvm");
    if (!Files.exists(rows)) {
      Strait.rows(rows, 120, 6, 1);
    }
    List<String> command = new ArrayList<>(launcher);
    command.add(Launches.strait(folder).toString());
    command.addAll(Launches.training(rows, folder.resolve(out)));
    command.addAll(List.of(more));
    return command;
  }

  @Test
  void openMpiAndMpichTrainTheSameModel() throws Exception {
    String hash = null;
    for (List<String> launcher :
        List.of(
            openMpi(4), List.of(Needs.program("mpiexec.mpich", "mpich").toString(), "-n", "4"))) {
      String name = "run" + launcher.size();
      Strait.Result result = Launches.run(folder, name, ROOT_TOO, train(launcher, name, "--json"));
      assertEquals(0, result.status(), result.err());
      TrainIT.checkRecord(result.json()); // and nothing else is on standard output
      assertEquals(4, result.json().get("ranks").getAsInt());
      hash = hash == null ? Launches.hash(folder, folder.resolve("rows.libsvm")) : hash;
      assertEquals(hash, Launches.hash(folder.resolve(name)));
    }
  }

  @Test
  void commandsOfOneLaunchDoNotMix() throws Exception {
    List<String> first = train(List.of(), "first");
    List<String> second = train(List.of(), "second", "--l2", "0.01");
    String both =
        String.join(" ", first)
            + " && "
            + String.join(" ", second)
            + " && "
            + String.join(" ", second);
    List<String> command = new ArrayList<>(openMpi(2));
    command.addAll(List.of("/bin/sh", "-c", both));
    Strait.Result result = Launches.run(folder, "both", ROOT_TOO, command);
    assertEquals(0, result.status(), result.err());
    assertEquals(
        0.01,
        Strait.record(folder.resolve("second")).getAsJsonObject("config").get("l2").getAsDouble());
    assertFalse(
        Launches.hash(folder.resolve("first")).equals(Launches.hash(folder.resolve("second"))));
  }

  @Test
  void wrongNumberOfRanksIsOneLineBeforeTheStart() throws Exception {
    Strait.Result result =
        Launches.run(folder, "wrong", ROOT_TOO, train(openMpi(4), "wrong", "--ranks", "3"));
    assertEquals(2, result.status(), result.err());
    assertEquals(
        List.of(
            "strait: the job has 6 ranks (dc1 3, dc2 3), but Open MPI started 4; start 6, or change"
                + " --dcs and --ranks"),
        result.err().lines().filter(line -> line.startsWith("strait: ")).toList());
    assertFalse(Files.exists(folder.resolve("wrong/run.json")));
  }

  @Test
  void wrongOptionIsSaidOnce() throws Exception {
    Strait.Result result =
        Launches.run(folder, "option", ROOT_TOO, train(openMpi(4), "option", "--rank", "3"));
    assertEquals(2, result.status(), result.err());
    assertEquals(
        List.of("strait: unknown option \"--rank\", strait train; did you mean \"--ranks\"?"),
        result.err().lines().filter(line -> line.startsWith("strait: ")).toList());
  }

  @Test
  void killedRankIsNamedAndNoneIsLeft() throws Exception {
    JsonObject record = lost("KILL");
    assertTrue(record.get("exitStatus").getAsInt() != 0, record.toString());
  }

  @Test
  void stoppedRankIsNamedAndNoneIsLeft() throws Exception {
    JsonObject record = lost("STOP");
    assertEquals(30, record.get("exitStatus").getAsInt(), record.toString());
    String reason = record.get("reason").getAsString();
    assertTrue(
        reason.matches(
            "rank 3 \\(dc2\\) on \\S+ fell silent \\(stopped, or its host hangs\\)"
                + " and was given up, last heard of in round \\d+"),
        reason);
  }

  /// The record of a run of which the last rank gets a signal.
  private JsonObject lost(String signal) throws Exception {
    List<String> command =
        train(
            openMpi(4),
            "killed",
            "--rounds",
            "100000000",
            "--wan",
            "1ms 1Gbit/s",
            "--quorum",
            "all");
    command.remove("-q");
    command.remove("6");
    command.remove(command.indexOf("--rounds"));
    Process mpirun = Launches.start(folder, "killed", ROOT_TOO, command);
    Launches.await(mpirun, folder.resolve("killed.out"), "round ");
    List<ProcessHandle> ranks =
        mpirun.descendants().filter(p -> p.children().findAny().isEmpty()).toList();
    assertEquals(4, ranks.size());
    for (ProcessHandle rank : ranks) {
      String environ = Files.readString(Path.of("/proc/" + rank.pid() + "/environ"));
      if (environ.contains("OMPI_COMM_WORLD_RANK=3\0")) {
        Strait.signal(signal, rank.pid());
      }
    }
    assertTrue(mpirun.waitFor(30, TimeUnit.SECONDS));
    assertTrue(mpirun.exitValue() != 0);
    for (ProcessHandle rank : ranks) {
      rank.onExit().get(10, TimeUnit.SECONDS);
    }
    return Strait.record(folder.resolve("killed"));
  }

  @Test
  void ranksEndWhenMpirunIsKilled() throws Exception {
    List<String> command =
        train(openMpi(2), "orphans", "--rounds", "100000000", "--wan", "1ms 1Gbit/s");
    command.remove("-q");
    command.remove("6");
    command.remove(command.indexOf("--rounds"));
    Process mpirun = Launches.start(folder, "orphans", ROOT_TOO, command);
    Launches.await(mpirun, folder.resolve("orphans.out"), "round ");
    List<ProcessHandle> ranks = mpirun.descendants().toList();
    Strait.signal("KILL", mpirun.pid());
    Strait.status(mpirun);
    for (ProcessHandle rank : ranks) {
      rank.onExit().get(10, TimeUnit.SECONDS);
    }
  }

  @Test
  void launchBuildsTheCommandLine() throws Exception {
    Needs.program("mpirun", "openmpi-bin");
    List<String> command = new ArrayList<>(Strait.java(Main.class));
    command.addAll(
        List.of("launch", "--np", "2", "--engine", "mpirun", "--tag-output", "--out", "launched"));
    command.addAll(
        List.of("--", "/bin/sh", "-c", "echo who [$STRAIT_RANK] where $STRAIT_STORE; exit 5"));
    Strait.Result result = Launches.run(folder, "launch", Map.of(), command);
    assertEquals(5, result.status(), result.err());
    List<String> lines = result.out().lines().filter(line -> line.contains("who")).toList();
    assertTrue(
        lines.stream().allMatch(line -> line.contains("who [] where 127.0.0.1:")), result.out());
    assertTrue(
        result.err().contains("strait: mpirun ended with exit status 5; logs are in "),
        result.err());
  }
}
