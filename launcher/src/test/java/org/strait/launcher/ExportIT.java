package org.strait.launcher;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// A trained model in other programs' forms.
class ExportIT {
  @TempDir Path folder;

  @Test
  void liblinearPredictsTheSameLabels() throws Exception {
    Path program = Needs.program("liblinear-predict", "liblinear-tools");
    Path rows = Strait.rows(folder.resolve("rows.libsvm"), 400, 30, 3);
    Path run = folder.resolve("run");
    Strait.Result trained =
        Strait.run("train", "--data", rows.toString(), "--solver", "tron", "--out", run.toString());
    assertEquals(0, trained.status(), trained.err());
    String model = run.resolve("model.safetensors").toString();
    Strait.Result exported =
        Strait.run("export", model, "--format", "liblinear,onnx,text", "--json");
    assertEquals(0, exported.status(), exported.err());
    Path liblinear = run.resolve("model.liblinear");
    assertEquals(liblinear.toString(), exported.json().get("liblinear").getAsString());
    assertTrue(Files.size(run.resolve("model.onnx")) > 8 * 30);
    assertTrue(Files.readString(run.resolve("model.txt")).startsWith("# model logistic\n"));
    Path theirs = folder.resolve("theirs");
    Process predict =
        new ProcessBuilder(
                program.toString(), rows.toString(), liblinear.toString(), theirs.toString())
            .redirectErrorStream(true)
            .redirectOutput(folder.resolve("log").toFile())
            .start();
    assertTrue(predict.waitFor(60, TimeUnit.SECONDS));
    assertEquals(0, predict.exitValue(), Files.readString(folder.resolve("log")));
    Strait.Result ours = Strait.run("predict", model, rows.toString());
    List<String> labels = ours.out().lines().map(line -> line.split(" ", -1)[0]).toList();
    assertEquals(Files.readAllLines(theirs), labels);
  }

  @Test
  void mistakesAreOneLine() {
    Strait.Result unknown = Strait.run("export", "model", "--format", "pmml");
    assertEquals(2, unknown.status());
    assertTrue(unknown.err().contains("known: text, liblinear, onnx"), unknown.err());
    Strait.Result missing =
        Strait.run("export", folder.resolve("none").toString(), "--format", "text");
    assertEquals(2, missing.status());
    assertTrue(missing.err().contains("no such file"), missing.err());
  }
}
