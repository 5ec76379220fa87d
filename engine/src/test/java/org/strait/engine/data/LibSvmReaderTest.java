package org.strait.engine.data;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Random;
import java.util.zip.GZIPOutputStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.strait.memory.HostMemory;

class LibSvmReaderTest {
  private final HostMemory memory = HostMemory.unlimited("test");
  @TempDir Path folder;

  @AfterEach
  void close() {
    memory.close();
  }

  private Dataset read(String text) {
    byte[] bytes = text.getBytes(StandardCharsets.ISO_8859_1);
    return LibSvmReader.read("rows", new ByteArrayInputStream(bytes), memory);
  }

  private static byte[] gzip(byte[] bytes) throws IOException {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    try (GZIPOutputStream packed = new GZIPOutputStream(out)) {
      packed.write(bytes);
    }
    return out.toByteArray();
  }

  private static void assertRows(Dataset data) {
    assertArrayEquals(new float[] {1, -1, 0.5f, 2}, data.labels().toArray());
    assertArrayEquals(new long[] {0, 2, 3, 3, 4}, data.matrix().rowStart().toArray());
    assertArrayEquals(new int[] {0, 6, 2, 1}, data.matrix().index().toArray());
    assertArrayEquals(new float[] {1, -0.5f, 2000, 3}, data.matrix().value().toArray());
    assertEquals(7, data.features());
  }

  @ParameterizedTest
  @CsvSource({
    "'+1 1:1 7:-0.5\n-1 3:2e3\n.5\n2 2:+3\n'",
    "'+1 1:1 7:-0.5\n-1 3:2e3\n.5\n2 2:+3'",
    "'+1 1:1 7:-0.5\r\n-1 3:2E+3\r\n5e-1\r\n2 2:3\r\n'",
    "'# head\n\n 1\t1:1.0  7:-.5 # tail 9:9\n-1 3:2000#x\n\n  \n0.5 #\n2. 2:3\n#end'",
  })
  void everyLegalFormIsRead(String text) {
    assertRows(read(text));
  }

  @Test
  void gzipIsToldByContentNotByName() throws IOException {
    byte[] text = "1 1:1 7:-0.5\n-1 3:2e3\n.5\n2 2:3\n".getBytes(StandardCharsets.ISO_8859_1);
    Path packed = Files.write(folder.resolve("packed.txt"), gzip(text));
    Path plain = Files.write(folder.resolve("plain.gz"), text);
    assertRows(LibSvmReader.read(packed, memory));
    assertRows(LibSvmReader.read(plain, memory));
  }

  @Test
  void longTextsAreReadAcrossBufferAndChunkBoundaries() {
    Random random = new Random(3);
    StringBuilder text = new StringBuilder();
    int rows = 20_000;
    long entries = 0;
    double sum = 0;
    for (int r = 0; r < rows; r++) {
      text.append(r);
      int index = 0;
      for (int j = random.nextInt(20); j > 0; j--) {
        index += 1 + random.nextInt(1000);
        float value = random.nextInt(2) == 0 ? 1 : (float) random.nextGaussian();
        text.append(' ').append(index).append(':').append(value);
        entries++;
        sum += (double) value * index;
      }
      text.append(r % 7 == 0 ? "  # a comment\n\n" : "\n");
    }
    Dataset data = read(text.toString());
    assertEquals(rows, data.rows());
    assertEquals(entries, data.entries());
    double got = 0;
    for (long i = 0; i < entries; i++) {
      got += (double) data.matrix().value().get(i) * (data.matrix().index().get(i) + 1);
    }
    assertEquals(sum, got, 0.0);
    for (int r = 0; r < rows; r++) {
      assertEquals((float) r, data.labels().get(r));
    }
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "'1 1:1\nx 1:1\n'                | rows:2:1: label expected, found \"x\"",
        "'1 1:1\n1 0:1\n'                | rows:2:3: feature index 0; LIBSVM indices start at 1",
        "'1 3:1 2:1\n'                   | rows:1:7: feature index 2 after 3; indices must ascend",
        "'1 3:1 3:1\n'                   | rows:1:7: feature index 3 twice in one row",
        "'1 2147483648:1\n'              | rows:1:3: feature index 2147483648 is above 2147483647",
        "'1 99999999999999999999999:1\n' | rows:1:3: feature index 99999999999999999999999 is abov",
        "'1 1:nan\n'                     | rows:1:5: value nan is not a finite number",
        "'1 1:-Infinity\n'               | rows:1:5: value -Infinity is not a finite number",
        "'1 1:1e39\n'                    | rows:1:5: value 1e39 is beyond float32",
        "'nan 1:1\n'                     | rows:1:1: label nan is not a finite number",
        "'inf\n'                         | rows:1:1: label inf is not a finite number",
        "'1 12\n'                        | rows:1:3: no colon after the feature index in \"12\"",
        "'1 12 :3\n'                     | rows:1:3: no colon after the feature index in \"12\"",
        "'1 1: 3\n'                      | rows:1:5: value expected, found the end of the line",
        "'1 1:\n'                        | rows:1:5: value expected, found the end of the line",
        "'1 1:1x\n'                      | rows:1:5: value \"1x\" is not a number",
        "'1 1:1f\n'                      | rows:1:5: value \"1f\" is not a number",
        "'1 1:0x10\n'                    | rows:1:5: value \"0x10\" is not a number",
        "'1 1:1:1\n'                     | rows:1:5: value \"1:1\" is not a number",
        "'1 -1:1\n'                      | rows:1:3: feature index \"-1:1\" has a sign",
        "'1 qid:3 1:1\n'                 | rows:1:3: INDEX:VALUE expected, found \"qid:3\"",
        "'1:1 2:1\n'                     | rows:1:1: no label before the first entry \"1:1\"",
        "'1,2 1:1\n'                     | rows:1:1: label \"1,2\" is not a number",
        "'# only\n\n'                    | rows: no rows; a row is LABEL",
        "''                              | rows: no rows; a row is LABEL",
      })
  void malformedTextIsRefusedWithItsPlace(String text, String message) {
    DataException e = assertThrows(DataException.class, () -> read(text));
    assertTrue(e.getMessage().startsWith(message), e.getMessage());
  }

  @Test
  void binaryTextIsRefused() {
    byte[] garbage = new byte[300_000];
    new Random(4).nextBytes(garbage);
    garbage[0] = (byte) 0x93;
    DataException e =
        assertThrows(
            DataException.class,
            () -> LibSvmReader.read("rows", new ByteArrayInputStream(garbage), memory));
    assertTrue(
        e.getMessage().startsWith("rows:1:1: label expected, found a binary token (byte 0x93"),
        e.getMessage());
  }

  @Test
  void endlessTokensAreRefused() {
    for (String head : new String[] {"", "1 ", "1 1:"}) {
      String text = head + "1".repeat(600_000);
      DataException e = assertThrows(DataException.class, () -> read(text));
      assertTrue(e.getMessage().contains("rows:1:"), e.getMessage());
    }
  }

  @Test
  void errorsDeepInsideTheTextNameLineAndColumn() {
    String text = "1 1:1 2:0.25\n".repeat(100_000) + "1 1:1 2:oops\n";
    DataException e = assertThrows(DataException.class, () -> read(text));
    assertTrue(e.getMessage().startsWith("rows:100001:9: value expected"), e.getMessage());
  }

  @Test
  void missingFilesAndFoldersAreRefused() {
    Path missing = folder.resolve("none");
    assertTrue(refusal(missing).startsWith(missing + ": no such file; check the path"));
    assertTrue(refusal(folder).startsWith(folder + ": is a folder; name a file in it"));
  }

  @Test
  void damagedAndForeignCompressionIsRefused() throws IOException {
    byte[] text = "1 1:1 2:0.25\n".repeat(50_000).getBytes(StandardCharsets.ISO_8859_1);
    byte[] packed = gzip(text);
    Path cut = Files.write(folder.resolve("cut"), Arrays.copyOf(packed, packed.length / 2));
    assertTrue(refusal(cut).contains("the gzip data end in the middle; the file was cut off"));
    packed[packed.length / 2] ^= 0x55;
    Path damaged = Files.write(folder.resolve("damaged"), packed);
    assertTrue(refusal(damaged).startsWith(damaged.toString()));
    Path bzip2 =
        Files.write(folder.resolve("rows.bz2"), "BZh91AY".getBytes(StandardCharsets.UTF_8));
    assertTrue(refusal(bzip2).contains("is compressed by bzip2; unpack it"));
    Path stub = Files.write(folder.resolve("stub"), new byte[] {0x1f, (byte) 0x8b});
    assertTrue(refusal(stub).contains("the gzip data end in the middle"));
  }

  @Test
  void memoryReadIsExactlyWhatTheRowsNeed() {
    Dataset data = read("1 1:1 2:0.25\n".repeat(100_000));
    assertEquals(100_001 * 8L + 100_000 * 4L + 200_000 * 8L, memory.usedBytes());
    assertEquals(200_000, data.entries());
  }

  private String refusal(Path file) {
    return assertThrows(DataException.class, () -> LibSvmReader.read(file, memory)).getMessage();
  }
}
