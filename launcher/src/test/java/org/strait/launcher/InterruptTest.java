package org.strait.launcher;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.strait.launcher.start.RankSpec;
import org.strait.launcher.start.StoreHost;

/// Ctrl-C and kill -9, on a launcher in a process of its own whose ranks are shell programs.
@Timeout(60)
class InterruptTest {
  @TempDir Path folder;

  /// A launcher whose ranks print a note and wait for the end of their standard input.
  static final class Launcher {
    private Launcher() {}

    /// Runs the command.
    public static void main(String[] args) {
      Wiring wiring =
          new Wiring(
              SilentStore::new,
              (dcs, store, job, out) ->
                  List.of(
                      new RankSpec(
                          0,
                          dcs.getFirst(),
                          List.of(
                              "/bin/sh",
                              "-c",
                              "echo '{\"event\":\"note\",\"text\":\"pid '$$'\"}';"
                                  + " exec cat > /dev/null"),
                          Map.of())));
      System.exit(new Main(System.out, System.err, wiring).run(args));
    }
  }

  /// A store that nobody asks.
  private static final class SilentStore implements StoreHost {
    @Override
    public String host() {
      return "";
    }

    @Override
    public int port() {
      return 0;
    }

    @Override
    public String token() {
      return "";
    }

    @Override
    public void set(String key, String value) {
      throw new IllegalStateException("nobody died: " + value);
    }

    @Override
    public void close() {
      // holds nothing
    }
  }

  private Process launcher() throws IOException {
    List<String> command = Strait.java(Launcher.class);
    command.addAll(List.of("train", "--rows", "5", "--out", folder.toString()));
    return new ProcessBuilder(command).redirectErrorStream(true).start();
  }

  private static ProcessHandle rankOf(BufferedReader output) throws IOException {
    for (String line = output.readLine(); line != null; line = output.readLine()) {
      if (line.startsWith("pid ")) {
        return ProcessHandle.of(Long.parseLong(line.substring(4))).orElseThrow();
      }
    }
    throw new AssertionError("no rank came up");
  }

  private static void signal(String signal, Process process) throws Exception {
    assertEquals(
        0, new ProcessBuilder("kill", signal, "" + process.pid()).inheritIO().start().waitFor());
  }

  @Test
  void interruptEndsRanksAndKeepsThePartialRecord() throws Exception {
    Process launcher = launcher();
    try (BufferedReader output =
        new BufferedReader(
            new InputStreamReader(launcher.getInputStream(), StandardCharsets.UTF_8))) {
      ProcessHandle rank = rankOf(output);
      signal("-INT", launcher);
      assertEquals(130, Strait.status(launcher));
      assertFalse(rank.isAlive());
      JsonObject record =
          JsonParser.parseString(Files.readString(folder.resolve("run.json"))).getAsJsonObject();
      assertEquals("interrupted", record.get("reason").getAsString());
      assertEquals(130, record.get("exitStatus").getAsInt());
      assertTrue(output.lines().anyMatch(line -> line.startsWith("strait: interrupted; ")));
    } finally {
      launcher.destroyForcibly();
    }
  }

  @Test
  void ranksSeeTheEndOfTheirInputWhenTheLauncherIsKilled() throws Exception {
    Process launcher = launcher();
    try (BufferedReader output =
        new BufferedReader(
            new InputStreamReader(launcher.getInputStream(), StandardCharsets.UTF_8))) {
      ProcessHandle rank = rankOf(output);
      signal("-KILL", launcher);
      assertEquals(137, Strait.status(launcher));
      rank.onExit().get(60, TimeUnit.SECONDS);
      assertFalse(rank.isAlive());
    } finally {
      launcher.destroyForcibly();
    }
  }
}
