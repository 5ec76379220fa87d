package org.strait.launcher;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.gson.JsonObject;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// Everything is killed in the middle of a training, which then goes on with real ranks.
@Timeout(180)
class ResumeIT {
  @TempDir Path folder;

  private List<String> train(String out, String... more) throws Exception {
    Path rows = folder.resolve("rows.libsvm");
    if (!Files.exists(rows)) {
      Strait.rows(rows, 400, 12, 3);
    }
    List<String> words =
        new ArrayList<>(
            List.of("train", "--data", "" + rows, "--dcs", "2", "--ranks", "2", "--batch", "40"));
    words.addAll(List.of("--wan", "1ms 1Gbit/s", "--backend", "scalar", "--json", "-q"));
    words.addAll(List.of("--checkpoint-every", "50", "--out", "" + folder.resolve(out)));
    words.addAll(List.of(more));
    return words;
  }

  private static boolean has(Path checkpoints, String dc) throws Exception {
    if (!Files.isDirectory(checkpoints)) {
      return false;
    }
    try (DirectoryStream<Path> files =
        Files.newDirectoryStream(checkpoints, dc + "-*.checkpoint")) {
      return files.iterator().hasNext();
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"mesh", "hub:dc2"})
  void aRunThatWasKilledGoesOnToTheSameModel(String route) throws Exception {
    Process launcher =
        Strait.start(
            folder,
            "killed",
            Map.of(),
            train("killed", "--route", route, "--rounds", "100000000").toArray(String[]::new));
    Path checkpoints = folder.resolve("killed/checkpoints");
    while (!has(checkpoints, "dc1") || !has(checkpoints, "dc2")) {
      assertFalse(
          launcher.waitFor(10, TimeUnit.MILLISECONDS),
          () -> "the launcher ended: " + launcher.exitValue());
    }
    List<ProcessHandle> all = launcher.descendants().toList();
    launcher.destroyForcibly();
    all.forEach(ProcessHandle::destroyForcibly);
    Strait.status(launcher);
    for (ProcessHandle one : all) {
      one.onExit().get(10, TimeUnit.SECONDS);
    }

    Strait.Result again =
        Strait.run(
            "train",
            "--resume",
            "" + folder.resolve("killed"),
            "--rounds",
            "500",
            "--out",
            "" + folder.resolve("again"),
            "--json",
            "-q");
    assertEquals(0, again.status(), again.err());
    JsonObject record = again.json();
    assertTrue(record.getAsJsonObject("resumed").get("round").getAsLong() >= 50, again.out());

    Strait.Result unbroken =
        Strait.run(train("unbroken", "--route", route, "--rounds", "500").toArray(String[]::new));
    assertEquals(0, unbroken.status(), unbroken.err());
    assertEquals(unbroken.json().get("modelHash"), record.get("modelHash"));
    assertEquals(unbroken.json().get("objective"), record.get("objective"));
    assertEquals(500, record.get("rounds").getAsLong());
    assertEquals(2, record.getAsJsonObject("modelHash").size());
  }

  @Test
  void aTrainingByLocalStepsGoesOnToTheSameModel() throws Exception {
    String[] local = {"--local-steps", "4", "--fragments", "2", "--solver", "momentum"};
    List<String> broken = train("broken", "--rounds", "120");
    broken.addAll(List.of(local));
    Strait.Result first = Strait.run(broken.toArray(String[]::new));
    assertEquals(0, first.status(), first.err());
    Strait.Result again =
        Strait.run(
            "train",
            "--resume",
            "" + folder.resolve("broken"),
            "--rounds",
            "170",
            "--out",
            "" + folder.resolve("again"),
            "--json",
            "-q");
    assertEquals(0, again.status(), again.err());
    assertEquals(100, again.json().getAsJsonObject("resumed").get("round").getAsLong());
    List<String> words = train("unbroken", "--rounds", "170");
    words.addAll(List.of(local));
    Strait.Result unbroken = Strait.run(words.toArray(String[]::new));
    assertEquals(0, unbroken.status(), unbroken.err());
    assertEquals(unbroken.json().get("modelHash"), again.json().get("modelHash"));
    assertEquals(unbroken.json().get("objective"), again.json().get("objective"));
  }

  /// What a solver remembers of the curvature begins anew: the way is another, the minimum is not.
  @ParameterizedTest
  @ValueSource(strings = {"frugal", "distributed"})
  void aSolverInFloat64GoesOnToTheSameMinimum(String solver) throws Exception {
    Path rows = Strait.rows(folder.resolve("convex.libsvm"), 400, 12, 3);
    List<String> words =
        List.of("train", "--data", "" + rows, "--dcs", "2", "--solver", solver, "--json", "-q");
    List<String> broken = new ArrayList<>(words);
    broken.addAll(List.of("--tolerance", "1e-9", "--backend", "scalar"));
    List<String> unbroken = new ArrayList<>(broken);
    broken.addAll(List.of("--rounds", "5", "--checkpoint-every", "2"));
    broken.addAll(List.of("--out", "" + folder.resolve("broken")));
    unbroken.addAll(List.of("--out", "" + folder.resolve("unbroken")));
    Strait.Result first = Strait.run(broken.toArray(String[]::new));
    assertEquals(0, first.status(), first.err());
    Strait.Result again =
        Strait.run(
            "train",
            "--resume",
            "" + folder.resolve("broken"),
            "--rounds",
            "300",
            "--out",
            "" + folder.resolve("again"),
            "--json",
            "-q");
    assertEquals(0, again.status(), again.err());
    assertTrue(again.json().getAsJsonObject("resumed").get("round").getAsLong() >= 2, again.out());
    assertTrue(again.json().get("rounds").getAsLong() > 5, again.out());
    assertTrue(again.json().get("converged").getAsBoolean(), again.out());
    Strait.Result whole = Strait.run(unbroken.toArray(String[]::new));
    assertEquals(0, whole.status(), whole.err());
    double objective = whole.json().get("objective").getAsDouble();
    assertEquals(objective, again.json().get("objective").getAsDouble(), 1e-7 * objective);
  }

  @Test
  void whatCannotGoOnSaysWhy() throws Exception {
    String run = "" + folder.resolve("run");
    assertMistake("there is no folder " + run, "train", "--resume", run);
    Strait.Result made = Strait.run(train("run", "--rounds", "120").toArray(String[]::new));
    assertEquals(0, made.status(), made.err());
    assertMistake(
        "--resume: the run has 100 rounds already (last checkpoint), the bound is 5; give --rounds above 100",
        "train",
        "--resume",
        run,
        "--rounds",
        "5",
        "--out",
        run + "1");
    assertMistake("--ranks cannot be changed", "train", "--resume", run, "--ranks", "1");
    assertMistake(
        "belongs to another training", "train", "--resume", run, "--seed", "9", "--out", run + "2");
    Path checkpoints = folder.resolve("run/checkpoints");
    try (DirectoryStream<Path> files = Files.newDirectoryStream(checkpoints)) {
      for (Path file : files) {
        Files.write(file, new byte[7]);
      }
    }
    assertMistake(
        "dc1 has none, dc2 has none, in "
            + run
            + "/checkpoints; bring the checkpoints of all of them there, or begin a new run",
        "train",
        "--resume",
        run,
        "--out",
        run + "3",
        "--rounds",
        "9");
  }

  private static void assertMistake(String expected, String... words) {
    Strait.Result result = Strait.run(words);
    assertEquals(2, result.status(), result.err());
    assertTrue(result.err().contains(expected), result.err());
    assertFalse(result.err().contains("Exception"), result.err());
  }
}
