package org.strait.engine.data;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.awt.image.BufferedImage;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import javax.imageio.ImageIO;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.strait.memory.HostMemory;

class ImageFolderTest {
  private final HostMemory memory = HostMemory.unlimited("test");
  private final List<String> told = new ArrayList<>();
  @TempDir Path folder;

  @AfterEach
  void close() {
    memory.close();
  }

  /// A grey image whose pixels are first, first + step, …
  private void grey(String name, int h, int w, int first, int step) throws IOException {
    BufferedImage image = new BufferedImage(w, h, BufferedImage.TYPE_BYTE_GRAY);
    for (int i = 0; i < h * w; i++) {
      image.getRaster().setSample(i % w, i / w, 0, first + i * step);
    }
    save(name, image);
  }

  private void colour(String name, int h, int w, int rgb) throws IOException {
    BufferedImage image = new BufferedImage(w, h, BufferedImage.TYPE_INT_RGB);
    for (int i = 0; i < h * w; i++) {
      image.setRGB(i % w, i / w, rgb);
    }
    save(name, image);
  }

  private void save(String name, BufferedImage image) throws IOException {
    Path file = folder.resolve(name);
    Files.createDirectories(file.getParent());
    String format = name.endsWith(".png") ? "png" : "jpeg";
    assertTrue(ImageIO.write(image, format, file.toFile()));
  }

  private Dataset read(String size, String badRows, int threads) {
    ImageSettings settings = ImageSettings.parse(size, badRows, "unit");
    return ImageFolder.read(folder, settings, threads, memory, told::add);
  }

  private String refusal(String size) {
    return assertThrows(DataException.class, () -> read(size, "fail", 2)).getMessage();
  }

  @Test
  void foldersAreClassesInTheOrderOfTheirNamesForAnyNumberOfThreads() throws IOException {
    for (int i = 0; i < 20; i++) {
      grey((i % 2 == 0 ? "none/" : "mild/") + (10 + i) + ".png", 2, 2, i, 10);
    }
    Dataset data = read("", "fail", 1);
    assertEquals(List.of("mild", "none"), data.facts().classes());
    assertEquals(new RowShape(2, 2, 1), data.shape());
    assertEquals(20, data.rows());
    assertEquals(0, data.labels().get(9));
    assertEquals(1, data.labels().get(10));
    assertEquals(1 / 255f, data.dense().values().get(0));
    assertEquals(31 / 255f, data.dense().values().get(3));
    assertEquals(data.hash(), read("", "fail", 3).hash());
  }

  @Test
  void foldersCalledByNumbersAreThoseLabels() throws IOException {
    colour("0/a.png", 1, 1, 0x102030);
    colour("4/b.png", 1, 1, 0xff8000);
    Dataset data = read("", "fail", 1);
    assertEquals(List.of(), data.facts().classes());
    assertArrayEquals(new float[] {0, 4}, data.labels().toArray());
    assertEquals(new RowShape(1, 1, 3), data.shape());
    assertArrayEquals(
        new float[] {16 / 255f, 32 / 255f, 48 / 255f, 1, 128 / 255f, 0},
        data.dense().values().toArray());
  }

  @Test
  void corruptImagesAreNamedAndLeftOutOnlyIfAskedFor() throws IOException {
    grey("0/a.png", 4, 4, 0, 1);
    grey("0/b.png", 4, 4, 1, 1);
    grey("1/c.png", 4, 4, 2, 1);
    byte[] whole = Files.readAllBytes(folder.resolve("0/b.png"));
    Files.write(folder.resolve("0/b.png"), Arrays.copyOf(whole, whole.length / 2));
    Files.writeString(folder.resolve("1/d.jpg"), "no image");
    String why = refusal("");
    assertTrue(why.startsWith(folder.resolve("0/b.png") + ": is no PNG that can be read"), why);
    assertEquals(List.of(), told);
    Dataset rest = read("", "skip", 2);
    assertArrayEquals(new float[] {0, 1}, rest.labels().toArray());
    assertEquals(2 / 255f, rest.dense().values().get(16));
    assertEquals(1, told.size());
    assertTrue(told.getFirst().contains("2 of 4 images are left out"), told.getFirst());
    assertTrue(told.getFirst().contains("b.png"), told.getFirst());
    assertTrue(told.getFirst().contains("d.jpg"), told.getFirst());
  }

  @Test
  void imagesOfOtherSizesAreRefusedOrResized() throws IOException {
    grey("0/a.png", 2, 2, 100, 0);
    grey("0/b.png", 4, 2, 100, 0);
    String why = refusal("");
    assertTrue(why.contains("b.png: is 4x2 pixels, the first image is 2x2"), why);
    assertTrue(why.contains("--image-size HxW"), why);
    Dataset data = read("3x5", "fail", 1);
    assertEquals(new RowShape(3, 5, 1), data.shape());
    for (float x : data.dense().values().toArray()) {
      assertEquals(100 / 255f, x);
    }
    colour("0/c.png", 2, 2, 0x646464);
    assertTrue(
        assertThrows(DataException.class, () -> read("", "fail", 1)).getMessage().contains("4x2"));
    assertEquals(new RowShape(2, 2, 3), read("2x2x3", "fail", 1).shape());
    assertEquals(100 / 255f, read("2x2", "fail", 1).dense().values().get(8));
  }

  @Test
  void shrinkingAveragesAndGrowingInterpolates() {
    RowShape four = new RowShape(1, 4, 1);
    byte[] two = new byte[2];
    Resampling.bilinear(new byte[] {0, 40, 80, 120}, four, two, new RowShape(1, 2, 1));
    // Triangles of width 2 about 1 and 3: (3·0 + 3·40 + 80)/7 and its mirror image.
    assertArrayEquals(new byte[] {29, 91}, two);
    byte[] grown = new byte[4];
    Resampling.bilinear(new byte[] {0, 100}, new RowShape(1, 2, 1), grown, four);
    assertArrayEquals(new byte[] {0, 25, 75, 100}, grown);
  }

  @Test
  void jpegsAreRead() throws IOException {
    colour("0/a.jpg", 8, 8, 0xffffff);
    Dataset data = read("", "fail", 1);
    assertEquals(new RowShape(8, 8, 3), data.shape());
    assertTrue(data.dense().values().get(5) > 0.98f);
  }

  @Test
  void foldersWithoutImagesAreRefused() throws IOException {
    assertTrue(refusal("").contains("no folders in it"));
    Files.createDirectories(folder.resolve("0"));
    assertTrue(refusal("").contains("no .png or .jpg in its folders [0]"));
    assertThrows(IllegalArgumentException.class, () -> ImageSettings.parse("28", "fail", "unit"));
    assertThrows(IllegalArgumentException.class, () -> ImageSettings.parse("", "maybe", "unit"));
    assertThrows(IllegalArgumentException.class, () -> ImageSettings.parse("", "fail", "no"));
  }
}
