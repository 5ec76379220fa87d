package org.strait.launcher;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.gson.JsonArray;
import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/// Training with real ranks, the record it leaves, and prediction with the result.
@Tag("computes")
@Timeout(120)
class TrainIT {
  private static final List<String> KEYS =
      List.of(
          "command",
          "version",
          "seed",
          "config",
          "backend",
          "transport",
          "model",
          "features",
          "rows",
          "dcs",
          "ranks",
          "solver",
          "exchange",
          "converged",
          "reason",
          "rounds",
          "seconds",
          "objective",
          "loss",
          "wan",
          "rowsSent",
          "modelHash",
          "history",
          "membership",
          "cost",
          "paths",
          "exitStatus");

  @TempDir Path folder;

  /// What must hold for the record of every whole run.
  static void checkRecord(JsonObject record) {
    for (String key : KEYS) {
      assertTrue(record.has(key), "no " + key + " in " + record);
    }
    int dcs = record.get("dcs").getAsInt();
    assertEquals(0, record.get("rowsSent").getAsLong());
    Set<String> hashes = new HashSet<>();
    record.getAsJsonObject("modelHash").asMap().values().forEach(h -> hashes.add(h.getAsString()));
    assertEquals(dcs, record.getAsJsonObject("modelHash").size());
    assertEquals(1, hashes.size(), hashes.toString());
    JsonObject wan = record.getAsJsonObject("wan");
    JsonArray links = wan.getAsJsonArray("byLink");
    assertEquals(dcs * (dcs - 1), links.size());
    long bytes = 0;
    long connect = -1;
    for (JsonElement element : links) {
      JsonObject link = element.getAsJsonObject();
      long kinds = 0;
      for (Map.Entry<String, JsonElement> kind :
          link.getAsJsonObject("byKind").asMap().entrySet()) {
        assertTrue(kind.getValue().getAsLong() > 0, link.toString());
        kinds += kind.getValue().getAsLong();
      }
      assertEquals(link.get("bytes").getAsLong(), kinds, link.toString());
      // What connecting cost is the difference between the socket's count and all other kinds: it
      // must be the same small number on every link.
      long here = link.getAsJsonObject("byKind").get("connect").getAsLong();
      assertTrue(here < 200 && (connect < 0 || connect == here), link.toString());
      connect = here;
      bytes += kinds;
    }
    assertEquals(bytes, wan.get("bytes").getAsLong());
    assertEquals(
        bytes / (4.0 * record.get("features").getAsLong() * (dcs - 1)),
        wan.get("vectors").getAsDouble(),
        1e-9);
    JsonArray history = record.getAsJsonArray("history");
    JsonObject last = history.get(history.size() - 1).getAsJsonObject();
    assertEquals(record.get("rounds").getAsLong(), last.get("round").getAsLong());
    assertEquals(record.get("objective").getAsDouble(), last.get("objective").getAsDouble());
    long before = 0;
    for (JsonElement point : history) {
      long now = point.getAsJsonObject().get("wanBytes").getAsLong();
      assertTrue(now >= before && now <= bytes, point + " of " + bytes);
      before = now;
    }
    assertTrue(record.getAsJsonArray("membership").isEmpty());
    assertFalse(record.has("errors"));
  }

  @Test
  void smallFileFromTrainingToPrediction() throws Exception {
    Path rows = Strait.rows(folder.resolve("rows.libsvm"), 240, 6, 1);
    Path test = Strait.rows(folder.resolve("test.libsvm"), 100, 6, 2);
    Path run = folder.resolve("run");
    Strait.Result result =
        Strait.run(
            "train", "--data", "" + rows, "--test", "" + test, "--dcs", "2", "--ranks", "2", "--l2",
            "1e-3", "--json", "--out", "" + run);
    assertEquals(0, result.status(), result.err());
    JsonObject record = result.json();
    checkRecord(record);
    assertEquals(Strait.record(run), record);
    assertTrue(record.get("converged").getAsBoolean());
    assertEquals(240, record.get("rows").getAsLong());
    assertEquals(6, record.get("features").getAsLong());
    assertTrue(Files.readString(run.resolve("report.html")).contains("<svg"));
    double accuracy = record.getAsJsonObject("metrics").get("accuracy").getAsDouble();
    assertTrue(accuracy > 0.85, "accuracy " + accuracy);

    String model = record.getAsJsonObject("paths").get("model").getAsString();
    Strait.Result measured = Strait.run("predict", model, "" + test, "--metrics", "--json");
    assertEquals(0, measured.status(), measured.err());
    assertEquals(100, measured.json().get("rows").getAsLong());
    JsonObject metrics = measured.json().getAsJsonObject("metrics");
    for (String key : List.of("accuracy", "auprc", "auc", "logLoss")) {
      assertEquals(
          record.getAsJsonObject("metrics").get(key).getAsDouble(),
          metrics.get(key).getAsDouble(),
          1e-6,
          key);
    }
    Strait.Result predicted = Strait.run("predict", model, "" + test);
    List<String> lines = predicted.out().lines().toList();
    List<String> truth = Files.readAllLines(test);
    int right = 0;
    for (int i = 0; i < lines.size(); i++) {
      assertTrue(lines.get(i).matches("-?1 [01]\\.\\d{6}"), lines.get(i));
      boolean positive = lines.get(i).startsWith("1 ");
      assertEquals(positive, Double.parseDouble(lines.get(i).split(" ", 2)[1]) > 0.5);
      right += positive == truth.get(i).startsWith("+1") ? 1 : 0;
    }
    assertEquals(100, lines.size());
    assertEquals(accuracy, right / 100.0, 1e-12);
  }

  @Test
  void predictKeepsTheLabelsOfTraining() throws Exception {
    Path rows = Strait.rows(folder.resolve("rows.libsvm"), 60, 4, 3);
    Path zeroOne =
        Files.writeString(
            folder.resolve("01.libsvm"),
            Files.readString(rows).replaceAll("(?m)^-1", "0").replaceAll("(?m)^\\+1", "1"));
    Path run = folder.resolve("run");
    Strait.Result trained =
        Strait.run(
            "train",
            "--data",
            "" + zeroOne,
            "--rounds",
            "5",
            "--backend",
            "scalar",
            "-q",
            "--out",
            "" + run);
    assertEquals(0, trained.status(), trained.err());
    String model = run.resolve("model.safetensors").toString();
    Path out = folder.resolve("predicted");
    assertEquals(0, Strait.run("predict", model, "" + rows, "--out", "" + out).status());
    for (String line : Files.readAllLines(out.resolve("predictions.txt"))) {
      assertTrue(line.matches("[01] [01]\\.\\d{6}"), line);
    }
    // Files with the other usual pair of labels are judged all the same; others need to be told.
    assertEquals(
        Strait.run("predict", model, "" + zeroOne, "--metrics").out(),
        Strait.run("predict", model, "" + rows, "--metrics").out());
    Strait.Result wrong = Strait.run("predict", model, "" + rows, "--metrics", "--labels", "5,6");
    assertEquals(2, wrong.status());
    assertTrue(wrong.err().contains("found labels {-1, 1}, expected {5, 6}"), wrong.err());
  }

  @Test
  void generatedRowsOverAnEmulatedWan() {
    Strait.Result result =
        Strait.run(
            "train",
            "--rows",
            "300",
            "--dcs",
            "2",
            "--rounds",
            "4",
            "--tolerance",
            "0",
            "--wan",
            "2ms 100Mbit/s",
            "--backend",
            "scalar",
            "--json",
            "--out",
            "" + folder);
    assertEquals(0, result.status(), result.err());
    JsonObject record = result.json();
    checkRecord(record);
    assertEquals(4, record.get("rounds").getAsLong());
    assertEquals(600, record.get("rows").getAsLong());
    assertEquals(2, record.getAsJsonObject("metricsByDc").size());
    assertTrue(record.get("transport").getAsString().contains("shaped"));
  }

  @Test
  void twoRunsInOneFolderDoNotDisturbEachOther() throws Exception {
    Path rows = Strait.rows(folder.resolve("rows.libsvm"), 200, 6, 4);
    String[] args = {
      "train",
      "--data",
      "" + rows,
      "--dcs",
      "2",
      "--rounds",
      "10",
      "--tolerance",
      "0",
      "--backend",
      "scalar",
      "--json"
    };
    // Logs of the two processes apart, working folder and so runs/ in common.
    Path work = folder.resolve("work");
    Process one = Strait.start(work, "one", Map.of(), args);
    Process two = Strait.start(work, "two", Map.of(), args);
    Strait.Result first = Strait.await(one, work, "one");
    Strait.Result second = Strait.await(two, work, "two");
    assertEquals(0, first.status(), first.err());
    assertEquals(0, second.status(), second.err());
    checkRecord(first.json());
    checkRecord(second.json());
    assertEquals(first.json().get("modelHash"), second.json().get("modelHash"));
    Set<JsonElement> folders =
        Set.of(
            first.json().getAsJsonObject("paths").get("folder"),
            second.json().getAsJsonObject("paths").get("folder"));
    assertEquals(2, folders.size());
    for (JsonElement path : folders) {
      assertTrue(path.getAsString().startsWith(work.toRealPath().resolve("runs").toString()));
      checkRecord(Strait.record(Path.of(path.getAsString())));
    }
  }

  @Test
  void launchRunsAnyCommand() throws Exception {
    Strait.Result result =
        Strait.run(
            "launch",
            "--np",
            "3",
            "--json",
            "--tag-output",
            "--out",
            "" + folder,
            "--",
            "/bin/sh",
            "-c",
            "echo rank=$STRAIT_RANK/$STRAIT_SIZE local=$STRAIT_LOCAL_RANK/$STRAIT_LOCAL_SIZE"
                + " store=${STRAIT_STORE%:*} token=${#STRAIT_TOKEN}");
    assertEquals(0, result.status(), result.err());
    assertEquals("[0,0,0]", result.json().getAsJsonArray("exitStatuses").toString());
    for (int rank = 0; rank < 3; rank++) {
      String line = String.format("[%1$d] rank=%1$d/3 local=%1$d/3 store=127.0.0.1 token=32", rank);
      assertTrue(result.err().lines().anyMatch(line::equals), result.err());
    }
    Strait.Result missing = Strait.run("launch", "--np", "2", "--", "/no/such/program");
    assertEquals(2, missing.status());
    assertTrue(missing.err().startsWith("strait: cannot start /no/such/program"), missing.err());
    assertEquals(1, missing.err().lines().count(), missing.err());
  }
}
