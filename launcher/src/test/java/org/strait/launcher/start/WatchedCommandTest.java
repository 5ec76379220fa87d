package org.strait.launcher.start;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.BufferedReader;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/// The shell script around every rank, with real shells.
@Timeout(60)
class WatchedCommandTest {
  private static final String WAIT = "trap 'exit 9' TERM; echo pid $$; while :; do sleep 0.1; done";

  private static Process start(List<String> command) throws IOException {
    return new ProcessBuilder(command).redirectErrorStream(true).start();
  }

  private static ProcessHandle inner(BufferedReader out) throws IOException {
    String line = out.readLine();
    assertTrue(line.startsWith("pid "), line);
    return ProcessHandle.of(Long.parseLong(line.substring(4))).orElseThrow();
  }

  @Test
  void exitStatusAndOutputPassThrough() throws Exception {
    Process process =
        start(
            WatchedCommand.local(
                List.of("/bin/sh", "-c", "cat; echo \"$1\"; exit 7", "x", "a  b"), List.of()));
    assertEquals(
        "a  b\n", new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8));
    assertEquals(7, process.waitFor());
  }

  @Test
  void signalOfTheCommandIsSeen() throws Exception {
    Process process =
        start(WatchedCommand.local(List.of("/bin/sh", "-c", "kill -9 $$"), List.of()));
    assertEquals(137, process.waitFor());
  }

  @Test
  void endOfTheLauncherEndsTheCommand() throws Exception {
    Process process = start(WatchedCommand.local(List.of("/bin/sh", "-c", WAIT), List.of()));
    try (BufferedReader out = process.inputReader()) {
      ProcessHandle command = inner(out);
      process.getOutputStream().close();
      assertEquals(9, process.waitFor());
      assertFalse(command.isAlive());
    }
  }

  @Test
  void commandThatIgnoresTermIsKilledWithItsChildren() throws Exception {
    Process process =
        start(
            WatchedCommand.local(
                List.of("/bin/sh", "-c", "trap '' TERM; echo pid $$; sleep 1000; sleep 1000"),
                List.of()));
    try (BufferedReader out = process.inputReader()) {
      ProcessHandle command = inner(out);
      while (command.children().findAny().isEmpty()) {
        Thread.onSpinWait();
      }
      List<ProcessHandle> children = command.children().toList();
      process.getOutputStream().close();
      assertEquals(137, process.waitFor());
      for (ProcessHandle child : children) {
        child.onExit().get(10, TimeUnit.SECONDS);
      }
    }
  }

  @Test
  void stoppedCommandAndWhatItLeavesAreEnded() throws Exception {
    Process process =
        start(
            WatchedCommand.local(
                List.of("/bin/sh", "-c", "sleep 1000 & kill -STOP $!; echo pid $!; exit 3"),
                List.of()));
    try (BufferedReader out = process.inputReader()) {
      ProcessHandle left = inner(out);
      assertEquals(3, process.waitFor());
      left.onExit().get(10, TimeUnit.SECONDS);
    }
  }

  @Test
  void termIsPassedOn() throws Exception {
    Process process = start(WatchedCommand.local(List.of("/bin/sh", "-c", WAIT), List.of()));
    try (BufferedReader out = process.inputReader()) {
      ProcessHandle command = inner(out);
      assertTrue(process.toHandle().destroy());
      assertEquals(9, process.waitFor());
      assertFalse(command.isAlive());
    }
  }

  @Test
  void whatARemoteShellIsToldArrivesAsItIs() throws Exception {
    Map<String, String> environment = new LinkedHashMap<>();
    environment.put("A", "it's $HOME \"quoted\" \\ and\nof two lines");
    List<String> command =
        List.of(
            "/bin/sh", "-c", "printf '%s|' \"$A\" \"$B\" \"$@\"; pwd", "x", "a 'b'", "", "c\nd");
    ProcessBuilder builder =
        new ProcessBuilder("/bin/sh", "-c", WatchedCommand.remote()).redirectErrorStream(true);
    builder.environment().put("B", "gone");
    Process process = builder.start();
    process
        .getOutputStream()
        .write(
            WatchedCommand.told(command, environment, List.of("B"), "/")
                .getBytes(StandardCharsets.UTF_8));
    process.getOutputStream().flush();
    assertEquals(
        environment.get("A") + "||a 'b'||c\nd|/\n",
        new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8));
    assertEquals(0, process.waitFor());
  }

  @Test
  void secretsAreInNoCommandLine() {
    assertFalse(WatchedCommand.remote().contains("sesame"));
    assertTrue(
        WatchedCommand.told(List.of("x"), Map.of("T", "sesame"), List.of(), "/")
            .contains("sesame"));
  }
}
