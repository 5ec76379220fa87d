package org.strait.launcher;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.gson.JsonObject;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/// Nets from the command line: over data centres, into a file, and back.
@Timeout(120)
class NetIT {
  @TempDir Path folder;

  /// Images of 6 x 6 with a bright bar: 3 across, 5 upright, 9 on the diagonal.
  private Path rows(int count) throws IOException {
    SplittableRandom random = new SplittableRandom(count);
    StringBuilder text = new StringBuilder();
    for (int row = 0; row < count; row++) {
      int kind = random.nextInt(3);
      int place = 1 + random.nextInt(4);
      text.append(new int[] {3, 5, 9}[kind]);
      for (int i = 0; i < 36; i++) {
        boolean bar = kind == 0 ? i / 6 == place : kind == 1 ? i % 6 == place : i % 7 == 0;
        double value = (bar ? 1 : 0) + 0.2 * random.nextDouble();
        text.append(String.format(Locale.ROOT, " %d:%.3f", i + 1, value));
      }
      text.append('\n');
    }
    return Files.writeString(folder.resolve(count + ".libsvm"), text);
  }

  private Strait.Result train(String... more) throws Exception {
    List<String> words = new ArrayList<>(List.of("train", "--data", "" + rows(600), "--dcs", "2"));
    words.addAll(List.of("--json", "-q", "--out", "" + folder.resolve("run"), "--batch", "20"));
    words.addAll(List.of(more));
    return Strait.run(words.toArray(String[]::new));
  }

  @Test
  void aNetOverDataCentresIsTrainedKeptAndUsed() throws Exception {
    Path job = folder.resolve("job.yaml");
    Files.writeString(
        job,
        """
        model:
          net: [conv 8 3x3, relu, max-pool 2, dropout 0.1, dense 16, relu]
          augment: jitter:0.1
          label-smoothing: 0.05
        schedule: cosine
        warmup: 10
        clip: 5
        """);
    Strait.Result result =
        train("" + job, "--ranks", "2", "--local-steps", "4", "--epochs", "8", "--threads", "2");
    assertEquals(0, result.status(), result.err());
    JsonObject record = result.json();
    assertEquals(2, record.getAsJsonObject("modelHash").size());
    assertEquals(
        1, new HashSet<>(record.getAsJsonObject("modelHash").asMap().values()).size(), "" + record);
    String model = "" + folder.resolve("run").resolve("model.safetensors");
    Strait.Result judged = Strait.run("predict", model, "" + rows(300), "--metrics", "--json");
    assertEquals(0, judged.status(), judged.err());
    double accuracy = judged.json().getAsJsonObject("metrics").get("accuracy").getAsDouble();
    assertTrue(accuracy > 0.9, judged.out());
  }

  @Test
  void aNetThatDoesNotFitIsOneLine() throws Exception {
    Strait.Result layers = train("--net", "conv 8 3x3, max-pool 9");
    assertEquals(2, layers.status(), layers.err());
    assertTrue(
        layers.err().contains("layer 2, \"max-pool 9\", does not fit its input of 6x6x8"),
        layers.err());
    Strait.Result word = train("--net", "conv 8 3x3, rule");
    assertTrue(word.err().contains("unknown layer \"rule\""), word.err());
    Strait.Result solver = train("--model", "mlp", "--solver", "lbfgs");
    assertTrue(solver.err().contains("is for convex problems"), solver.err());
  }
}
