package org.strait.engine.data;

import java.io.DataInputStream;
import java.io.EOFException;
import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.nio.file.Files;
import java.nio.file.Path;
import org.strait.memory.Bytes;
import org.strait.memory.Floats;
import org.strait.memory.HostMemory;

/// Reads IDX files, plain or gzip-compressed, the format of MNIST and Fashion-MNIST (LeCun's page
/// of MNIST): two zero bytes, the type of an element (8: bytes, the only one that is read), the
/// number of dimensions, each dimension as a big-endian int, then the elements. Images have 3
/// dimensions (number, height, width) or 4 (and channels), their labels are a second file of 1.
public final class IdxReader {
  private static final int BYTE = 8;
  private static final int CHUNK = 1 << 20;

  /// What gzip can make of a run of zeros, and more.
  private static final int MOST_TIMES_SMALLER = 1100;

  private IdxReader() {}

  /// All images of a file with their labels.
  ///
  /// @param images file of images
  /// @param labels file of labels; empty for the one that is called as the images are, with {@code
  ///     labels} for {@code images} and {@code idx1} for {@code idx3}
  /// @param scale what bytes become
  /// @param memory owner of the rows
  /// @throws DataException if a file is not what it should be
  public static Dataset read(Path images, String labels, PixelScale scale, HostMemory memory) {
    Path labelFile = labelFile(images, labels);
    try (DataInputStream in = new DataInputStream(FileSource.open(images))) {
      int[] sizes = sizes(images, in, "images", 3, 4);
      RowShape shape = shape(images, sizes);
      Bytes bytes = bytes(images, in, (long) sizes[0] * shape.cells(), memory);
      Floats classes = labels(images, sizes[0], labelFile, memory);
      return Dataset.of(
          images.toString(),
          DenseCells.of(bytes, sizes[0], shape.cells(), scale, memory),
          classes,
          RowFacts.of(shape));
    } catch (IOException e) {
      throw FileSource.unreadable(images.toString(), e);
    }
  }

  private static RowShape shape(Path file, int[] sizes) {
    try {
      return new RowShape(sizes[1], sizes[2], sizes.length > 3 ? sizes[3] : 1);
    } catch (IllegalArgumentException e) {
      throw new DataException(file.toString(), e.getMessage(), "is it damaged?", e);
    }
  }

  private static Path labelFile(Path images, String labels) {
    if (!labels.isEmpty()) {
      return images.resolveSibling(labels);
    }
    String name = images.getFileName().toString();
    String other = name.replace("images", "labels").replace("idx3", "idx1").replace("idx4", "idx1");
    if (other.equals(name)) {
      throw new DataException(
          images.toString(),
          "which file has the labels of these images? Their name does not tell",
          "say it: --label FILE");
    }
    return images.resolveSibling(other);
  }

  private static Floats labels(Path images, int rows, Path file, HostMemory memory) {
    try (DataInputStream in = new DataInputStream(FileSource.open(file))) {
      int count = sizes(file, in, "labels", 1, 1)[0];
      if (count != rows) {
        throw new DataException(
            file.toString(),
            count + " labels, but " + images + " has " + rows + " images",
            "give the labels that belong to these images");
      }
      Floats labels = memory.floats(rows);
      try (HostMemory scratch = memory.child("labels being read")) {
        Bytes bytes = bytes(file, in, rows, scratch);
        for (int r = 0; r < rows; r++) {
          labels.set(r, (float) (bytes.get(r) & 0xff));
        }
      }
      return labels;
    } catch (IOException e) {
      throw FileSource.unreadable(file.toString(), e);
    }
  }

  private static int[] sizes(Path file, DataInputStream in, String what, int least, int most)
      throws IOException {
    byte[] head = in.readNBytes(4);
    boolean known =
        head.length == 4
            && head[0] == 0
            && head[1] == 0
            && head[2] == BYTE
            && head[3] >= least
            && head[3] <= most;
    if (!known) {
      throw new DataException(
          file.toString(),
          "begins with "
              + hex(head)
              + ", an IDX file of "
              + what
              + " begins with "
              + hex(new byte[] {0, 0, BYTE, (byte) least}),
          "give such a file, or say what it is with --format");
    }
    int[] sizes = new int[head[3]];
    try {
      for (int i = 0; i < sizes.length; i++) {
        sizes[i] = in.readInt();
      }
    } catch (EOFException e) {
      throw cut(file, "ends in the middle of its header", e);
    }
    if (sizes[0] < 1) {
      throw new DataException(file.toString(), "says it has " + sizes[0] + " " + what, "damaged?");
    }
    return sizes;
  }

  private static Bytes bytes(Path file, DataInputStream in, long count, HostMemory memory)
      throws IOException {
    if (count / MOST_TIMES_SMALLER > Files.size(file)) {
      throw new DataException(
          file.toString(), "says it has " + count + " bytes, it cannot hold them", "damaged?");
    }
    byte[] chunk = new byte[(int) Math.min(CHUNK, Math.max(1, count))];
    long at = 0;
    Bytes bytes = null;
    while (at < count) { // at least once: no file of no elements gets here
      int got = in.readNBytes(chunk, 0, (int) Math.min(chunk.length, count - at));
      if (got == 0) {
        throw cut(file, "ends after " + at + " of " + count + " bytes of its elements", null);
      }
      if (bytes == null) {
        bytes = memory.bytes(count);
      }
      bytes.slice(at, got).segment().copyFrom(MemorySegment.ofArray(chunk).asSlice(0, got));
      at += got;
    }
    if (in.read() >= 0) {
      throw new DataException(
          file.toString(), "has more than the " + count + " bytes that it says", "is it damaged?");
    }
    return bytes;
  }

  private static DataException cut(Path file, String what, IOException e) {
    return new DataException(file.toString(), what, "the file was cut off: copy it again", e);
  }

  private static String hex(byte[] bytes) {
    StringBuilder text = new StringBuilder("0x");
    for (byte b : bytes) {
      text.append(Character.forDigit((b >> 4) & 15, 16)).append(Character.forDigit(b & 15, 16));
    }
    return text.toString();
  }
}
