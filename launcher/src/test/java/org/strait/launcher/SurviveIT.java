package org.strait.launcher;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.gson.JsonArray;
import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.strait.engine.checkpoint.CheckpointFolder;

/// A data centre dies in the middle of a training with real ranks: the others finish it, and it may
/// come back.
@Timeout(120)
class SurviveIT {
  @TempDir Path folder;

  private List<String> train(String... more) throws Exception {
    Path rows = folder.resolve("rows.libsvm");
    if (!Files.exists(rows)) {
      Strait.rows(rows, 600, 8, 4);
    }
    List<String> words =
        new ArrayList<>(
            List.of("train", "--data", "" + rows, "--dcs", "3", "--ranks", "2", "--json", "-q"));
    words.addAll(List.of("--tolerance", "0", "--wan", "2ms 1Gbit/s", "--backend", "scalar"));
    words.addAll(List.of("--out", "" + folder.resolve("run")));
    words.addAll(List.of(more));
    return words;
  }

  private static JsonObject change(JsonObject record, int index) {
    return record.getAsJsonArray("membership").get(index).getAsJsonObject();
  }

  private static Set<String> hashes(JsonObject record) {
    Set<String> hashes = new HashSet<>();
    for (JsonElement hash : record.getAsJsonObject("modelHash").asMap().values()) {
      hashes.add(hash.getAsString());
    }
    return hashes;
  }

  /// In a hub, dc1 is the hub: another one takes its place, and gives it back.
  @ParameterizedTest
  @CsvSource({"mesh,dc3", "hub,dc1"})
  void aKilledDataCentreComesBack(String route, String dc) throws Exception {
    List<String> words = train("--rounds", "2500", "--route", route);
    words.addAll(List.of("--kill", dc + "@1s", "--rejoin", dc + "@2s"));
    Strait.Result result = Strait.run(words.toArray(String[]::new));
    assertEquals(0, result.status(), result.err());
    JsonObject record = result.json();
    assertEquals(2, record.getAsJsonArray("membership").size(), "" + record.get("membership"));
    assertEquals("lost", change(record, 0).get("event").getAsString());
    assertEquals(dc, change(record, 0).get("dc").getAsString());
    assertEquals("rejoined", change(record, 1).get("event").getAsString());
    assertEquals(3, record.getAsJsonObject("modelHash").size());
    assertEquals(1, hashes(record).size(), "" + record.get("modelHash"));
    assertEquals(2500, record.get("rounds").getAsLong());
    Strait.Result audit = Strait.run("audit", "" + folder.resolve("run"), "--json");
    assertEquals(0, audit.status(), audit.out());
    assertEquals(4, audit.json().getAsJsonArray("ledgers").size());
  }

  @ParameterizedTest
  @CsvSource({"KILL,0", "STOP,5"})
  void theOthersFinish(String signal, int rank) throws Exception {
    Process launcher =
        Strait.start(folder, "launcher", Map.of(), train("--rounds", "800").toArray(String[]::new));
    Path checkpoint = folder.resolve("run/ledger/dc1.jsonl");
    while (!Files.exists(checkpoint) || Files.size(checkpoint) < 20_000) {
      assertFalse(launcher.waitFor(10, TimeUnit.MILLISECONDS), "the launcher ended");
    }
    Strait.signal(signal, Strait.rank(launcher, rank).pid());
    assertTrue(launcher.waitFor(80, TimeUnit.SECONDS), "the launcher still runs");
    Strait.Result result = Strait.await(launcher, folder, "launcher");
    assertEquals(0, result.status(), result.err());
    JsonObject record = result.json();
    assertEquals(1, record.getAsJsonArray("membership").size(), "" + record.get("membership"));
    assertEquals("dc" + (rank / 2 + 1), change(record, 0).get("dc").getAsString());
    assertEquals(2, record.getAsJsonObject("modelHash").size());
    assertEquals(1, hashes(record).size());
    assertEquals(800, record.get("rounds").getAsLong());
    assertEquals(0, Strait.run("audit", "" + folder.resolve("run"), "--json").status());
  }

  /// The rank dies with half a checkpoint on the disk; its earlier ones stay whole.
  @Tag("computes")
  @Test
  void killedWhileItWritesACheckpoint() throws Exception {
    int dc = 1; // the hub
    List<String> words = train("--rounds", "150", "--route", "hub", "--checkpoint-every", "2");
    words.addAll(List.of("--solver", "momentum", "--batch", "50", "--features", "300000"));
    Process launcher = Strait.start(folder, "launcher", Map.of(), words.toArray(String[]::new));
    Path checkpoints = folder.resolve("run/checkpoints");
    CheckpointFolder kept = new CheckpointFolder(checkpoints, "dc" + dc);
    while (kept.rounds().isEmpty()) {
      assertFalse(launcher.waitFor(10, TimeUnit.MILLISECONDS), "the launcher ended");
    }
    ProcessHandle rank = Strait.rank(launcher, 2 * (dc - 1));
    while (!writes(checkpoints, "dc" + dc)) {
      assertTrue(launcher.isAlive(), "the launcher ended");
    }
    rank.destroyForcibly();
    assertTrue(launcher.waitFor(80, TimeUnit.SECONDS), "the launcher still runs");
    Strait.Result result = Strait.await(launcher, folder, "launcher");
    assertEquals(0, result.status(), result.err());
    JsonObject record = result.json();
    assertEquals("dc" + dc, change(record, 0).get("dc").getAsString());
    assertEquals(1, hashes(record).size());
    assertEquals(150, record.get("rounds").getAsLong());
    assertFalse(kept.rounds().isEmpty());
    kept.rounds().forEach(kept::verify);
  }

  private static boolean writes(Path checkpoints, String dc) throws Exception {
    try (DirectoryStream<Path> files =
        Files.newDirectoryStream(checkpoints, "." + dc + "-*.writing")) {
      return files.iterator().hasNext();
    }
  }

  @Test
  void belowTheQuorumTheRunEndsAndCanGoOn() throws Exception {
    Strait.Result result =
        Strait.run(
            train("--rounds", "1000000", "--quorum", "3", "--kill", "dc2@1s")
                .toArray(String[]::new));
    assertEquals(30, result.status(), result.err());
    assertTrue(result.err().contains("rank 2 (dc2) was killed") || result.err().contains("dc2"));
    assertFalse(result.json().getAsJsonArray("membership").isEmpty());
    assertTrue(Files.isDirectory(folder.resolve("run/checkpoints")));
  }

  @Test
  void whoeverTouchesALedgerIsFound() throws Exception {
    Strait.Result run = Strait.run(train("--rounds", "12").toArray(String[]::new));
    assertEquals(0, run.status(), run.err());
    Path ledger = folder.resolve("run/ledger/dc2.jsonl");
    Strait.Result right = Strait.run("audit", "" + folder.resolve("run"));
    assertEquals(0, right.status(), right.err());
    assertTrue(right.out().contains("dc2 to dc1, vector"), right.out());
    List<String> lines = Files.readAllLines(ledger);

    List<String> changed = new ArrayList<>(lines);
    changed.set(6, changed.get(6).replaceFirst("\"bytes\":", "\"bytes\":9"));
    assertFound(ledger, changed, "dc2.jsonl: line 7 was changed");
    List<String> removed = new ArrayList<>(lines);
    removed.remove(4);
    assertFound(ledger, removed, "dc2.jsonl: line 5 was changed, or a line before");
    List<String> moved = new ArrayList<>(lines);
    moved.add(9, moved.remove(8));
    assertFound(ledger, moved, "dc2.jsonl: line 9 was changed");
    assertFound(ledger, lines.subList(0, 20), "dc2.jsonl: its end is missing after line 20");
    assertFound(ledger, List.of(), "dc2.jsonl: line 1 is missing");
    Files.delete(ledger);
    Strait.Result gone = Strait.run("audit", "" + folder.resolve("run"), "--json");
    assertEquals(4, gone.status());
    JsonArray problems = gone.json().getAsJsonArray("problems");
    assertEquals("dc2.jsonl: the file is missing", problems.get(0).getAsString());
  }

  private void assertFound(Path ledger, List<String> lines, String expected) throws Exception {
    Files.write(ledger, lines);
    Strait.Result result = Strait.run("audit", "" + folder.resolve("run"));
    assertEquals(4, result.status(), result.out());
    assertTrue(result.err().contains(expected), result.err());
  }
}
