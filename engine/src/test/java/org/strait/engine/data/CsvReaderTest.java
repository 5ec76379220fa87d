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
import java.util.zip.GZIPOutputStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.strait.memory.HostMemory;

class CsvReaderTest {
  private final HostMemory memory = HostMemory.unlimited("test");
  @TempDir Path folder;

  @AfterEach
  void close() {
    memory.close();
  }

  private Path file(String text) throws IOException {
    return Files.writeString(
        folder.resolve("t.csv"), text.replace("\\n", "\n").replace("\\r", "\r"));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '~',
      value = {
        "a,label,b\\n1,0,2\\n0,1,0.5\\n                    | ~~",
        "a,label,b\\r\\n1,0,2\\r\\n0,1,.5\\r\\n           | ~~",
        "\"a\";\"Target\";\"b;c\"\\n\"1\";0;2\\n0;\"1\";5e-1 | ~~",
        "a\tb\ty\\n1\t2\t0\\n0\t0.5\t1\\n                  | ~~",
        "p,q,r\\n1,0,2\\n0,1,0.5\\n                        | q",
        "p,q,r\\n1,0,2\\n\\n0,1,0.5\\n\\n                  | 2",
        "1,2,0\\n0,0.5,1\\n                                | 3",
        "\uFEFF0,1,2\\n1,0,0.5\\n                          | 1",
        "\uFEFFlabel,x,z\\n0,1,2\\n1, 0 ,0.50\\n           | ~~",
      })
  void everyLegalFormIsRead(String text, String label) throws IOException {
    Dataset data = CsvReader.read(file(text.stripTrailing()), label, 1, memory);
    assertArrayEquals(new float[] {0, 1}, data.labels().toArray());
    assertArrayEquals(new long[] {0, 2, 3}, data.matrix().rowStart().toArray());
    assertArrayEquals(new int[] {0, 1, 1}, data.matrix().index().toArray());
    assertArrayEquals(new float[] {1, 2, 0.5f}, data.matrix().value().toArray());
    assertEquals(2, data.features());
  }

  @Test
  void aTableWithoutLabelsHasFeaturesOnly() throws IOException {
    Dataset data = CsvReader.read(file("a,b\n0,0\n3,0\n"), "none", 1, memory);
    assertArrayEquals(new float[] {0, 0}, data.labels().toArray());
    assertEquals(2, data.features());
    assertEquals(1, data.entries());
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '~',
      value = {
        "a,b\\n1,2\\n            | ~~ | : which column is the label? There are 2 columns: a, b; say",
        "1,2\\n1,2\\n            | ~~ | : which column is the label? There are 2 columns: 1, 2; say",
        "y,Label\\n1,2\\n        | ~~ | : which column is the label?",
        "a,b\\n1,2\\n            | c  | : no column \"c\"; there are 2 columns: a, b; correct --label",
        "a,b\\n1,2\\n            | 3  | : no column \"3\"",
        "y,age\\n1,2\\n0,\\n     | ~~ | :3:3: column \"age\" is empty; fill it",
        "y,age\\n1,2\\n0,NaN\\n  | ~~ | :3:3: column \"age\" has no value (NaN); fill it",
        "y,age\\n1,2\\n0,NA\\n   | ~~ | :3:3: column \"age\" has no value (NA); fill it",
        "y,city\\n1,2\\n0,Ulm\\n | ~~ | :3:3: column \"city\": \"Ulm\" is not a number; write numbers",
        "y,a\\nyes,2\\n          | ~~ | :2:1: label column \"y\": \"yes\" is not a number; write labels",
        "y,a\\n1,2 3\\n          | ~~ | :2:3: column \"a\": \"2 3\" is not a number",
        "y,a\\n1,\"2\\n3\"\\n    | ~~ | :2:3: column \"a\": a quote that does not end; keep",
        "y,a\\n1,1e39\\n         | ~~ | :2:3: column \"a\": 1e39 is beyond float32",
        "y,a\\n1,2\\n1\\n        | ~~ | :3:2: a row of 1 instead of 2 cells; every row",
        "y,a\\n1,2,3\\n          | ~~ | :2:5: a row of more than 2 cells; every row",
        "y,a\\n                  | ~~ | : no rows; a row is a line of numbers",
        "\\n1,2\\n               | ~~ | :1:1: an empty first line",
        "\"y,a\\n1,2\\n          | ~~ | :1: a quote is open at the end of the line",
      })
  void malformedTablesAreRefusedWithTheirPlace(String text, String label, String message)
      throws IOException {
    Path file = file(text.stripTrailing());
    DataException e =
        assertThrows(DataException.class, () -> CsvReader.read(file, label, 2, memory));
    assertTrue(e.getMessage().startsWith(file + message), e.getMessage());
  }

  @Test
  void largeTablesAreTheSameForAnyNumberOfThreadsAndPacked() throws IOException {
    StringBuilder text = new StringBuilder("a,b,y,c\n");
    double sum = 0;
    int rows = 100_000;
    for (int r = 0; r < rows; r++) {
      text.append(r % 10).append(',').append(r * 0.125).append(',').append(r % 2).append(",-1.5\n");
      sum += r % 10 + r * 0.125 - 1.5;
    }
    Path plain = file(text.toString());
    Path packed = folder.resolve("t.csv.gz");
    try (OutputStream out = new GZIPOutputStream(Files.newOutputStream(packed))) {
      out.write(text.toString().getBytes(StandardCharsets.UTF_8));
    }
    String hash = null;
    for (int threads : new int[] {1, 2, 5}) {
      for (Path file : new Path[] {plain, packed}) {
        Dataset data = CsvReader.read(file, "", threads, memory);
        assertEquals(rows, data.rows());
        double got = 0;
        for (long i = 0; i < data.entries(); i++) {
          got += data.matrix().value().get(i);
        }
        assertEquals(sum, got, 0.0);
        assertEquals(hash == null ? data.hash() : hash, data.hash());
        hash = data.hash();
      }
    }
  }
}
