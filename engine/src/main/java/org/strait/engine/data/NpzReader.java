package org.strait.engine.data;

import java.io.BufferedInputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.zip.CRC32;
import java.util.zip.CheckedInputStream;
import java.util.zip.ZipEntry;
import java.util.zip.ZipException;
import java.util.zip.ZipFile;
import org.strait.memory.Floats;
import org.strait.memory.HostMemory;

/// Reads an archive of NumPy arrays (.npz) with rows and their labels in the layout of MedMNIST:
/// {@code train_images} and {@code train_labels}, {@code val_…}, {@code test_…}; {@code x_train}
/// and {@code y_train}, or, where there are no parts, {@code images} and {@code labels}, {@code x}
/// and {@code y}. Images are (n, height, width) or (n, height, width, channels), other rows (n,
/// features); labels are (n) or (n, 1). Pixels in bytes are scaled, other numbers stay as they are.
public final class NpzReader {
  /// Parts that can be asked for.
  public static final List<String> PARTS = List.of("train", "val", "test");

  private static final int MOST_CHANNELS = 4;
  private static final int BUFFER_BYTES = 1 << 16;

  private final Path file;
  private final ZipFile zip;
  private final HostMemory memory;

  private NpzReader(Path file, ZipFile zip, HostMemory memory) {
    this.file = file;
    this.zip = zip;
    this.memory = memory;
  }

  /// All rows of a part.
  ///
  /// @param part one of {@link #PARTS}
  /// @param scale what bytes become
  /// @param memory owner of the rows
  /// @throws DataException if the file is not what it should be; names the array
  public static Dataset read(Path file, String part, PixelScale scale, HostMemory memory) {
    try {
      FileSource.check(file);
      try (ZipFile zip = new ZipFile(file.toFile())) {
        return new NpzReader(file, zip, memory).read(part, scale);
      }
    } catch (ZipException e) {
      throw new DataException(
          file.toString(),
          "is no whole archive of arrays (" + e.getMessage() + ")",
          "if it was cut off, copy it again; else save it with numpy.savez",
          e);
    } catch (EOFException e) {
      throw new DataException(file.toString(), "ends in the middle", "copy it again", e);
    } catch (IOException e) {
      throw FileSource.unreadable(file.toString(), e);
    }
  }

  private Dataset read(String part, PixelScale scale) throws IOException {
    List<String[]> pairs = new ArrayList<>();
    pairs.add(new String[] {part + "_images", part + "_labels"});
    pairs.add(new String[] {"x_" + part, "y_" + part});
    pairs.add(new String[] {"X_" + part, "y_" + part});
    pairs.add(new String[] {"images", "labels"});
    pairs.add(new String[] {"x", "y"});
    pairs.add(new String[] {"X", "y"});
    for (String[] pair : pairs) {
      if (entry(pair[0]) != null && entry(pair[1]) != null) {
        return read(pair[0], pair[1], scale);
      }
    }
    List<String> names =
        zip.stream().map(e -> e.getName().replaceAll("\\.npy$", "")).sorted().toList();
    throw new DataException(
        file.toString(),
        "no arrays " + part + "_images and " + part + "_labels; it has " + names,
        "name them so, or x_" + part + " and y_" + part);
  }

  private ZipEntry entry(String name) {
    return zip.getEntry(name + ".npy");
  }

  private Dataset read(String images, String labels, PixelScale scale) throws IOException {
    int rows;
    int cols;
    RowShape shape;
    DenseCells cells;
    try (CheckedInputStream in = stream(images)) {
      NpyArray array = open(images, in);
      long[] sizes = array.shape();
      shape = shape(images, array);
      rows = (int) sizes[0];
      cols = shape == null ? (int) sizes[1] : shape.cells();
      cells =
          array.isBytes()
              ? DenseCells.of(array.bytes(memory), rows, cols, scale, memory)
              : DenseCells.of(array.floats(memory), rows, cols, memory);
      verify(images, in);
    }
    return Dataset.of(file.toString(), cells, labels(labels, rows, images), RowFacts.of(shape));
  }

  /// Null for rows that are no images.
  private RowShape shape(String images, NpyArray array) {
    long[] sizes = array.shape();
    boolean sane = sizes.length >= 2 && sizes.length <= 4;
    for (long size : sizes) {
      sane &= size >= 1 && size <= Integer.MAX_VALUE - 8;
    }
    if (sane && sizes.length == 4 && sizes[3] > MOST_CHANNELS) {
      throw new DataException(
          where(images),
          "a shape of " + array.shapeText() + ", so " + sizes[3] + " channels",
          "the channels come last: transpose it to (n, height, width, channels)");
    }
    try {
      if (sane) {
        return sizes.length == 2
            ? null
            : new RowShape((int) sizes[1], (int) sizes[2], sizes.length == 4 ? (int) sizes[3] : 1);
      }
    } catch (IllegalArgumentException e) {
      sane = false;
    }
    throw new DataException(
        where(images),
        "a shape of " + array.shapeText(),
        "rows are (n, features), (n, height, width) or (n, height, width, channels)");
  }

  private Floats labels(String labels, int rows, String images) throws IOException {
    try (CheckedInputStream in = stream(labels)) {
      NpyArray array = open(labels, in);
      long[] sizes = array.shape();
      if (sizes.length < 1 || sizes.length > 2 || (sizes.length == 2 && sizes[1] != 1)) {
        throw new DataException(
            where(labels),
            "a shape of " + array.shapeText(),
            "each row has one label: (n) or (n, 1)");
      }
      if (sizes[0] != rows) {
        throw new DataException(
            where(labels),
            sizes[0] + " labels, but " + images + " has " + rows + " rows",
            "give each row its label");
      }
      Floats read = array.floats(memory);
      verify(labels, in);
      return read;
    }
  }

  private CheckedInputStream stream(String name) throws IOException {
    InputStream plain = new BufferedInputStream(zip.getInputStream(entry(name)), BUFFER_BYTES);
    return new CheckedInputStream(plain, new CRC32());
  }

  /// A damaged header may claim any size: the archive knows how much there is.
  private NpyArray open(String name, InputStream in) throws IOException {
    NpyArray array = NpyArray.open(where(name), in);
    long left = entry(name).getSize() - array.headerBytes();
    if (array.elementBytes() > left) {
      throw new DataException(
          where(name),
          "a shape of "
              + array.shapeText()
              + " needs "
              + array.elementBytes()
              + " bytes, it has "
              + left,
          "the file was cut off: copy it again");
    }
    return array;
  }

  private void verify(String name, CheckedInputStream in) {
    if (in.getChecksum().getValue() != entry(name).getCrc()) {
      throw new DataException(where(name), "its checksum is wrong", "copy the file again");
    }
  }

  private String where(String array) {
    return file + " array " + array;
  }
}
