package org.strait.launcher;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.strait.launcher.start.MpjHome;
import org.strait.launcher.start.WorkerCommandLine;

/// MPJ Express's own mpjrun, as its users type it: ranks as threads of one JVM, ranks as processes
/// of its daemon; and the same without it.
@Timeout(120)
class MpjrunIT {
  private static final int DAEMON_PORT = 40055;

  @TempDir Path folder;
  private Map<String, String> environment;
  private Path rows;

  @BeforeEach
  void mpjExpress() throws Exception {
    Needs.file("/usr/share/mpj/lib/starter.jar", "libmpj-java");
    for (String jar : List.of("log4j-1.2", "commons-codec", "commons-io", "commons-cli")) {
      String word = jar.equals("log4j-1.2") ? "liblog4j1.2-java" : "lib" + jar + "-java";
      Needs.file("/usr/share/java/" + jar + ".jar", word);
    }
    environment =
        Map.of(
            "XDG_CACHE_HOME",
            folder.resolve("cache").toString(),
            "MPJ_HOME",
            "",
            "PATH",
            Path.of(WorkerCommandLine.java()).getParent() + ":" + System.getenv("PATH"));
    rows = Strait.rows(folder.resolve("rows.libsvm"), 120, 6, 1);
  }

  private List<String> mpjrun(MpjHome home, String... flags) {
    List<String> command =
        new ArrayList<>(
            List.of(
                WorkerCommandLine.java(), "-jar", home.jar("starter.jar").toString(), "-np", "4"));
    command.addAll(List.of(flags));
    command.addAll(
        List.of(
            "-cp",
            System.getProperty("java.class.path"),
            "--add-modules=jdk.incubator.vector",
            "--enable-native-access=ALL-UNNAMED",
            "org.strait.launcher.Main"));
    return command;
  }

  @Test
  void typedByHandInMulticoreMode() throws Exception {
    List<String> notes = new ArrayList<>();
    MpjHome home = MpjHome.find(environment, notes::add);
    assertEquals(1, notes.size());
    assertTrue(
        notes.getFirst().endsWith("a working copy is in " + home.path() + " (set MPJ_HOME to it)"));
    assertEquals(home, MpjHome.find(environment, notes::add));
    assertEquals(1, notes.size(), "the copy is made once");
    Path out = folder.resolve("multicore");
    List<String> command = mpjrun(home);
    command.addAll(Launches.training(rows, out));
    // Kernels of a native library too: every rank has a class loader of its own.
    command.set(command.indexOf("scalar"), "openblas");
    Map<String, String> variables = new java.util.HashMap<>(environment);
    variables.put("MPJ_HOME", home.path().toString());
    Strait.Result result = Launches.run(folder, "multicore", variables, command);
    assertTrue(Files.exists(out.resolve("run.json")), result.out() + result.err());
    TrainIT.checkRecord(Strait.record(out));
    assertEquals(4, Strait.record(out).get("ranks").getAsInt());
  }

  @Test
  void typedByHandWithTheDaemon() throws Exception {
    try (ServerSocket _ = new ServerSocket(DAEMON_PORT, 1, InetAddress.getLoopbackAddress())) {
      // free
    } catch (IOException e) {
      Assumptions.abort("port " + DAEMON_PORT + ", which MPJ's daemon insists on, is taken");
    }
    MpjHome home = MpjHome.find(environment, note -> {});
    Map<String, String> variables = new java.util.HashMap<>(environment);
    variables.put("MPJ_HOME", home.path().toString());
    Process daemon =
        Launches.start(
            folder,
            "daemon",
            variables,
            List.of(
                WorkerCommandLine.java(),
                "-jar",
                home.jar("daemon.jar").toString(),
                "" + DAEMON_PORT));
    try {
      while (!listens()) {
        assertTrue(daemon.isAlive(), () -> "MPJ's daemon ended");
        Thread.onSpinWait();
      }
      Path machines = Files.writeString(folder.resolve("machines"), "localhost\n");
      Path out = folder.resolve("cluster");
      List<String> command = mpjrun(home, "-dev", "niodev", "-machinesfile", machines.toString());
      command.addAll(Launches.training(rows, out));
      Strait.Result result = Launches.run(folder, "cluster", variables, command);
      assertTrue(Files.exists(out.resolve("run.json")), result.out() + result.err());
      assertEquals(Launches.hash(folder, rows), Launches.hash(out));
    } finally {
      List<ProcessHandle> ranks = daemon.descendants().toList();
      daemon.destroy();
      daemon.waitFor();
      for (ProcessHandle rank : ranks) {
        rank.onExit().get(20, TimeUnit.SECONDS);
      }
    }
  }

  private static boolean listens() {
    try (Socket _ = new Socket(InetAddress.getLoopbackAddress(), DAEMON_PORT)) {
      return true;
    } catch (IOException e) {
      return false;
    }
  }

  @Test
  void exitStatusOfATrainingIsThatOfTheLaunch() throws Exception {
    List<String> command = new ArrayList<>(Strait.java(Main.class));
    command.addAll(List.of("launch", "--np", "2", "--engine", "mpjrun", "--out", "launched", "--"));
    command.add(Launches.strait(folder).toString());
    command.addAll(Launches.training(rows, folder.resolve("unmet")));
    command.addAll(List.of("--target", "1e-9"));
    Strait.Result result = Launches.run(folder, "unmet", environment, command);
    assertEquals(3, result.status(), result.out() + result.err());
    assertTrue(
        result.err().contains("strait: rank 0 ended with exit status 3; logs are in "),
        result.err());
  }

  /// All ranks are one process, and none is left to say that it is stopped.
  @Test
  void ranksThatAreStoppedTogetherAreGivenUp() throws Exception {
    List<String> command = new ArrayList<>(Strait.java(Main.class));
    command.addAll(List.of("launch", "--np", "2", "--engine", "mpjrun", "--out", "launched", "--"));
    command.add(Launches.strait(folder).toString());
    Path out = folder.resolve("stopped-run");
    command.addAll(Launches.training(rows, out));
    command.set(command.indexOf("--rounds") + 1, "100000000");
    command.remove("-q");
    Process launch = Launches.start(folder, "stopped", environment, command);
    Launches.await(launch, folder.resolve("stopped.out"), "round ");
    ProcessHandle ranks =
        Launches.with(out.toString()).stream()
            .filter(process -> process.info().command().orElse("").endsWith("java"))
            .filter(process -> process.children().findAny().isEmpty())
            .findFirst()
            .orElseThrow();
    Strait.signal("STOP", ranks.pid());
    Strait.Result result = Strait.await(launch, folder, "stopped");
    assertEquals(30, result.status(), result.out() + result.err());
    assertTrue(
        result
            .err()
            .contains("strait: mpjrun fell silent (stopped, or its host hangs) and was given up"),
        result.err());
    ranks.onExit().get(20, TimeUnit.SECONDS);
  }

  @Test
  void programsOfOthersStartWithoutDaemons() throws Exception {
    MpjHome home = MpjHome.find(environment, note -> {});
    Path source =
        Files.writeString(
            folder.resolve("Sum.java"),
            """
            import mpi.MPI;
            public class Sum {
              public static void main(String[] args) throws Exception {
                String[] mine = MPI.Init(args);
                int[] sum = new int[1];
                MPI.COMM_WORLD.Allreduce(new int[] {MPI.COMM_WORLD.Rank()}, 0, sum, 0, 1, MPI.INT, MPI.SUM);
                System.out.println("sum " + sum[0] + " of " + MPI.COMM_WORLD.Size() + " " + mine[0]);
                if (MPI.COMM_WORLD.Rank() == 1) {
                  Runtime.getRuntime().halt(4);
                }
                while (true) {
                  Thread.sleep(1000);
                }
              }
            }
            """);
    int compiled =
        new ProcessBuilder(
                Path.of(WorkerCommandLine.java()).resolveSibling("javac").toString(),
                "-cp",
                home.jar("mpj.jar").toString(),
                "-d",
                folder.toString(),
                source.toString())
            .inheritIO()
            .start()
            .waitFor();
    assertEquals(0, compiled);
    List<String> command = new ArrayList<>(Strait.java(Main.class));
    command.addAll(List.of("launch", "--np", "3", "--engine", "mpj", "--out", "launched", "--"));
    command.addAll(List.of("java", "-cp", folder.toString(), "Sum", "a b"));
    Strait.Result result = Launches.run(folder, "mpj", environment, command);
    assertEquals(4, result.status(), result.err());
    assertEquals(3, result.out().lines().filter("sum 3 of 3 a b"::equals).count(), result.out());
  }
}
