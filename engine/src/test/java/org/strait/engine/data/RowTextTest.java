package org.strait.engine.data;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Random;
import java.util.zip.GZIPOutputStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.strait.memory.HostMemory;

/// Scanning in blocks, fast and plain, by any number of threads.
class RowTextTest {
  private final HostMemory memory = HostMemory.unlimited("test");
  @TempDir Path folder;

  @AfterEach
  void close() {
    memory.close();
  }

  private Path plain(String text) throws IOException {
    return Files.write(folder.resolve("rows"), text.getBytes(StandardCharsets.ISO_8859_1));
  }

  private Path packed(String text) throws IOException {
    Path file = folder.resolve("packed");
    try (OutputStream out = new GZIPOutputStream(Files.newOutputStream(file))) {
      out.write(text.getBytes(StandardCharsets.ISO_8859_1));
    }
    return file;
  }

  private static String number(Random random) {
    return switch (random.nextInt(13)) {
      case 0 -> "0";
      case 1 -> "" + random.nextInt(10);
      case 2 -> "" + random.nextInt(100_000_000);
      case 3 -> "0." + random.nextInt(1_000_000);
      case 4 -> String.format(Locale.ROOT, "%.6g", random.nextDouble());
      case 5 -> String.format(Locale.ROOT, "%.9g", random.nextGaussian());
      case 6 -> "" + random.nextDouble();
      case 7 -> "" + random.nextFloat();
      case 8 -> "-" + random.nextInt(100) + "." + random.nextInt(10_000_000);
      case 9 -> random.nextInt(10) + ".";
      case 10 -> "." + random.nextInt(1000);
      case 11 -> "+" + random.nextInt(1000) + "e-" + random.nextInt(5);
      default -> random.nextInt(10) + "." + "0".repeat(random.nextInt(16)) + random.nextInt(1000);
    };
  }

  @Test
  void everyNumberIsReadAsParseFloatReadsItAndEveryRowHasItsPlace() throws IOException {
    Random random = new Random(5);
    StringBuilder text = new StringBuilder();
    List<Float> values = new ArrayList<>();
    List<Integer> features = new ArrayList<>();
    List<Long> starts = new ArrayList<>(List.of(0L));
    int rows = 60_000;
    for (int r = 0; r < rows; r++) {
      text.append(r % 2 == 0 ? "+1" : "-1");
      int index = 0;
      for (int j = random.nextInt(12); j > 0; j--) {
        index += 1 + random.nextInt(random.nextInt(8) == 0 ? 100_000_000 : 9);
        String number = number(random);
        text.append(random.nextInt(50) == 0 ? "\t " : " ").append(index).append(':').append(number);
        values.add(Float.parseFloat(number));
        features.add(index - 1);
      }
      text.append(random.nextInt(40) == 0 ? " # 1:1\n\n" : random.nextInt(9) == 0 ? "\r\n" : "\n");
      starts.add((long) values.size());
    }
    for (Path file : List.of(plain(text.toString()), packed(text.toString()))) {
      for (int threads : new int[] {1, 2, 5}) {
        Dataset data = LibSvmReader.read(file, threads, memory);
        assertEquals(rows, data.rows());
        assertArrayEquals(
            starts.stream().mapToLong(i -> i).toArray(), data.matrix().rowStart().toArray());
        assertArrayEquals(
            features.stream().mapToInt(i -> i).toArray(), data.matrix().index().toArray());
        for (int i = 0; i < values.size(); i++) {
          assertEquals(
              Float.floatToRawIntBits(values.get(i)),
              Float.floatToRawIntBits(data.matrix().value().get(i)),
              "entry " + i);
        }
        for (int r = 0; r < rows; r++) {
          assertEquals(r % 2 == 0 ? 1f : -1f, data.labels().get(r));
        }
      }
    }
  }

  @Test
  void shortDecimalsNearTheMiddleOfTwoFloatsRoundOnce() throws IOException {
    Random random = new Random(6);
    StringBuilder text = new StringBuilder();
    List<String> numbers = new ArrayList<>();
    for (int r = 0; r < 50_000; r++) {
      float low = random.nextFloat() * (1 << random.nextInt(12));
      double middle = ((double) low + Math.nextUp(low)) / 2;
      int digits = 4 + random.nextInt(11);
      String number = String.format(Locale.ROOT, "%." + digits + "f", middle);
      numbers.add(number);
      text.append("1 1:").append(number).append('\n');
    }
    Dataset data = LibSvmReader.read(plain(text.toString()), memory);
    for (int r = 0; r < numbers.size(); r++) {
      assertEquals(Float.parseFloat(numbers.get(r)), data.matrix().value().get(r), numbers.get(r));
    }
  }

  @Test
  void theFirstBadLineIsNamedWhateverTheNumberOfThreads() throws IOException {
    String good = "1 1:1 2:0.25\n".repeat(100_000);
    String text = good + "1 1:1 2:oops\n" + good + "x\n" + good + "1 1:1 1:1\n" + good;
    for (Path file : List.of(plain(text), packed(text))) {
      for (int threads : new int[] {1, 2, 7}) {
        DataException e =
            assertThrows(DataException.class, () -> LibSvmReader.read(file, threads, memory));
        assertTrue(e.getMessage().startsWith(file + ":100001:9: value expected"), e.getMessage());
      }
    }
  }

  @Test
  void linesMayBeLongerThanBlocksAndBordersMayLieAnywhere() throws IOException {
    StringBuilder line = new StringBuilder("1");
    for (int i = 1; i <= 200_000; i++) {
      line.append(' ').append(i).append(":1.5");
    }
    StringBuilder text = new StringBuilder("-1 1:1\n").append(line).append("\n-1 2:2\n");
    for (int length : new int[] {TextBlock.BYTES, TextBlock.BYTES - 1, TextBlock.BYTES + 1}) {
      // Comments whose line ends at, before or after the border of a block.
      int rest = length - text.length() % TextBlock.BYTES;
      text.append('#').append("c".repeat(Math.floorMod(rest, TextBlock.BYTES))).append("\n1 3:3\n");
    }
    text.append(line);
    for (Path file : List.of(plain(text.toString()), packed(text.toString()))) {
      for (int threads : new int[] {1, 3}) {
        Dataset data = LibSvmReader.read(file, threads, memory);
        assertEquals(7, data.rows());
        assertEquals(400_005, data.entries());
        assertArrayEquals(new float[] {-1, 1, -1, 1, 1, 1, 1}, data.labels().toArray());
        assertEquals(200_000, data.features());
      }
    }
  }

  @Test
  void endlessLinesAreRefused() throws IOException {
    byte[] line = new byte[TextBlock.LONGEST_LINE + (1 << 20)];
    Arrays.fill(line, (byte) '1');
    Path file = Files.write(folder.resolve("rows"), line);
    DataException e = assertThrows(DataException.class, () -> LibSvmReader.read(file, 2, memory));
    assertTrue(e.getMessage().contains("a line of more than 67108864 bytes"), e.getMessage());
  }

  @Test
  void slabsAreGivenBack() throws IOException {
    Dataset data = LibSvmReader.read(plain("1 1:1 2:0.25\n".repeat(100_000)), 3, memory);
    assertEquals(100_001 * 8L + 100_000 * 4L + 200_000 * 8L, memory.usedBytes());
    assertEquals(200_000, data.entries());
    Path bad = plain("1 1:1\n".repeat(100_000) + "x\n");
    assertThrows(DataException.class, () -> LibSvmReader.read(bad, 3, memory));
    assertEquals(100_001 * 8L + 100_000 * 4L + 200_000 * 8L, memory.usedBytes());
  }

  @Test
  void cutGzipNamesTheLineAfterTheLastWholeOne() throws IOException {
    byte[] whole = Files.readAllBytes(packed("1 1:1 2:0.25\n".repeat(500_000)));
    Path cut = Files.write(folder.resolve("cut"), Arrays.copyOf(whole, whole.length - 100));
    for (int threads : new int[] {1, 2}) {
      DataException e =
          assertThrows(DataException.class, () -> LibSvmReader.read(cut, threads, memory));
      String place = e.getMessage().substring((cut + ":").length()).split(":", 2)[0];
      assertTrue(Integer.parseInt(place) > 400_000, e.getMessage());
      assertTrue(e.getMessage().contains("the gzip data end in the middle"), e.getMessage());
    }
  }
}
