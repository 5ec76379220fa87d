package org.strait.launcher;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.gson.JsonElement;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Locale;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Training and prediction on CSV with real ranks.
class TableIT {
  @TempDir Path folder;

  private JsonElement modelOf(String name, String... more) {
    Path out = folder.resolve(name);
    String[] args = {
      "train", "--dcs", "2", "--rounds", "9", "--tolerance", "0", "--json", "--out", "" + out
    };
    Strait.Result result = Strait.run(concat(args, more));
    assertEquals(0, result.status(), result.err());
    return result.json().get("modelHash");
  }

  private static String[] concat(String[] first, String[] second) {
    String[] all = Arrays.copyOf(first, first.length + second.length);
    System.arraycopy(second, 0, all, first.length, second.length);
    return all;
  }

  @Test
  void aTableTrainsTheModelOfTheSameRowsInLibsvmText() throws Exception {
    Random random = new Random(1);
    StringBuilder table = new StringBuilder("age;clicked;weight\n");
    StringBuilder text = new StringBuilder();
    StringBuilder bare = new StringBuilder("age,weight\n");
    for (int r = 0; r < 500; r++) {
      String a = String.format(Locale.ROOT, "%.3f", random.nextGaussian());
      String b = String.format(Locale.ROOT, "%.3f", random.nextGaussian());
      int label = random.nextGaussian() + Double.parseDouble(a) > 0 ? 1 : 0;
      table.append(a).append(';').append(label).append(';').append(b).append('\n');
      text.append(label).append(" 1:").append(a).append(" 2:").append(b).append('\n');
      bare.append(a).append(',').append(b).append('\n');
    }
    Path csv = Files.writeString(folder.resolve("rows.csv"), table);
    Path libsvm = Files.writeString(folder.resolve("rows.libsvm"), text);
    JsonElement model = modelOf("a", "--data", "" + libsvm, "--no-cache", "--test", "" + libsvm);
    assertEquals(model, modelOf("b", "--data", "" + csv, "--label", "clicked"));
    Path renamed = Files.copy(csv, folder.resolve("rows.txt"));
    assertEquals(
        model,
        modelOf(
            "c", "--data", "" + renamed, "--format", "csv", "--label", "2", "--test", "" + csv));
    String file = folder.resolve("a/model.safetensors").toString();
    String expected = Strait.run("predict", file, "" + libsvm).out();
    assertEquals(500, expected.lines().count());
    assertEquals(expected, Strait.run("predict", file, "" + csv, "--label", "clicked").out());
    Path unlabelled = Files.writeString(folder.resolve("new.csv"), bare);
    assertEquals(expected, Strait.run("predict", file, "" + unlabelled, "--label", "none").out());
  }

  @Test
  void whatIsWrongWithATableIsSaidInOneLine() throws Exception {
    Path csv = Files.writeString(folder.resolve("rows.csv"), "age,city,clicked\n1,Ulm,0\n");
    Strait.Result result = Strait.run("train", "--data", "" + csv, "--dcs", "1");
    assertEquals(2, result.status());
    assertTrue(
        result.err().contains("which column is the label? There are 3 columns: age, city, clicked"),
        result.err());
    result = Strait.run("train", "--data", "" + csv, "--dcs", "1", "--label", "clicked");
    assertEquals(2, result.status());
    assertTrue(
        result.err().contains("rows.csv:2:3: column \"city\": \"Ulm\" is not a number"),
        result.err());
    result = Strait.run("train", "--data", "" + csv, "--format", "cvs");
    assertEquals(2, result.status());
    assertTrue(
        result.err().contains("--format: unknown format \"cvs\"; did you mean \"csv\"?"),
        result.err());
  }
}
