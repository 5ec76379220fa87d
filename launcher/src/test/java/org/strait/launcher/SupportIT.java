package org.strait.launcher;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/// Only shared features travel, with real ranks: the model is the same, a data centre may be lost
/// and come back, and a run may go on.
@Timeout(180)
class SupportIT {
  @TempDir Path folder;

  /// Rows of three sites that share 40 features and have 40 of their own each; of 200 numbers.
  private List<String> train(String out, String... more) throws Exception {
    Path rows = folder.resolve("rows.libsvm");
    Path sites = folder.resolve("rows.sites");
    if (!Files.exists(rows)) {
      Random random = new Random(5);
      StringBuilder text = new StringBuilder();
      StringBuilder names = new StringBuilder();
      for (int row = 0; row < 600; row++) {
        int site = row % 3;
        StringBuilder values = new StringBuilder();
        double margin = random.nextGaussian();
        for (int f = 1; f <= 160; f++) {
          if ((f <= 40 || (f - 1) / 40 == site + 1) && random.nextInt(4) == 0) {
            double value = random.nextGaussian();
            margin += value * Math.sin(f);
            values.append(String.format(Locale.ROOT, " %d:%.4f", f, value));
          }
        }
        text.append(margin > 0 ? "+1" : "-1").append(values).append('\n');
        names.append("site-").append((char) ('a' + site)).append('\n');
      }
      Files.writeString(rows, text);
      Files.writeString(sites, names);
    }
    List<String> words = new ArrayList<>(List.of("train", "--data", "" + rows));
    words.addAll(List.of("--sites", "" + sites, "--features", "200", "--ranks", "2"));
    words.addAll(List.of("--backend", "scalar", "--l2", "1e-3", "--json", "-q"));
    words.addAll(List.of("--out", "" + folder.resolve(out)));
    words.addAll(List.of(more));
    return words;
  }

  private JsonObject run(String out, String... more) throws Exception {
    Strait.Result result = Strait.run(train(out, more).toArray(String[]::new));
    assertEquals(0, result.status(), result.err());
    return result.json();
  }

  private static Set<String> hashes(JsonObject record) {
    Set<String> hashes = new HashSet<>();
    for (JsonElement hash : record.getAsJsonObject("modelHash").asMap().values()) {
      hashes.add(hash.getAsString());
    }
    return hashes;
  }

  @Test
  void theModelIsThatOfAllFeatures() throws Exception {
    JsonObject on = run("on", "--support", "on", "--tolerance", "1e-7", "--reference");
    JsonObject off = run("off", "--support", "off", "--tolerance", "1e-7");
    assertEquals(1, hashes(on).size(), "" + on.get("modelHash"));
    double objective = off.get("objective").getAsDouble();
    assertEquals(objective, on.get("objective").getAsDouble(), 1e-6);
    assertEquals(objective, on.getAsJsonObject("reference").get("objective").getAsDouble(), 1e-6);
    assertEquals(
        off.getAsJsonObject("metrics"), on.getAsJsonObject("metrics"), "both without test rows");
    JsonObject support = on.getAsJsonObject("support");
    assertEquals(40, support.get("shared").getAsInt());
    assertEquals(120, support.get("own").getAsInt());
    assertEquals(40, support.get("absent").getAsInt());
    assertTrue(support.get("dictionaryBytes").getAsLong() > 0, "" + support);
    assertEquals(2 * 120 * 4, support.get("weightBytes").getAsLong());
    assertFalse(off.has("support"));
    assertEquals(0, on.get("rowsSent").getAsLong());
    Strait.Result audit = Strait.run("audit", "" + folder.resolve("on"), "--json");
    assertEquals(0, audit.status(), audit.out());
    assertTrue(audit.out().contains("features") && audit.out().contains("weights"), audit.out());
  }

  @Test
  void aLostDataCentreComesBackToItsOwnFeatures() throws Exception {
    JsonObject record =
        run(
            "survive",
            "--support",
            "on",
            "--tolerance",
            "0",
            "--rounds",
            "2500",
            "--wan",
            "2ms 1Gbit/s",
            "--kill",
            "site-c@1s",
            "--rejoin",
            "site-c@2s");
    assertEquals(2, record.getAsJsonArray("membership").size(), "" + record.get("membership"));
    assertEquals(3, record.getAsJsonObject("modelHash").size());
    assertEquals(1, hashes(record).size(), "" + record.get("modelHash"));
    double off = run("whole", "--tolerance", "1e-7").get("objective").getAsDouble();
    assertEquals(off, record.get("objective").getAsDouble(), 1e-6);
  }

  @Test
  void aRunThatGoesOnEndsWithTheSameBits() throws Exception {
    String[] words = {"--support", "on", "--tolerance", "0", "--checkpoint-every", "5"};
    List<String> cut = new ArrayList<>(List.of(words));
    cut.addAll(List.of("--rounds", "13"));
    run("cut", cut.toArray(String[]::new));
    List<String> whole = new ArrayList<>(List.of(words));
    whole.addAll(List.of("--rounds", "30"));
    JsonObject unbroken = run("unbroken", whole.toArray(String[]::new));
    Strait.Result again =
        Strait.run(
            "train",
            "--resume",
            "" + folder.resolve("cut"),
            "--rounds",
            "30",
            "--out",
            "" + folder.resolve("again"),
            "--json",
            "-q");
    assertEquals(0, again.status(), again.err());
    assertEquals(unbroken.get("modelHash"), again.json().get("modelHash"));
    assertEquals(unbroken.get("objective"), again.json().get("objective"));
    assertEquals(10, again.json().getAsJsonObject("resumed").get("round").getAsLong());
  }

  @Test
  void otherSolversSayThatTheyCannot() throws Exception {
    Strait.Result result =
        Strait.run(train("sgd", "--support", "on", "--solver", "sgd").toArray(String[]::new));
    assertEquals(2, result.status(), result.err());
    assertTrue(result.err().contains("--support on needs --solver lbfgs"), result.err());
  }
}
