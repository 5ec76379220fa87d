package org.strait.launcher;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// Ranks of several threads, and kernels chosen family by family.
@Tag("computes")
@Timeout(240)
class ThreadsIT {
  @TempDir Path folder;

  private JsonObject train(String name, String... more) {
    List<String> args =
        new ArrayList<>(
            List.of(
                "train",
                "--rows",
                "3000",
                "--dcs",
                "2",
                "--rounds",
                "6",
                "--tolerance",
                "0",
                "--json",
                "--out",
                "" + folder.resolve(name)));
    args.addAll(List.of(more));
    Strait.Result result = Strait.run(args.toArray(String[]::new));
    assertEquals(0, result.status(), result.err());
    return result.json();
  }

  /// Without signs of life, whose number depends on time.
  private static long bytesOfMessages(JsonObject record) {
    long bytes = 0;
    for (JsonElement link : record.getAsJsonObject("wan").getAsJsonArray("byLink")) {
      for (var kind : link.getAsJsonObject().getAsJsonObject("byKind").entrySet()) {
        bytes += kind.getKey().equals("beat") ? 0 : kind.getValue().getAsLong();
      }
    }
    return bytes;
  }

  @ParameterizedTest
  @CsvSource({"scalar, 3", "simd, 2"})
  void theModelIsTheSameForAnyNumberOfThreads(String backend, int threads) {
    JsonObject one = train("one", "--backend", backend);
    JsonObject more = train("more", "--backend", backend, "--threads", "" + threads);
    assertEquals(1, one.get("threads").getAsInt());
    assertEquals(threads, more.get("threads").getAsInt());
    assertEquals(threads, more.getAsJsonObject("config").get("threads").getAsInt());
    assertEquals(one.get("backend"), more.get("backend"));
    assertEquals(one.get("modelHash"), more.get("modelHash"));
    assertEquals(one.get("objective"), more.get("objective"));
    assertEquals(bytesOfMessages(one), bytesOfMessages(more));
  }

  @Test
  void soItIsWithMiniBatches() {
    List<String> args =
        new ArrayList<>(List.of("--solver", "adamw", "--batch", "100", "--backend", "scalar"));
    JsonObject one = train("one", args.toArray(String[]::new));
    args.addAll(List.of("--threads", "2"));
    assertEquals(one.get("modelHash"), train("two", args.toArray(String[]::new)).get("modelHash"));
  }

  @Test
  void aMixIsHonouredAndWritten() {
    JsonObject record = train("mix", "--backend", "scalar,dense=openblas");
    String backend = record.get("backend").getAsString();
    assertTrue(
        backend.matches("dense=openblas,sparse=scalar,loss=scalar,update=scalar,codec=scalar"),
        backend);
    // The mix that came out can be asked for.
    JsonObject again = train("again", "--backend", backend);
    assertEquals(record.get("backend"), again.get("backend"));
    assertEquals(record.get("modelHash"), again.get("modelHash"));
  }

  @Test
  void autoSaysWhatAndWhyInOneLineAndDoesNotWarmUpForASmallJob() {
    JsonObject record = train("auto");
    String line = record.get("backendLine").getAsString();
    assertEquals(1, line.lines().count());
    for (String family : List.of("dense ", "sparse ", "loss ", "update unused", "codec ")) {
      assertTrue(line.contains(family), line);
    }
    assertTrue(line.contains(" a rank's processor time by "), line);
    assertEquals("scalar", record.get("backend").getAsString());
  }

  @Test
  void moreThreadsThanCoresAreToldOnce() {
    int cores = Runtime.getRuntime().availableProcessors();
    Path out = folder.resolve("crowded");
    Strait.Result result =
        Strait.run(
            "train",
            "--rows",
            "50",
            "--dcs",
            "2",
            "--rounds",
            "2",
            "--tolerance",
            "0",
            "--backend",
            "scalar",
            "--threads",
            "" + cores,
            "--out",
            "" + out);
    assertEquals(0, result.status(), result.err());
    String line = "  Threads    " + cores + " in each of 2 ranks on " + cores + " core";
    if (cores > 1) {
      assertEquals(1, result.out().lines().filter(l -> l.startsWith(line)).count(), result.out());
    }
    assertTrue(Files.exists(out.resolve("run.json")));
    assertFalse(Files.exists(out.resolve("calibration.txt")), "nothing was to be chosen");
  }

  @Test
  void autoDividesTheCores() {
    JsonObject record = train("divided", "--threads", "auto", "--backend", "scalar");
    int cores = Runtime.getRuntime().availableProcessors();
    assertEquals(Math.max(1, cores / 2), record.get("threads").getAsInt());
  }
}
