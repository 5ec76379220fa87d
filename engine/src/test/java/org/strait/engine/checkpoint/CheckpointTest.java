package org.strait.engine.checkpoint;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.Channels;
import java.nio.channels.WritableByteChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.SequencedMap;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.strait.memory.Floats;
import org.strait.memory.HostMemory;

class CheckpointTest {
  @TempDir Path folder;
  private final HostMemory memory = HostMemory.unlimited("test");

  @AfterEach
  void free() {
    memory.close();
  }

  private Checkpoint checkpoint(long round, float... values) {
    SequencedMap<String, double[]> numbers = new LinkedHashMap<>();
    numbers.put("n", new double[] {1.5});
    SequencedMap<String, Floats> vectors = new LinkedHashMap<>();
    Floats w = memory.floats(values.length);
    w.copyFrom(values);
    vectors.put("w", w);
    return new Checkpoint("s", round, numbers, vectors);
  }

  private static byte[] bytes(Checkpoint checkpoint) throws IOException {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    CheckpointLayout.write(checkpoint, Channels.newChannel(out));
    assertEquals(out.size(), CheckpointLayout.bytes(checkpoint));
    return out.toByteArray();
  }

  private static final class Filled implements Checkpoint.Target {
    private final Floats vector;
    private double[] numbers;
    private boolean complete;

    Filled(Floats vector) {
      this.vector = vector;
    }

    @Override
    public void numbers(String name, double[] values) {
      assertEquals("n", name);
      numbers = values;
    }

    @Override
    public Floats vector(String name) {
      return name.equals("w") ? vector : null;
    }

    @Override
    public void complete() {
      complete = true;
    }
  }

  private static long read(byte[] bytes, String settings, Checkpoint.Target target)
      throws IOException {
    return CheckpointLayout.read(
        Channels.newChannel(new ByteArrayInputStream(bytes)), "file", settings, target);
  }

  @Test
  void theLayoutIsTheseBytes() throws IOException {
    String golden =
        "5354434b 0100 0000 0700000000000000 4900000000000000 02000000 01000000 73"
            + "0100 6e 01 0100000000000000 000000000000f83f"
            + "0100 77 02 0100000000000000 000080bf";
    byte[] written = bytes(checkpoint(7, -1f));
    assertEquals(golden.replace(" ", ""), HexFormat.of().formatHex(written, 0, written.length - 4));
    Filled filled = new Filled(memory.floats(1));
    assertEquals(7, read(written, "s", filled));
    assertArrayEquals(new double[] {1.5}, filled.numbers);
    assertEquals(-1f, filled.vector.get(0));
    assertTrue(filled.complete);
  }

  @Test
  void everyCutAndEveryFlippedBitIsFound() throws IOException {
    byte[] written = bytes(checkpoint(7, 1, 2, 3));
    for (int length = 0; length < written.length; length++) {
      byte[] cut = Arrays.copyOf(written, length);
      assertThrows(CheckpointException.class, () -> read(cut, "s", new Filled(memory.floats(3))));
    }
    for (int bit = 0; bit < 8 * written.length; bit++) {
      byte[] changed = written.clone();
      changed[bit / 8] ^= (byte) (1 << bit % 8);
      assertThrows(
          CheckpointException.class,
          () ->
              CheckpointLayout.verify(
                  Channels.newChannel(new ByteArrayInputStream(changed)), "file"));
    }
    byte[] longer = Arrays.copyOf(written, written.length + 1);
    assertThrows(CheckpointException.class, () -> read(longer, "s", new Filled(memory.floats(3))));
  }

  private String refusal(byte[] bytes, String settings, long n) {
    return assertThrows(
            CheckpointException.class, () -> read(bytes, settings, new Filled(memory.floats(n))))
        .getMessage();
  }

  @Test
  void anotherTrainingIsRefused() throws IOException {
    byte[] written = bytes(checkpoint(7, 1, 2, 3));
    assertTrue(refusal(written, "t", 3).contains("its settings are \"s\", expected \"t\""));
    assertTrue(refusal(written, "s", 4).contains("w has 3 elements, expected 4"));
    written[4] = 9;
    assertEquals("file is of version 9, this build reads version 1", refusal(written, "s", 3));
    written[0] = 9;
    assertTrue(refusal(written, "s", 3).startsWith("file is no checkpoint: magic"));
  }

  @Test
  void theLastTwoAreKept() {
    CheckpointFolder kept = new CheckpointFolder(folder.resolve("new"), "eu/west");
    for (long round : new long[] {3, 6, 9}) {
      kept.write(checkpoint(round, (float) round));
    }
    assertEquals(List.of(6L, 9L), kept.rounds());
    Filled filled = new Filled(memory.floats(1));
    kept.read(6, "s", filled);
    assertEquals(6f, filled.vector.get(0));
    assertEquals(List.of(), new CheckpointFolder(folder.resolve("new"), "eu").rounds());
  }

  @Test
  void aFullDiskLeavesTheEarlierOnes() throws IOException {
    new CheckpointFolder(folder, "dc1").write(checkpoint(1, 1));
    CheckpointFolder full = new CheckpointFolder(folder, "dc1", FullAfter::new);
    String message =
        assertThrows(CheckpointException.class, () -> full.write(checkpoint(2, 2))).getMessage();
    assertTrue(message.contains("checkpoint of round 2"), message);
    assertTrue(message.contains("No space left on device"), message);
    assertEquals(List.of(1L), full.rounds());
    full.verify(1);
    try (var files = Files.list(folder)) {
      assertEquals(1, files.count());
    }
  }

  /// A disk with room for 40 bytes.
  private static final class FullAfter implements WritableByteChannel {
    private final WritableByteChannel out;
    private int room = 40;

    FullAfter(WritableByteChannel out) {
      this.out = out;
    }

    @Override
    public int write(ByteBuffer bytes) throws IOException {
      if (bytes.remaining() > room) {
        throw new IOException("No space left on device");
      }
      room -= bytes.remaining();
      return out.write(bytes);
    }

    @Override
    public boolean isOpen() {
      return out.isOpen();
    }

    @Override
    public void close() throws IOException {
      out.close();
    }
  }

  @Test
  void aFileThatIsNoneIsSkipped() throws IOException {
    Files.writeString(folder.resolve("dc1-x.checkpoint"), "");
    CheckpointFolder empty = new CheckpointFolder(folder, "dc1");
    assertEquals(List.of(), empty.rounds());
    assertFalse(Files.exists(empty.file(1)));
  }
}
