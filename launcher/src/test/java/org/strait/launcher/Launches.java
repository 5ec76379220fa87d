package org.strait.launcher;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;

import com.google.gson.JsonObject;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.strait.launcher.start.WorkerCommandLine;

/// Commands under real launchers, and what all of them must come to.
final class Launches {
  private static final int MOST_SECONDS = 240;

  private Launches() {}

  /// A program named strait that runs this test's classes.
  static Path strait(Path folder) throws IOException {
    Path script = folder.resolve("strait");
    Files.writeString(
        script,
        "#!/bin/sh\nexec "
            + WorkerCommandLine.java()
            + " --add-modules=jdk.incubator.vector --enable-native-access=ALL-UNNAMED"
            + " -XX:+UseSerialGC -XX:TieredStopAtLevel=1 -Xmx256m -Xshare:auto -cp '"
            + System.getProperty("java.class.path")
            + "' org.strait.launcher.Main \"$@\"\n");
    Files.setPosixFilePermissions(script, PosixFilePermissions.fromString("rwxr-xr-x"));
    return script;
  }

  /// The arguments of a short training of two data centres, without their ranks.
  static List<String> training(Path rows, Path out) {
    return List.of(
        "train",
        "--data",
        rows.toString(),
        "--dcs",
        "2",
        "--rounds",
        "6",
        "--tolerance",
        "0",
        "--backend",
        "scalar",
        "-q",
        "--out",
        out.toString());
  }

  /// The model that one launch of Strait's own gives.
  static String hash(Path folder, Path rows) throws IOException {
    List<String> args = new ArrayList<>(training(rows, folder.resolve("own")));
    args.addAll(List.of("--ranks", "2"));
    Strait.Result own = Strait.run(args.toArray(String[]::new));
    assertEquals(0, own.status(), own.err());
    return hash(folder.resolve("own"));
  }

  /// The model's hash, the same in all data centres of a record.
  static String hash(Path out) throws IOException {
    JsonObject record = Strait.record(out);
    List<String> hashes =
        record.getAsJsonObject("modelHash").asMap().values().stream()
            .map(e -> e.getAsString())
            .distinct()
            .toList();
    assertEquals(1, hashes.size(), record.toString());
    return hashes.getFirst();
  }

  /// Runs a command to its end; output and errors go to NAME.out and NAME.err in the folder.
  static Strait.Result run(
      Path folder, String name, Map<String, String> environment, List<String> command)
      throws IOException, InterruptedException {
    Process process = start(folder, name, environment, command);
    boolean ended = process.waitFor(MOST_SECONDS, TimeUnit.SECONDS);
    if (!ended) {
      process.descendants().forEach(ProcessHandle::destroyForcibly);
      process.destroyForcibly();
    }
    Strait.Result result =
        new Strait.Result(
            ended ? process.exitValue() : -1,
            Files.readString(folder.resolve(name + ".out")),
            Files.readString(folder.resolve(name + ".err")));
    assertFalse(!ended, () -> command + " did not end: " + result);
    return result;
  }

  /// Starts a command in its folder, with an input that ends at once.
  static Process start(
      Path folder, String name, Map<String, String> environment, List<String> command)
      throws IOException {
    ProcessBuilder builder =
        new ProcessBuilder(command)
            .directory(folder.toFile())
            .redirectOutput(folder.resolve(name + ".out").toFile())
            .redirectError(folder.resolve(name + ".err").toFile());
    builder.environment().putAll(environment);
    Process process = builder.start();
    process.getOutputStream().close();
    return process;
  }

  /// Waits for a line in a file that a process writes.
  static void await(Process process, Path file, String text) throws Exception {
    while (!Files.exists(file) || !Files.readString(file).contains(text)) {
      assertFalse(
          process.waitFor(20, TimeUnit.MILLISECONDS) && !Files.readString(file).contains(text),
          () -> "it ended with " + process.exitValue() + " before it said " + text);
    }
  }

  /// Processes whose command line has a word.
  static List<ProcessHandle> with(String word) {
    return ProcessHandle.allProcesses().filter(p -> line(p).contains(word)).toList();
  }

  private static String line(ProcessHandle process) {
    try {
      return Files.readString(Path.of("/proc/" + process.pid() + "/cmdline")).replace('\0', ' ');
    } catch (IOException e) {
      return ""; // it ended
    }
  }
}
