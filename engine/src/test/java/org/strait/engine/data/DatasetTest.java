package org.strait.engine.data;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.util.zip.GZIPOutputStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.strait.memory.Bytes;
import org.strait.memory.Floats;
import org.strait.memory.HostMemory;

class DatasetTest {
  private final HostMemory memory = HostMemory.unlimited("test");

  @AfterEach
  void close() {
    memory.close();
  }

  private Dataset rows(String text) {
    return LibSvmReader.read(
        "rows",
        new ByteArrayInputStream(text.getBytes(java.nio.charset.StandardCharsets.UTF_8)),
        memory);
  }

  @Test
  void selectedRowsKeepTheirContentInTheOrderGiven() {
    Dataset data = rows("1 1:1 2:2\n2 3:3\n3\n4 1:4\n").slice(1, 3);
    Dataset some = data.select(new int[] {2, 0, 2, 1}, memory);
    assertArrayEquals(new float[] {4, 2, 4, 3}, some.labels().toArray());
    assertArrayEquals(new long[] {0, 1, 2, 3, 3}, some.matrix().rowStart().toArray());
    assertArrayEquals(new int[] {0, 2, 0}, some.matrix().index().toArray());
    assertEquals(3, some.features());
    assertThrows(IndexOutOfBoundsException.class, () -> data.select(new int[] {3}, memory));
  }

  @Test
  void theHashIsOfTheContent() {
    Dataset data = rows("1 1:1 2:2\n2 3:3\n3\n4 1:4\n");
    String hash = data.slice(1, 2).hash();
    assertEquals(hash, rows("2 3:3\n3\n").hash());
    assertEquals(hash, data.select(new int[] {1, 2}, memory).withFeatures(9).hash());
    assertNotEquals(hash, rows("2 3:3\n3.5\n").hash());
    assertNotEquals(hash, rows("2 3:4\n3\n").hash());
    assertNotEquals(hash, rows("2\n3 3:3\n").hash());
  }

  @Test
  void thereMayBeMoreFeaturesThanOccurButNotFewer() {
    Dataset data = rows("1 1:1 5:2\n2 3:3\n");
    assertEquals(8, data.withFeatures(8).features());
    DataException e = assertThrows(DataException.class, () -> data.withFeatures(4));
    assertEquals(
        "rows: feature 5, but only 4 are known; use the file that the model was trained for, or"
            + " leave the feature out",
        e.getMessage());
    assertEquals(3, data.slice(1, 1).withFeatures(3).features());
  }

  @Test
  void writtenRowsReadBackTheSame() throws IOException {
    Dataset data = new ClickData(5).rows(1, 0, 500, memory);
    data.matrix().value().set(3, -0f);
    data.matrix().value().set(4, 1.0e-20f);
    data.matrix().value().set(5, 12345678f);
    data.matrix().value().set(6, -3);
    ByteArrayOutputStream text = new ByteArrayOutputStream();
    LibSvmWriter.write(data, text);
    Dataset back = LibSvmReader.read("text", new ByteArrayInputStream(text.toByteArray()), memory);
    assertEquals(data.hash(), back.hash());
  }

  @Test
  void anArchiveIsAsLargeAsTheRowsReallyCompress() throws IOException {
    Dataset data = new ClickData(5).rows(0, 0, 2000, memory);
    ByteArrayOutputStream packed = new ByteArrayOutputStream();
    try (GZIPOutputStream gzip = new GZIPOutputStream(packed)) {
      LibSvmWriter.write(data, gzip);
    }
    RowArchive text = RowArchive.libSvmGzip(data);
    assertEquals(packed.size(), text.bytes());
    RowArchive columns = RowArchive.columnsDeflate(data);
    assertEquals(Math.min(text.bytes(), columns.bytes()), RowArchive.smallest(data).bytes());
    assertThrows(
        IllegalArgumentException.class,
        () -> new Dataset("x", data.matrix(), data.labels().slice(0, 3)));
  }

  @Test
  void buildersRefuseWhatIsNoRow() {
    try (DatasetBuilder builder = new DatasetBuilder(memory)) {
      builder.entry(3, 1);
      assertThrows(IllegalArgumentException.class, () -> builder.entry(3, 1));
      assertThrows(IllegalArgumentException.class, () -> builder.entry(2, 1));
      builder.endRow(1);
      builder.entry(0, 1);
      builder.endRow(1);
      assertThrows(IllegalArgumentException.class, () -> builder.build("x", 3, memory));
      assertEquals(2, builder.build("x", 4, memory).entries());
    }
  }

  @Test
  void rowsWithoutGapsAreDenseAndSparse() {
    Bytes bytes = memory.bytes(12);
    for (int i = 0; i < 12; i++) {
      bytes.set(i, (byte) (i * 20));
    }
    Floats labels = memory.floats(4);
    labels.copyFrom(new float[] {3, 2, 1, 0});
    RowShape shape = new RowShape(1, 3, 1);
    DenseCells cells = DenseCells.of(bytes, 4, 3, PixelScale.UNIT, memory);
    Dataset data = Dataset.of("f", cells, labels, RowFacts.of(shape));
    Dataset picked = data.select(new int[] {3, 0}, memory);
    assertArrayEquals(
        new float[] {180 / 255f, 200 / 255f, 220 / 255f, 0, 20 / 255f, 40 / 255f},
        picked.dense().values().toArray());
    assertArrayEquals(new float[] {0, 3}, picked.labels().toArray());
    assertEquals(shape, picked.shape());
    Dataset part = data.slice(1, 2);
    assertEquals(60 / 255f, part.dense().values().get(0));
    assertEquals(6, part.matrix().entries());
    assertEquals(60 / 255f, part.matrix().value().get(part.matrix().rowStart().get(0)));
    assertEquals(part.hash(), data.select(new int[] {1, 2}, memory).hash());
    assertEquals(part.entries(), 6);
    Shard shard = Shard.miniBatches(data, 3, 1, memory);
    Batch batch = shard.next();
    assertEquals(batch.rows(), batch.dense().rows());
    assertEquals(shape, batch.shape());
    assertEquals(4, shard.all().dense().rows());
    assertSame(shard.data().dense(), shard.all().dense());
    assertEquals(5, data.withFeatures(5).features());
    assertThrows(DataException.class, () -> data.withFeatures(2));
  }
}
