package org.strait.launcher;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.gson.JsonArray;
import com.google.gson.JsonObject;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Several classes, weights of rows and intercepts, from a table to predictions, with real ranks.
class ClassesIT {
  private static final String[] LABELS = {"7", "-2", "4"};

  @TempDir Path folder;
  private final Random random = new Random(3);
  private final List<String[]> rows = new ArrayList<>();

  /// Cells a, b, label, weight.
  private void make(int count) {
    for (int r = 0; r < count; r++) {
      double a = random.nextGaussian();
      double b = random.nextGaussian();
      double[] scores = {a + 1, b, -a - b};
      int best = 0;
      for (int k = 0; k < 3; k++) {
        scores[k] += random.nextGaussian() / 2;
        best = scores[k] > scores[best] ? k : best;
      }
      rows.add(
          new String[] {
            String.format(Locale.ROOT, "%.3f", a),
            String.format(Locale.ROOT, "%.3f", b),
            LABELS[best],
            "" + (1 + random.nextInt(3))
          });
    }
  }

  private Path write(String name, String header, int... cells) throws IOException {
    StringBuilder text = new StringBuilder(header).append('\n');
    for (String[] row : rows) {
      List<String> line = new ArrayList<>();
      for (int cell : cells) {
        line.add(row[cell]);
      }
      text.append(String.join(",", line)).append('\n');
    }
    return Files.writeString(folder.resolve(name), text);
  }

  private Path libsvm(String name) throws IOException {
    StringBuilder text = new StringBuilder();
    for (String[] row : rows) {
      text.append(row[2]).append(" 1:").append(row[0]).append(" 2:").append(row[1]).append('\n');
    }
    return Files.writeString(folder.resolve(name), text);
  }

  private static JsonObject done(String... args) {
    Strait.Result result = Strait.run(args);
    assertEquals(0, result.status(), result.err());
    return result.json();
  }

  @Test
  void aTableOfClassesIsLearnedByStepsAndInFloat64AlikeAndPredictedByNames() throws Exception {
    make(300);
    Path table = write("rows.csv", "a,b,label,count", 0, 1, 2, 3);
    Path sites = folder.resolve("sites");
    Files.writeString(sites, "east\n".repeat(200) + "west\n".repeat(100));
    String[] steps = {
      "train",
      "--data",
      "" + table,
      "--model",
      "softmax",
      "--weight",
      "count",
      "--intercept",
      "--dcs",
      "2",
      "--split",
      "label",
      "--l2",
      "1e-3",
      "--json",
      "--test",
      "" + table,
      "--test-sites",
      "" + sites,
      "--tolerance",
      "1e-6",
      "--out",
      folder.resolve("a").toString()
    };
    JsonObject trained = done(steps);
    JsonObject metrics = trained.getAsJsonObject("metrics");
    assertTrue(metrics.get("accuracy").getAsDouble() > 0.8, metrics.toString());
    assertTrue(metrics.get("auc").getAsDouble() > 0.9, metrics.toString());
    assertEquals("[\"-2\",\"4\",\"7\"]", metrics.get("classes").toString());
    long counted = 0;
    for (var row : metrics.getAsJsonArray("confusion")) {
      for (var cell : (JsonArray) row) {
        counted += cell.getAsLong();
      }
    }
    assertEquals(300, counted);
    assertTrue(trained.getAsJsonObject("metricsByDc").getAsJsonObject("west").has("logLoss"));
    String[] wide = steps.clone();
    wide[wide.length - 1] = folder.resolve("b").toString();
    List<String> args = new ArrayList<>(List.of(wide));
    args.addAll(List.of("--solver", "distributed"));
    JsonObject exact = done(args.toArray(String[]::new));
    double objective = exact.get("objective").getAsDouble();
    assertEquals(objective, trained.get("objective").getAsDouble(), 1e-4 * objective);

    String model = folder.resolve("b/model.safetensors").toString();
    String expected = Strait.run("predict", model, "" + table).out();
    assertEquals(300, expected.lines().count());
    Path turned = write("turned.csv", "count,b,a", 3, 1, 0);
    assertEquals(expected, Strait.run("predict", model, "" + turned).out());
    Strait.Result lacking =
        Strait.run("predict", model, "" + write("lacking.csv", "count,b", 3, 1));
    assertEquals(2, lacking.status());
    assertTrue(lacking.err().contains("the model has 1 columns: a, which"), lacking.err());
    liblinearAgrees(model, libsvm("rows.libsvm"));
  }

  private void liblinearAgrees(String model, Path text) throws Exception {
    Path program = Needs.program("liblinear-predict", "liblinear-tools");
    Strait.Result exported =
        Strait.run("export", model, "--format", "liblinear", "--out", "" + folder);
    assertEquals(0, exported.status(), exported.err());
    Path theirs = folder.resolve("theirs");
    Process predict =
        new ProcessBuilder(
                "" + program, "" + text, "" + folder.resolve("model.liblinear"), "" + theirs)
            .redirectErrorStream(true)
            .redirectOutput(folder.resolve("log").toFile())
            .start();
    assertTrue(predict.waitFor(60, TimeUnit.SECONDS));
    assertEquals(0, predict.exitValue(), Files.readString(folder.resolve("log")));
    List<String> ours =
        Strait.run("predict", model, "" + text)
            .out()
            .lines()
            .map(line -> line.split(" ", -1)[0])
            .toList();
    assertEquals(Files.readAllLines(theirs), ours);
  }

  /// The first data centre has one class, one feature and rows without any value.
  @Test
  void oneAgainstTheRestIsWhatLiblinearPredicts() throws Exception {
    make(200);
    Path text = libsvm("rows.libsvm");
    Path poor = folder.resolve("poor.libsvm");
    Files.writeString(poor, "7 1:2\n7\n7 1:1.5\n7\n");
    done(
        "train",
        "--data",
        "" + poor,
        "--data",
        "" + text,
        "--model",
        "ovr-squared-hinge",
        "--solver",
        "distributed",
        "--intercept",
        "--json",
        "--out",
        folder.resolve("ovr").toString());
    liblinearAgrees(folder.resolve("ovr/model.safetensors").toString(), text);
  }

  @Test
  void weightsBesideTheRowsAndInterceptsCountInEverySolver() throws Exception {
    make(200);
    StringBuilder weights = new StringBuilder();
    rows.forEach(row -> weights.append(row[3]).append('\n'));
    Path text = libsvm("rows.libsvm");
    Path two = folder.resolve("two.libsvm");
    Files.writeString(
        two, Files.readString(text).replaceAll("(?m)^(7|-2)", "1").replaceAll("(?m)^4", "0"));
    Path beside = Files.writeString(folder.resolve("rows.weights"), weights);
    double[] objectives = new double[3];
    String[][] ways = {
      {"--solver", "tron", "--dcs", "1"},
      {"--solver", "frugal", "--dcs", "2", "--tolerance", "1e-8"},
      {"--solver", "centralized", "--dcs", "2", "--rows-may-leave"}
    };
    for (int i = 0; i < ways.length; i++) {
      List<String> args = new ArrayList<>();
      args.addAll(List.of("train", "--data", "" + two, "--weights", "" + beside, "--intercept"));
      args.addAll(List.of("--l2", "1e-2", "--json", "--out", folder.resolve("w" + i).toString()));
      args.addAll(List.of(ways[i]));
      objectives[i] = done(args.toArray(String[]::new)).get("objective").getAsDouble();
    }
    assertEquals(objectives[0], objectives[1], 1e-6 * objectives[0]);
    assertEquals(objectives[0], objectives[2], 1e-6 * objectives[0]);
    Files.writeString(beside, "1\n-3\n");
    Strait.Result wrong =
        Strait.run("train", "--data", "" + two, "--weights", "" + beside, "--dcs", "1");
    assertEquals(2, wrong.status());
    assertTrue(wrong.err().contains("rows.weights:2: a weight of -3"), wrong.err());
  }
}
