package org.strait.launcher;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/// Signals in the middle of a training with real ranks: to a rank, to the launcher.
@Timeout(120)
class LossIT {
  private static final int RANKS = 6;

  @TempDir Path folder;
  private Process launcher;
  private List<ProcessHandle> ranks = List.of();

  @BeforeEach
  void startATrainingThatWouldNotEnd() throws Exception {
    Assumptions.assumeTrue(
        Files.isDirectory(Path.of("/proc/self")), "no /proc to find the ranks' processes in");
    Path rows = Strait.rows(folder.resolve("rows.libsvm"), 300, 6, 1);
    launcher =
        Strait.start(
            folder,
            "launcher",
            Map.of(),
            "train",
            "--data",
            "" + rows,
            "--dcs",
            "3",
            "--ranks",
            "2",
            "--tolerance",
            "0",
            "--rounds",
            "100000000",
            "--wan",
            "1ms 1Gbit/s",
            "--backend",
            "scalar",
            "--quorum",
            "all",
            "--out",
            "run");
    Path out = folder.resolve("launcher.out");
    while (!Files.readString(out).contains("round ")) {
      assertFalse(
          launcher.waitFor(20, TimeUnit.MILLISECONDS),
          () -> "the launcher ended: " + launcher.exitValue());
    }
    ranks = launcher.descendants().toList();
    assertEquals(RANKS, ranks.size());
  }

  @AfterEach
  void endWhatATestLeft() {
    ranks.forEach(ProcessHandle::destroyForcibly);
    if (launcher != null) {
      launcher.destroyForcibly();
    }
  }

  private void allRanksEnd() throws Exception {
    for (ProcessHandle rank : ranks) {
      rank.onExit().get(10, TimeUnit.SECONDS);
      assertFalse(rank.isAlive());
    }
  }

  @Test
  void killedRankIsNamedByEveryone() throws Exception {
    lostRankIsNamedByEveryone("KILL", "rank 5 (dc3) was killed by signal 9 (SIGKILL)");
  }

  @Test
  void stoppedRankIsGivenUpAndNamedByEveryone() throws Exception {
    lostRankIsNamedByEveryone(
        "STOP", "rank 5 (dc3) fell silent (stopped, or its host hangs) and was given up");
  }

  private void lostRankIsNamedByEveryone(String signal, String sentence) throws Exception {
    Strait.signal(signal, Strait.rank(launcher, 5).pid());
    assertTrue(launcher.waitFor(25, TimeUnit.SECONDS), "the launcher still runs");
    Strait.Result result = Strait.await(launcher, folder, "launcher");
    assertEquals(30, result.status(), result.err());
    assertTrue(
        result.err().startsWith("strait: " + sentence + ", last heard of in round "), result.err());
    assertTrue(result.err().lines().findFirst().orElse("").contains("; logs are in "));
    assertTrue(result.err().contains("  partial record  "), result.err());
    allRanksEnd();
    JsonObject record = Strait.record(folder.resolve("run"));
    String reason = record.get("reason").getAsString();
    assertTrue(reason.matches("\\Q" + sentence + "\\E, last heard of in round \\d+"), reason);
    assertEquals(30, record.get("exitStatus").getAsInt());
    assertFalse(record.getAsJsonArray("history").isEmpty());
    JsonObject lost = record.getAsJsonArray("membership").get(0).getAsJsonObject();
    assertEquals("dc3", lost.get("dc").getAsString());
    assertNotEquals(0, lost.get("round").getAsLong());
    assertEquals(RANKS - 1, record.getAsJsonArray("errors").size(), record.get("errors")::toString);
    for (JsonElement element : record.getAsJsonArray("errors")) {
      JsonObject error = element.getAsJsonObject();
      assertEquals("peer", error.get("kind").getAsString(), error.toString());
      assertTrue(error.get("message").getAsString().startsWith(sentence), error.toString());
    }
  }

  @Test
  void interruptKeepsThePartialRecord() throws Exception {
    Strait.signal("INT", launcher.pid());
    assertTrue(launcher.waitFor(10, TimeUnit.SECONDS), "the launcher still runs");
    Strait.Result result = Strait.await(launcher, folder, "launcher");
    assertEquals(130, result.status(), result.err());
    assertTrue(result.err().startsWith("strait: interrupted"), result.err());
    allRanksEnd();
    JsonObject record = Strait.record(folder.resolve("run"));
    assertEquals("interrupted", record.get("reason").getAsString());
    assertFalse(record.getAsJsonArray("history").isEmpty());
  }

  @Test
  void ranksEndWhenTheLauncherIsKilled() throws Exception {
    Strait.signal("KILL", launcher.pid());
    assertEquals(137, Strait.status(launcher));
    allRanksEnd();
  }
}
