package org.strait.engine.data;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Map;
import java.util.TreeMap;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.strait.memory.HostMemory;

class NpzReaderTest {
  private final HostMemory memory = HostMemory.unlimited("test");
  @TempDir Path folder;

  @AfterEach
  void close() {
    memory.close();
  }

  private static byte[] npy(int version, String descr, String shape, byte[] elements) {
    return npy(version, descr, "False", shape, elements);
  }

  private static byte[] npy(
      int version, String descr, String fortran, String shape, byte[] elements) {
    String header =
        "{'descr': '%s', 'fortran_order': %s, 'shape': %s, }\n".formatted(descr, fortran, shape);
    byte[] text = header.getBytes(StandardCharsets.UTF_8);
    ByteBuffer bytes =
        ByteBuffer.allocate(12 + text.length + elements.length).order(ByteOrder.LITTLE_ENDIAN);
    bytes.put((byte) 0x93).put("NUMPY".getBytes(StandardCharsets.US_ASCII));
    bytes.put((byte) version).put((byte) 0);
    if (version == 1) {
      bytes.putShort((short) text.length);
    } else {
      bytes.putInt(text.length);
    }
    bytes.put(text).put(elements);
    return Arrays.copyOf(bytes.array(), bytes.position());
  }

  private static byte[] bytes(int... values) {
    byte[] bytes = new byte[values.length];
    for (int i = 0; i < values.length; i++) {
      bytes[i] = (byte) values[i];
    }
    return bytes;
  }

  private Path zip(Map<String, byte[]> arrays) throws IOException {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try (ZipOutputStream zip = new ZipOutputStream(bytes)) {
      for (Map.Entry<String, byte[]> array : new TreeMap<>(arrays).entrySet()) {
        zip.putNextEntry(new ZipEntry(array.getKey() + ".npy"));
        zip.write(array.getValue());
      }
    }
    return Files.write(folder.resolve("a.npz"), bytes.toByteArray());
  }

  private String refusal(byte[] images, byte[] labels) throws IOException {
    Path file = zip(Map.of("train_images", images, "train_labels", labels));
    return refusal(file);
  }

  private String refusal(Path file) {
    return assertThrows(
            DataException.class, () -> NpzReader.read(file, "train", PixelScale.UNIT, memory))
        .getMessage();
  }

  @Test
  void partsOfMedMnistAreRowsWithAShape() throws IOException {
    Path file =
        zip(
            Map.of(
                "train_images", npy(1, "|u1", "(2, 1, 1, 3)", bytes(0, 255, 51, 1, 2, 3)),
                "train_labels", npy(1, "|u1", "(2, 1)", bytes(4, 0)),
                "test_images", npy(2, "|u1", "(1, 1, 1, 3)", bytes(255, 0, 0)),
                "test_labels", npy(3, "|u1", "(1,)", bytes(3))));
    Dataset train = NpzReader.read(file, "train", PixelScale.UNIT, memory);
    assertEquals(new RowShape(1, 1, 3), train.shape());
    assertArrayEquals(
        new float[] {0, 1, 51 / 255f, 1 / 255f, 2 / 255f, 3 / 255f},
        train.dense().values().toArray());
    assertArrayEquals(new float[] {4, 0}, train.labels().toArray());
    Dataset test = NpzReader.read(file, "test", PixelScale.UNIT, memory);
    assertArrayEquals(new float[] {3}, test.labels().toArray());
    assertTrue(
        assertThrows(
                DataException.class, () -> NpzReader.read(file, "val", PixelScale.UNIT, memory))
            .getMessage()
            .contains(
                "no arrays val_images and val_labels; it has [test_images, test_labels,"
                    + " train_images, train_labels]"));
  }

  @Test
  void numbersOfEveryWidthAndOrderAreRead() throws IOException {
    ByteBuffer little = ByteBuffer.allocate(64).order(ByteOrder.LITTLE_ENDIAN);
    little.putFloat(1.5f).putFloat(-2);
    byte[] f4 = Arrays.copyOf(little.array(), 8);
    byte[] f8 = ByteBuffer.allocate(16).putDouble(1.5).putDouble(-2).array();
    byte[] i8 = ByteBuffer.allocate(16).putLong(7).putLong(-3).array();
    for (byte[] x : new byte[][] {npy(1, "<f4", "(2, 1)", f4), npy(1, ">f8", "(2, 1)", f8)}) {
      Path file = zip(Map.of("x", x, "y", npy(1, ">i8", "(2,)", i8)));
      Dataset data = NpzReader.read(file, "train", PixelScale.UNIT, memory);
      assertNull(data.shape());
      assertArrayEquals(new float[] {1.5f, -2}, data.dense().values().toArray());
      assertArrayEquals(new float[] {7, -3}, data.labels().toArray());
    }
  }

  @Test
  void whatCannotBeReadIsOneLine() throws IOException {
    byte[] good = npy(1, "|u1", "(2, 1, 2)", bytes(1, 2, 3, 4));
    byte[] labels = npy(1, "|u1", "(2,)", bytes(0, 1));
    assertTrue(
        refusal(npy(1, "|u1", "(2, 1, 2)", bytes(1, 2, 3)), labels)
            .contains("array train_images: a shape of (2, 1, 2) needs 4 bytes"),
        "fewer elements than the shape says");
    assertTrue(refusal(npy(1, "<c8", "(2, 1)", bytes()), labels).contains("type <c8; known: u1"));
    assertTrue(
        refusal(npy(1, "|u1", "True", "(2, 2)", bytes(1, 2, 3, 4)), labels)
            .contains("in Fortran order"));
    assertTrue(refusal(npy(7, "|u1", "(2, 1)", bytes(1, 2)), labels).contains("version 7"));
    assertTrue(refusal(bytes(1, 2, 3), labels).contains("is no array of NumPy"));
    assertTrue(refusal(npy(1, "|u1", "(2,)", bytes(1, 2)), labels).contains("a shape of (2,)"));
    assertTrue(refusal(npy(1, "|u1", "(2, 3, 1, 9)", new byte[54]), labels).contains("9 channels"));
    assertTrue(
        refusal(good, npy(1, "|u1", "(3,)", bytes(0, 1, 2)))
            .contains("3 labels, but train_images has 2 rows"));
    assertTrue(
        refusal(good, npy(1, "|u1", "(2, 2)", bytes(0, 1, 2, 3))).contains("one label"),
        "several labels for a row");
    float[] nan = {Float.NaN, 1};
    ByteBuffer bytes = ByteBuffer.allocate(8).order(ByteOrder.LITTLE_ENDIAN);
    bytes.putFloat(nan[0]).putFloat(nan[1]);
    assertTrue(
        refusal(npy(1, "<f4", "(2, 1)", bytes.array()), labels).contains("element 0 is NaN"));
    assertTrue(
        refusal(good, npy(1, "|u1", "(2,)", bytes(0, 1, 2))).contains("more than the 2 elements"));
  }

  @Test
  void damagedAndCutArchivesAreRefused() throws IOException {
    byte[] noise = new byte[600];
    new java.util.Random(1).nextBytes(noise);
    Path file =
        zip(
            Map.of(
                "train_images", npy(1, "|u1", "(2, 10, 30)", noise),
                "train_labels", npy(1, "|u1", "(2,)", bytes(0, 1))));
    byte[] whole = Files.readAllBytes(file);
    Files.write(file, Arrays.copyOf(whole, whole.length - 40));
    assertTrue(refusal(file).contains("a.npz: is no whole archive of arrays"));
    byte[] flipped = whole.clone();
    flipped[400] ^= 0x10;
    Files.write(file, flipped);
    String said = refusal(file);
    assertTrue(said.contains("checksum is wrong") || said.contains("no whole archive"), said);
    Files.writeString(file, "not a zip");
    assertTrue(refusal(file).contains("is no whole archive of arrays"));
    assertThrows(
        DataException.class,
        () -> NpzReader.read(folder.resolve("none.npz"), "train", PixelScale.UNIT, memory));
  }

  @Test
  void retinasAreThere() {
    Path file = SharedData.file("retinamnist/retinamnist.npz");
    Dataset train = NpzReader.read(file, "train", PixelScale.UNIT, memory);
    assertEquals(1080, train.rows());
    assertEquals(new RowShape(28, 28, 3), train.shape());
    int[] grades = new int[5];
    for (int r = 0; r < train.rows(); r++) {
      grades[(int) train.labels().get(r)]++;
    }
    assertArrayEquals(new int[] {486, 128, 206, 194, 66}, grades);
    assertEquals(400, NpzReader.read(file, "test", PixelScale.UNIT, memory).rows());
  }
}
