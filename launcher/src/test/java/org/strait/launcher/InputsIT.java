package org.strait.launcher;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.gson.JsonArray;
import com.google.gson.JsonObject;
import java.awt.image.BufferedImage;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Random;
import javax.imageio.ImageIO;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Images and ratings with real ranks.
class InputsIT {
  private static final String[] GRADES = {"none", "mild", "severe"};

  private final Random random = new Random(1);
  @TempDir Path folder;

  /// Images of a grade are bright in a third of their own.
  private void images(String clinic, String grade, int count, int size) throws IOException {
    Path into = Files.createDirectories(folder.resolve(clinic).resolve(grade));
    int third = List.of(GRADES).indexOf(grade);
    for (int i = 0; i < count; i++) {
      BufferedImage image = new BufferedImage(size, size, BufferedImage.TYPE_BYTE_GRAY);
      for (int p = 0; p < size * size; p++) {
        int light = p % size * 3 / size == third ? 150 : 50;
        image.getRaster().setSample(p % size, p / size, 0, light + random.nextInt(50));
      }
      assertTrue(ImageIO.write(image, "png", into.resolve(i + ".png").toFile()));
    }
  }

  @Test
  void clinicsWithFoldersOfImagesAreComparedWithEachAlone() throws Exception {
    images("a", "none", 12, 6);
    images("a", "mild", 12, 6);
    images("b", "severe", 2, 6); // three images, and no mild ones
    images("b", "none", 1, 6);
    for (String grade : GRADES) {
      images("t", grade, 5, 6);
    }
    Path out = folder.resolve("out");
    Strait.Result result =
        Strait.run(
            "compare",
            "--data",
            "" + folder.resolve("a"),
            "" + folder.resolve("b"),
            "--test",
            "" + folder.resolve("t"),
            "--model",
            "softmax",
            "--rounds",
            "20",
            "--out",
            "" + out,
            "--json");
    assertEquals(0, result.status(), result.err());
    JsonArray runs = result.json().getAsJsonArray("runs");
    assertEquals(4, runs.size());
    JsonObject together = runs.get(0).getAsJsonObject();
    assertEquals("together", together.get("trainedOn").getAsString());
    assertEquals(27, together.get("rows").getAsInt());
    assertEquals(27, runs.get(1).getAsJsonObject().get("rows").getAsInt());
    assertEquals(3, runs.get(3).getAsJsonObject().get("rows").getAsInt());
    double accuracy = together.getAsJsonObject("metrics").get("accuracy").getAsDouble();
    assertEquals(1, accuracy, 0.01);
    assertTrue(together.get("wanBytes").getAsLong() > 0);
    assertTrue(Files.readString(out.resolve("comparison.html")).contains("dc1 alone"));
  }
}
