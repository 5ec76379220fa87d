package org.strait.launcher;

import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Assertions;
import org.junit.jupiter.api.Assumptions;
import org.strait.launcher.start.WorkerCommandLine;

/// The real command with real ranks for integration tests: in this JVM, or in a process of its own.
final class Strait {
  /// What a command left behind.
  record Result(int status, String out, String err) {
    JsonObject json() {
      return JsonParser.parseString(out).getAsJsonObject();
    }
  }

  private static final int MOST_SECONDS = 100;

  private Strait() {}

  /// Runs a command in this JVM; its ranks are processes.
  static Result run(String... args) {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    ByteArrayOutputStream err = new ByteArrayOutputStream();
    int status =
        new Main(
                new PrintStream(out, true, StandardCharsets.UTF_8),
                new PrintStream(err, true, StandardCharsets.UTF_8),
                Wiring.real())
            .run(args);
    return new Result(
        status, out.toString(StandardCharsets.UTF_8), err.toString(StandardCharsets.UTF_8));
  }

  /// Starts a command in a process of its own.
  ///
  /// @param folder its working folder; standard output and error go to NAME.out and NAME.err in it
  static Process start(Path folder, String name, Map<String, String> environment, String... args)
      throws IOException {
    List<String> command = java(Main.class);
    command.addAll(List.of(args));
    ProcessBuilder builder =
        new ProcessBuilder(command)
            .directory(Files.createDirectories(folder).toFile())
            .redirectOutput(folder.resolve(name + ".out").toFile())
            .redirectError(folder.resolve(name + ".err").toFile());
    builder.environment().putAll(environment);
    return builder.start();
  }

  /// Waits for a command that {@link #start} began.
  static Result await(Process process, Path folder, String name)
      throws IOException, InterruptedException {
    int status = status(process);
    return new Result(
        status,
        Files.readString(folder.resolve(name + ".out")),
        Files.readString(folder.resolve(name + ".err")));
  }

  /// The exit status of a process that is about to end; one that is not, and what it started, is
  /// ended.
  static int status(Process process) throws InterruptedException {
    if (!process.waitFor(MOST_SECONDS, TimeUnit.SECONDS)) {
      process.descendants().forEach(ProcessHandle::destroyForcibly);
      process.destroyForcibly();
      Assertions.fail("still runs after " + MOST_SECONDS + " s: " + process.info());
    }
    return process.exitValue();
  }

  /// Rows that a linear model explains nearly; labels -1 and +1.
  static Path rows(Path file, int rows, int features, long seed) throws IOException {
    Random random = new Random(seed);
    StringBuilder text = new StringBuilder();
    for (int row = 0; row < rows; row++) {
      double margin = random.nextGaussian() * 0.5;
      StringBuilder values = new StringBuilder();
      for (int feature = 1; feature <= features; feature++) {
        if (random.nextInt(3) > 0) {
          double value = random.nextGaussian();
          margin += value * (feature % 2 == 0 ? 1 : -1);
          values.append(String.format(Locale.ROOT, " %d:%.4f", feature, value));
        }
      }
      text.append(margin > 0 ? "+1" : "-1").append(values).append('\n');
    }
    return Files.writeString(file, text);
  }

  /// A file of the shared data; the test skips where it is absent.
  static Path shared(String name) {
    Path root = Path.of(System.getProperty("strait.root", "..")).toAbsolutePath().normalize();
    String set = System.getenv("STRAIT_SHARED");
    Path data =
        (set == null ? root.resolveSibling("shared") : Path.of(set)).resolve("data").resolve(name);
    Assumptions.assumeTrue(
        Files.exists(data), () -> "no shared data: " + data + " (set STRAIT_SHARED)");
    return data;
  }

  /// A run record, read from its file.
  static JsonObject record(Path folder) throws IOException {
    return JsonParser.parseString(Files.readString(folder.resolve("run.json"))).getAsJsonObject();
  }

  /// The process of a rank among the descendants of a launcher.
  static ProcessHandle rank(Process launcher, int rank) throws IOException {
    for (ProcessHandle handle : launcher.descendants().toList()) {
      String line =
          Files.readString(Path.of("/proc", "" + handle.pid(), "cmdline")).replace('\0', ' ');
      if (line.contains(" worker --rank " + rank + " ")) {
        return handle;
      }
    }
    return Assertions.fail("no process of rank " + rank);
  }

  /// Starts a class on this test's class path, in a process that takes Ctrl-C. A build in the
  /// background of a shell ignores SIGINT, its children inherit that, and a JVM cannot undo it;
  /// `env` can, and becomes the JVM.
  static List<String> java(Class<?> main) throws IOException {
    List<String> command = new ArrayList<>();
    if (ignoresInterrupt()) {
      command.addAll(List.of("env", "--default-signal=INT"));
    }
    command.addAll(
        List.of(
            WorkerCommandLine.java(),
            "-XX:+UseSerialGC",
            "-XX:TieredStopAtLevel=1",
            "-cp",
            System.getProperty("java.class.path"),
            main.getName()));
    return command;
  }

  private static boolean ignoresInterrupt() throws IOException {
    Path status = Path.of("/proc/self/status");
    if (!Files.isReadable(status)) {
      return false;
    }
    String ignored =
        Files.readAllLines(status).stream()
            .filter(line -> line.startsWith("SigIgn:"))
            .findFirst()
            .orElse("SigIgn: 0");
    long mask = Long.parseUnsignedLong(ignored.substring(ignored.indexOf(':') + 1).strip(), 16);
    return (mask & 2) != 0;
  }

  /// Sends a signal by its name.
  static void signal(String name, long pid) throws IOException, InterruptedException {
    Process kill = new ProcessBuilder("kill", "-" + name, "" + pid).inheritIO().start();
    Assertions.assertEquals(0, kill.waitFor());
  }
}
