package org.strait.engine.data;

import java.awt.image.BufferedImage;
import java.awt.image.IndexColorModel;
import java.awt.image.Raster;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Iterator;
import java.util.Locale;
import javax.imageio.ImageIO;
import javax.imageio.ImageReader;
import javax.imageio.stream.MemoryCacheImageInputStream;

/// One decoded image: bytes, row by row, grey or red, green, blue side by side. An alpha channel is
/// left out; 16 bits become 8.
final class Picture {
  private static final long MOST_PIXELS = 1L << 28;

  private final Path file;
  private final RowShape shape;
  private final byte[] cells;

  private Picture(Path file, RowShape shape, byte[] cells) {
    this.file = file;
    this.shape = shape;
    this.cells = cells;
  }

  static boolean isName(Path file) {
    return !kind(file).isEmpty();
  }

  private static String kind(Path file) {
    String name = file.getFileName().toString().toLowerCase(Locale.ROOT);
    if (name.endsWith(".png")) {
      return "png";
    }
    return name.endsWith(".jpg") || name.endsWith(".jpeg") ? "jpeg" : "";
  }

  RowShape shape() {
    return shape;
  }

  /// Decodes a file.
  ///
  /// @throws DataException if it is no such image
  static Picture read(Path file) {
    try (InputStream in = Files.newInputStream(file);
        MemoryCacheImageInputStream input = new MemoryCacheImageInputStream(in)) {
      Iterator<ImageReader> readers = ImageIO.getImageReadersByFormatName(kind(file));
      if (!readers.hasNext()) {
        throw new DataException(
            file.toString(), "this Java cannot read " + kind(file), "use a JDK with java.desktop");
      }
      ImageReader reader = readers.next();
      try {
        reader.setInput(input, true, true);
        long pixels = (long) reader.getWidth(0) * reader.getHeight(0);
        if (pixels > MOST_PIXELS) {
          throw new DataException(
              file.toString(), pixels + " pixels, at most " + MOST_PIXELS, "make it smaller");
        }
        return of(file, reader.read(0));
      } finally {
        reader.dispose();
      }
    } catch (IOException | IllegalArgumentException | IndexOutOfBoundsException e) {
      throw unusable(file, e);
    } catch (DataException e) {
      throw e;
    } catch (RuntimeException e) {
      throw unusable(file, e); // readers of damaged files throw anything
    }
  }

  private static DataException unusable(Path file, Exception e) {
    return new DataException(
        file.toString(),
        "is no "
            + kind(file).toUpperCase(Locale.ROOT)
            + " that can be read ("
            + e.getMessage()
            + ")",
        "repair it, remove it, or leave such images out with --bad-rows skip",
        e);
  }

  private static Picture of(Path file, BufferedImage image) {
    int h = image.getHeight();
    int w = image.getWidth();
    Raster raster = image.getRaster();
    boolean palette = image.getColorModel() instanceof IndexColorModel;
    boolean grey = !palette && raster.getNumBands() < 3;
    byte[] cells = new byte[Math.multiplyExact(Math.multiplyExact(h, w), grey ? 1 : 3)];
    int[] line = new int[w * raster.getNumBands()];
    int at = 0;
    for (int y = 0; y < h; y++) {
      if (palette) {
        for (int x = 0; x < w; x++) {
          int rgb = image.getRGB(x, y);
          cells[at++] = (byte) (rgb >> 16);
          cells[at++] = (byte) (rgb >> 8);
          cells[at++] = (byte) rgb;
        }
        continue;
      }
      // Samples as they are: getRGB would put grey through another gamma.
      raster.getPixels(0, y, w, 1, line);
      for (int x = 0; x < w; x++) {
        for (int band = 0; band < (grey ? 1 : 3); band++) {
          int bits = raster.getSampleModel().getSampleSize(band);
          int sample = line[x * raster.getNumBands() + band];
          cells[at++] = (byte) (bits == 8 ? sample : sample * 255L / ((1L << bits) - 1));
        }
      }
    }
    return new Picture(file, new RowShape(h, w, grey ? 1 : 3), cells);
  }

  /// The cells in another shape. Modified: row.
  ///
  /// @throws DataException if the shape is another one and must not be
  void to(RowShape wanted, boolean resize, byte[] row) {
    if (shape.equals(wanted)) {
      System.arraycopy(cells, 0, row, 0, row.length);
      return;
    }
    boolean sizes = shape.height() == wanted.height() && shape.width() == wanted.width();
    if (!resize) {
      throw new DataException(
          file.toString(),
          sizes
              ? "has " + colours(shape) + ", the first image has " + colours(wanted)
              : "is "
                  + shape.height()
                  + "x"
                  + shape.width()
                  + " pixels, the first image is "
                  + wanted.height()
                  + "x"
                  + wanted.width(),
          sizes
              ? "say which with --image-size HxWx1 or HxWx3"
              : "bring all to one size with --image-size HxW");
    }
    byte[] coloured = shape.channels() == wanted.channels() ? cells : recoloured(wanted.channels());
    if (sizes) {
      System.arraycopy(coloured, 0, row, 0, row.length);
    } else {
      RowShape from = new RowShape(shape.height(), shape.width(), wanted.channels());
      Resampling.bilinear(coloured, from, row, wanted);
    }
  }

  private static String colours(RowShape shape) {
    return shape.channels() == 1 ? "grey pixels" : "coloured pixels";
  }

  /// Grey three times, or the luma of ITU-R BT.601.
  private byte[] recoloured(int channels) {
    int pixels = shape.height() * shape.width();
    byte[] other = new byte[pixels * channels];
    for (int p = 0; p < pixels; p++) {
      if (channels == 1) {
        int red = cells[3 * p] & 0xff;
        int green = cells[3 * p + 1] & 0xff;
        int blue = cells[3 * p + 2] & 0xff;
        other[p] = (byte) ((299 * red + 587 * green + 114 * blue + 500) / 1000);
      } else {
        for (int c = 0; c < channels; c++) {
          other[channels * p + c] = cells[p];
        }
      }
    }
    return other;
  }
}
