package org.strait.engine.data;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.zip.GZIPOutputStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.strait.memory.HostMemory;

class IdxReaderTest {
  private final HostMemory memory = HostMemory.unlimited("test");
  @TempDir Path folder;

  @AfterEach
  void close() {
    memory.close();
  }

  private static byte[] idx(int type, int[] sizes, int... elements) {
    ByteBuffer bytes = ByteBuffer.allocate(4 + 4 * sizes.length + elements.length);
    bytes.put((byte) 0).put((byte) 0).put((byte) type).put((byte) sizes.length);
    Arrays.stream(sizes).forEach(bytes::putInt);
    Arrays.stream(elements).forEach(x -> bytes.put((byte) x));
    return bytes.array();
  }

  private Path write(String name, byte[] bytes) throws IOException {
    return Files.write(folder.resolve(name), bytes);
  }

  private String refusal(byte[] images, byte[] labels) throws IOException {
    Path file = write("t-images-idx3-ubyte", images);
    write("t-labels-idx1-ubyte", labels);
    return assertThrows(
            DataException.class, () -> IdxReader.read(file, "", PixelScale.UNIT, memory))
        .getMessage();
  }

  @Test
  void imagesBecomeRowsWithTheLabelsOfTheFileBesideThem() throws IOException {
    Path images = folder.resolve("t-images-idx3-ubyte.gz");
    try (OutputStream out = new GZIPOutputStream(Files.newOutputStream(images))) {
      out.write(idx(8, new int[] {2, 1, 3}, 0, 51, 255, 102, 0, 1));
    }
    write("t-labels-idx1-ubyte.gz", idx(8, new int[] {2}, 9, 200));
    Dataset data = IdxReader.read(images, "", PixelScale.UNIT, memory);
    assertEquals(new RowShape(1, 3, 1), data.shape());
    assertEquals(2, data.rows());
    assertEquals(0.2f, data.dense().values().get(1));
    assertEquals(1, data.dense().values().get(2));
    assertEquals(9, data.labels().get(0));
    assertEquals(200, data.labels().get(1));
    Dataset centred = IdxReader.read(images, "t-labels-idx1-ubyte.gz", PixelScale.CENTRED, memory);
    assertEquals(-1, centred.dense().values().get(0));
    assertEquals(1, centred.dense().values().get(2));
  }

  @Test
  void filesThatAreNotWhatTheyShouldBeAreRefusedInOneLine() throws IOException {
    byte[] images = idx(8, new int[] {2, 1, 2}, 1, 2, 3, 4);
    byte[] labels = idx(8, new int[] {2}, 0, 1);
    assertTrue(
        refusal(labels, labels).contains("begins with 0x00000801, an IDX file of images begins"));
    assertTrue(refusal(new byte[] {1, 2}, labels).contains("begins with 0x0102, an IDX file"));
    assertTrue(refusal(idx(13, new int[] {2, 1, 2}), labels).contains("begins with 0x00000d03"));
    assertTrue(
        refusal(Arrays.copyOf(images, images.length - 1), labels)
            .contains("t-images-idx3-ubyte: ends after 3 of 4 bytes of its elements"));
    assertTrue(
        refusal(Arrays.copyOf(images, 10), labels).contains("ends in the middle of its header"));
    assertTrue(
        refusal(Arrays.copyOf(images, images.length + 1), labels)
            .contains("has more than the 4 bytes"));
    assertTrue(
        refusal(images, idx(8, new int[] {3}, 0, 1, 2)).contains("3 labels, but"),
        "another number of labels");
    assertTrue(
        refusal(idx(8, new int[] {1 << 30, 1 << 9, 1 << 9}), labels).contains("cannot hold them"));
    assertTrue(refusal(idx(8, new int[] {0, 1, 2}), labels).contains("says it has 0 images"));
    Path other = write("pictures", images);
    assertTrue(
        assertThrows(DataException.class, () -> IdxReader.read(other, "", PixelScale.UNIT, memory))
            .getMessage()
            .contains("say it: --label FILE"));
  }
}
