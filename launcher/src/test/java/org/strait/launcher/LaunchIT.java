package org.strait.launcher;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/// `strait launch` on this machine and through a real sshd: output, exit status, and what is left
/// running, which must be nothing.
@Timeout(120)
class LaunchIT {
  @TempDir Path folder;

  /// A word that tells this test's processes from all others.
  private final String mark = "mark-" + UUID.randomUUID();

  private String[] launch(List<String> flags, String... command) {
    List<String> args =
        new ArrayList<>(List.of("launch", "--out", folder.resolve("run").toString()));
    args.addAll(flags);
    args.add("--");
    args.addAll(List.of(command));
    return args.toArray(String[]::new);
  }

  private void nothingIsLeft() throws Exception {
    for (ProcessHandle process : Launches.with(mark)) {
      process.onExit().get(10, TimeUnit.SECONDS);
    }
  }

  private static final String SAY =
      "echo $STRAIT_RANK/$STRAIT_SIZE $STRAIT_LOCAL_RANK/$STRAIT_LOCAL_SIZE $STRAIT_HOST"
          + " [$OMPI_COMM_WORLD_RANK] $(pwd) $1";

  @Test
  void overSshRanksKnowWhoTheyAreAndWhereTheyRun() throws Exception {
    try (LocalSshd sshd = new LocalSshd(folder.resolve("ssh"))) {
      Path hosts = Files.writeString(folder.resolve("hosts"), "localhost slots=2\n127.0.0.1:2\n");
      Strait.Result result =
          Strait.run(
              launch(
                  List.of(
                      "--np",
                      "3",
                      "--hostfile",
                      "" + hosts,
                      "--ssh",
                      sshd.command(),
                      "--tag-output"),
                  "/bin/sh",
                  "-c",
                  SAY,
                  "x",
                  "it's"));
      assertEquals(0, result.status(), result.err());
      String here = Path.of("").toAbsolutePath().toString();
      assertEquals(
          List.of(
              "[0] 0/3 0/2 localhost [] " + here + " it's",
              "[1] 1/3 1/2 localhost [] " + here + " it's",
              "[2] 2/3 0/1 127.0.0.1 [] " + here + " it's"),
          result.out().lines().sorted().toList());
    }
  }

  @Test
  void overSshTheFirstFailureEndsAllAndGivesTheStatus() throws Exception {
    try (LocalSshd sshd = new LocalSshd(folder.resolve("ssh"))) {
      Strait.Result result =
          Strait.run(
              launch(
                  List.of("--np", "3", "--hosts", "localhost:2,127.0.0.1", "--ssh", sshd.command()),
                  "/bin/sh",
                  "-c",
                  "[ $STRAIT_RANK = 2 ] && exit 7; exec sleep 1000",
                  mark));
      assertEquals(7, result.status(), result.err());
      assertTrue(
          result
              .err()
              .contains("strait: rank 2 (127.0.0.1) ended with exit status 7; logs are in "),
          result.err());
      nothingIsLeft();
    }
  }

  @Test
  void overSshAKilledLauncherLeavesNothingBehind() throws Exception {
    try (LocalSshd sshd = new LocalSshd(folder.resolve("ssh"))) {
      killedLauncherLeavesNothingBehind(List.of("--hosts", "localhost:2", "--ssh", sshd.command()));
    }
  }

  @Test
  void aKilledLauncherLeavesNothingBehind() throws Exception {
    killedLauncherLeavesNothingBehind(List.of());
  }

  private void killedLauncherLeavesNothingBehind(List<String> where) throws Exception {
    List<String> flags = new ArrayList<>(List.of("--np", "2"));
    flags.addAll(where);
    List<String> command = new ArrayList<>(Strait.java(Main.class));
    String sleep = "echo up; trap '' TERM; sleep 1000; sleep 1000";
    command.addAll(List.of(launch(flags, "/bin/sh", "-c", sleep, mark)));
    Process launcher = Launches.start(folder, "launcher", Map.of(), command);
    Launches.await(launcher, folder.resolve("launcher.out"), "up\nup\n");
    Strait.signal("KILL", launcher.pid());
    Strait.status(launcher);
    nothingIsLeft();
  }

  @Test
  void aTrainingOverSshIsTheSameTraining() throws Exception {
    try (LocalSshd sshd = new LocalSshd(folder.resolve("ssh"))) {
      Path rows = Strait.rows(folder.resolve("rows.libsvm"), 120, 6, 1);
      List<String> command = new ArrayList<>(List.of(Launches.strait(folder).toString()));
      command.addAll(Launches.training(rows, folder.resolve("trained")));
      Strait.Result result =
          Strait.run(
              launch(
                  List.of(
                      "--np", "4", "--hosts", "localhost:2,127.0.0.1:2", "--ssh", sshd.command()),
                  command.toArray(String[]::new)));
      assertEquals(0, result.status(), result.err());
      TrainIT.checkRecord(Strait.record(folder.resolve("trained")));
      assertEquals(Launches.hash(folder, rows), Launches.hash(folder.resolve("trained")));
    }
  }

  @Test
  void mistakesAreOneLineAndNothingStarts() throws Exception {
    mistake(
        "--np 4, but the hosts have 3 slots (localhost:3); lower --np, or give hosts more slots:"
            + " node1:4",
        "--np",
        "4",
        "--hosts",
        "localhost:3");
    mistake(
        "host \"no-such-host.invalid\" does not resolve; correct the name, or give its address",
        "--np",
        "1",
        "--hosts",
        "no-such-host.invalid");
    Path hosts = Files.writeString(folder.resolve("hosts"), "a\nb slot=2\n");
    mistake(
        "hosts:2: \"slot=2\" is not understood; write node1, node1:4 or node1 slots=4",
        "--np",
        "1",
        "--hostfile",
        hosts.toString());
    mistake(
        "--engine ssh: no host is named; add --hosts A:2,B:2 or --hostfile FILE",
        "--np",
        "1",
        "--engine",
        "ssh");
    mistake(
        "--engine local starts ranks on this machine only, but hosts are named; use --engine ssh, or"
            + " leave the hosts out",
        "--np",
        "1",
        "--engine",
        "local",
        "--hosts",
        "localhost");
    mistake(
        "--export: there is no variable NO_SUCH_VARIABLE; set it, or write NAME=VALUE",
        "--np",
        "1",
        "--hosts",
        "localhost",
        "-x",
        "NO_SUCH_VARIABLE");
  }

  private void mistake(String message, String... flags) {
    Strait.Result result = Strait.run(launch(List.of(flags), "/bin/sh", "-c", "true"));
    assertEquals("strait: " + message + "\n", result.err());
    assertEquals(2, result.status());
  }
}
