package org.strait.launcher;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.gson.JsonArray;
import com.google.gson.JsonObject;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.strait.engine.checkpoint.CheckpointFolder;

/// The disk of a run is full while real ranks write to it.
@Timeout(180)
class DiskFullIT {
  private static final int BLOCK = 64 << 10;

  @TempDir Path folder;
  private Path disk;
  private Process launcher;

  @BeforeEach
  void mountASmallDisk() throws Exception {
    Needs.root();
    Needs.program("mount", "mount");
    disk = Files.createDirectory(folder.resolve("disk"));
    int status = command("mount", "-t", "tmpfs", "-o", "size=40m", "strait-test", "" + disk);
    Assumptions.assumeTrue(status == 0, "this system does not let root mount a tmpfs");
  }

  @AfterEach
  void unmount() throws Exception {
    if (launcher != null) {
      launcher.toHandle().descendants().toList().forEach(ProcessHandle::destroyForcibly);
      launcher.destroyForcibly();
      launcher.waitFor(10, TimeUnit.SECONDS);
    }
    if (disk != null) {
      command("umount", "-l", "" + disk);
    }
  }

  private int command(String... words) throws Exception {
    Process process =
        new ProcessBuilder(words)
            .redirectErrorStream(true)
            .redirectOutput(folder.resolve("command.out").toFile())
            .start();
    assertTrue(process.waitFor(20, TimeUnit.SECONDS));
    return process.exitValue();
  }

  /// Leaves only so much room.
  private Path fill(long left) throws IOException {
    Path filler = disk.resolve("filler");
    byte[] block = new byte[BLOCK];
    try (OutputStream out = Files.newOutputStream(filler)) {
      while (disk.toFile().getUsableSpace() > left) {
        out.write(block, 0, (int) Math.min(BLOCK, disk.toFile().getUsableSpace() - left));
      }
    } catch (IOException e) {
      assertEquals("No space left on device", e.getMessage());
    }
    return filler;
  }

  private List<String> train(String... more) {
    List<String> words = new ArrayList<>(List.of("train", "--dcs", "2", "--backend", "scalar"));
    words.addAll(List.of("--tolerance", "0", "--wan", "3ms 1Gbit/s", "-q", "--rounds", "1000000"));
    words.addAll(List.of("--out", "" + disk.resolve("run")));
    words.addAll(List.of(more));
    return words;
  }

  private void await(Path file) throws Exception {
    while (!Files.exists(file) || Files.size(file) == 0) {
      assertFalse(
          launcher.waitFor(10, TimeUnit.MILLISECONDS),
          () -> "the launcher ended with " + launcher.exitValue());
    }
  }

  @Test
  void aCheckpointThatDoesNotFitEndsTheRunWhichGoesOnLater() throws Exception {
    List<String> words = train("--rows", "400", "--solver", "momentum", "--batch", "20");
    words.addAll(List.of("--checkpoint-every", "20"));
    launcher = Strait.start(folder, "full", Map.of(), words.toArray(String[]::new));
    Path run = disk.resolve("run");
    CheckpointFolder first = new CheckpointFolder(run.resolve("checkpoints"), "dc1");
    CheckpointFolder second = new CheckpointFolder(run.resolve("checkpoints"), "dc2");
    await(first.file(20));
    await(second.file(20));
    Path filler = fill(256 << 10);
    Strait.Result result = Strait.await(launcher, folder, "full");
    assertEquals(2, result.status(), result.err());
    String said = result.err().lines().findFirst().orElse("");
    assertTrue(said.contains("cannot write the checkpoint of round "), result.err());
    assertTrue(said.contains(run + "/checkpoints/dc"), said);
    assertTrue(said.matches(".*\\(No space left on device\\), which needs \\d+ bytes; .*"), said);
    assertTrue(said.contains("make room, then go on with --resume"), said);
    assertFalse(result.err().contains("\tat "), result.err());
    for (CheckpointFolder kept : List.of(first, second)) {
      assertFalse(kept.rounds().isEmpty());
      kept.rounds().forEach(kept::verify);
    }
    Files.delete(filler);
    long bound = first.rounds().getLast() + 30;
    Strait.Result again =
        Strait.run(
            "train",
            "--resume",
            "" + run,
            "--rounds",
            "" + bound,
            "--json",
            "-q",
            "--out",
            "" + folder.resolve("again"));
    assertEquals(0, again.status(), again.err());
    assertEquals(bound, again.json().get("rounds").getAsLong());
  }

  @Test
  void aLedgerThatDoesNotFitEndsTheRun() throws Exception {
    Path rows = Strait.rows(folder.resolve("rows.libsvm"), 200, 6, 1);
    List<String> words = train("--data", "" + rows, "--checkpoint-every", "never");
    launcher = Strait.start(folder, "full", Map.of(), words.toArray(String[]::new));
    await(disk.resolve("run/ledger/dc1.jsonl"));
    await(disk.resolve("run/ledger/dc2.jsonl"));
    fill(0);
    Strait.Result result = Strait.await(launcher, folder, "full");
    assertEquals(2, result.status(), result.err());
    String said = result.err().lines().findFirst().orElse("");
    assertTrue(said.contains("cannot write the ledger " + disk.resolve("run/ledger/dc")), said);
    assertTrue(said.contains("(No space left on device)"), said);
    assertTrue(said.contains("make room"), said);
    assertTrue(result.err().contains("no record: "), result.err());
    assertFalse(result.err().contains("\tat "), result.err());
  }

  /// Each data centre has its own disk: one whose disk is full says so, and the others go on.
  @Test
  void theOtherLaunchesGoOn() throws Exception {
    try (SeparateLaunches launches = new SeparateLaunches(folder)) {
      String[] flags = {"--tls", "off", "--rounds", "2000", "--checkpoint-every", "never"};
      launches.start("eu-west", "eu-west", flags);
      launches.start("us-east", "us-east", flags);
      launches.start("ap-south", "disk/run", flags);
      launches.awaitMessages("disk/run", 100);
      fill(0);
      assertEquals(2, Strait.status(launches.launch("disk/run")));
      String said = launches.said("disk/run");
      assertTrue(said.contains("cannot write the ledger "), said);
      for (String name : List.of("eu-west", "us-east")) {
        JsonObject record = launches.record(name);
        JsonArray changes = record.getAsJsonArray("membership");
        assertEquals(1, changes.size(), "" + changes);
        assertEquals("ap-south", changes.get(0).getAsJsonObject().get("dc").getAsString());
        assertEquals(2000, record.get("rounds").getAsLong());
      }
    }
  }
}
