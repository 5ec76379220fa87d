package org.strait.engine.data;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.zip.GZIPOutputStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.strait.memory.HostMemory;

class RowWeightsTest {
  private final HostMemory memory = HostMemory.unlimited("test");
  @TempDir Path folder;

  @AfterEach
  void close() {
    memory.close();
  }

  @Test
  void packedTextIsRead() throws IOException {
    Path file = folder.resolve("w.gz");
    try (OutputStream out = new GZIPOutputStream(Files.newOutputStream(file))) {
      out.write("1\n0\n 2.5 \n1e-3".getBytes(StandardCharsets.UTF_8));
    }
    assertArrayEquals(
        new float[] {1, 0, 2.5f, 1e-3f}, RowWeights.read(file, 4, "rows", memory).toArray());
  }

  @ParameterizedTest
  @CsvSource({
    "'1\n-1\n1', w:2: a weight of -1",
    "'1\n1\nnan', w:3: \"nan\" is not a number",
    "'1\n1e39\n1', w:2: a weight of 1e39",
    "'1\n\n1', w:2: \"\" is not a number",
    "'1\n1', 'w: 2 weights, but rows has 3 rows'",
    "'1\n1\n1\n1', 'w: 4 weights, but rows has 3 rows'"
  })
  void whatIsWrongIsSaidWithItsPlace(String text, String said) throws IOException {
    Path file = Files.writeString(folder.resolve("w"), text);
    DataException e =
        assertThrows(DataException.class, () -> RowWeights.read(file, 3, "rows", memory));
    assertTrue(e.getMessage().contains(said), e.getMessage());
  }

  private Dataset table(String text, RowSettings settings) throws IOException {
    return CsvReader.read(Files.writeString(folder.resolve("t.csv"), text), settings, memory);
  }

  private static RowSettings settings(String label, String weight, String... columns) {
    return new RowSettings("csv", label, weight, List.of(columns), 1, false);
  }

  @Test
  void aColumnOfWeightsIsNoFeature() throws IOException {
    Dataset rows = table("a,w,y,b\n1,3,0,2\n0,0,1,0\n0,0.5,1,4\n", settings("y", "w"));
    assertNotNull(rows.weights());
    assertArrayEquals(new float[] {3, 0, 0.5f}, rows.weights().toArray());
    assertArrayEquals(new float[] {0, 1, 1}, rows.labels().toArray());
    assertEquals(2, rows.features());
    assertArrayEquals(new float[] {1, 2, 4}, rows.matrix().value().toArray());
    assertEquals(0, rows.matrix().rowStart().get(2) - rows.matrix().rowStart().get(1));
    DataException e =
        assertThrows(DataException.class, () -> table("a,w,y\n1,-3,0\n", settings("y", "w")));
    assertTrue(e.getMessage().contains("t.csv:2:3: column \"w\": a weight of -3"), e.getMessage());
    e = assertThrows(DataException.class, () -> table("a,w,y\n1,nan,0\n", settings("y", "w")));
    assertTrue(e.getMessage().contains("t.csv:2:3"), e.getMessage());
    e = assertThrows(DataException.class, () -> table("a,w,y\n1,1,0\n", settings("y", "v")));
    assertTrue(e.getMessage().contains("correct --weight"), e.getMessage());
  }

  @Test
  void columnsAreFoundByName() throws IOException {
    Dataset given = table("y,a,b,c\n1,2,0,4\n", settings("y", ""));
    Dataset turned = table("c,other,b,a,y\n4,9,0,2,1\n", settings("*", "", "a", "b", "c"));
    assertEquals(given.hash(), turned.hash());
    assertEquals(3, turned.features());
    Dataset bare = table("c,b,a\n4,0,2\n", settings("*", "", "a", "b", "c"));
    assertEquals(0, bare.labels().get(0));
    assertArrayEquals(new float[] {2, 4}, bare.matrix().value().toArray());
    DataException e =
        assertThrows(
            DataException.class, () -> table("y,a,c\n1,2,4\n", settings("", "", "a", "b", "c")));
    assertTrue(e.getMessage().contains("the model has 1 columns: b"), e.getMessage());
    e =
        assertThrows(
            DataException.class,
            () -> table("a,b,c,a\n1,2,4,1\n", settings("*", "", "a", "b", "c")));
    assertTrue(e.getMessage().contains("two columns are called \"a\""), e.getMessage());
    e =
        assertThrows(
            DataException.class, () -> table("1,2,4,1\n", settings("*", "", "a", "b", "c")));
    assertTrue(e.getMessage().contains("4 columns without names are features"), e.getMessage());
  }
}
