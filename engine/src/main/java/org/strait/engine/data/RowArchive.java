package org.strait.engine.data;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.util.zip.Deflater;
import java.util.zip.DeflaterOutputStream;
import java.util.zip.GZIPOutputStream;
import java.util.zip.InflaterInputStream;
import org.strait.kernels.Csr;
import org.strait.memory.HostMemory;

/// Rows, compressed to be sent away: what training that centralises the data pays. Either only
/// counted, to compare, or written by {@link #write} for the solver that really centralises; there
/// is no other encoder of rows that can reach a message. Of two encodings that are counted the
/// smaller one counts, so that the comparison is fair:
///
/// - {@code libsvm-gzip}: LIBSVM text in gzip, level 6.
/// - {@code columns-deflate}: number of entries of each row and differences of ascending indices as
///   variable-length integers (7 bits a byte), a flag and, unless all are 1, the values as float32,
///   labels as float32; zlib, level 6.
///
/// @param encoding name of the smaller encoding
/// @param bytes its size
public record RowArchive(String encoding, long bytes) {
  private static final int LEVEL = 6;
  private static final int BLOCK_BYTES = 1 << 16;

  /// The smaller of the two encodings of these rows.
  public static RowArchive smallest(Dataset data) {
    RowArchive text = libSvmGzip(data);
    RowArchive columns = columnsDeflate(data);
    return columns.bytes < text.bytes ? columns : text;
  }

  /// LIBSVM text in gzip.
  public static RowArchive libSvmGzip(Dataset data) {
    Counter counter = new Counter();
    try (OutputStream packed = new LevelledGzip(counter)) {
      LibSvmWriter.write(data, packed);
    } catch (IOException e) {
      throw new IllegalStateException("a stream that only counts failed", e);
    }
    return new RowArchive("libsvm-gzip", counter.bytes);
  }

  /// Columns of numbers in zlib.
  public static RowArchive columnsDeflate(Dataset data) {
    Counter counter = new Counter();
    Deflater deflater = new Deflater(LEVEL);
    try (OutputStream packed = new DeflaterOutputStream(counter, deflater, BLOCK_BYTES)) {
      new Columns(packed).write(data);
    } catch (IOException e) {
      throw new IllegalStateException("a stream that only counts failed", e);
    } finally {
      deflater.end();
    }
    return new RowArchive("columns-deflate", counter.bytes);
  }

  /// Writes the rows as columns in zlib; {@link #read} wants to know their numbers too.
  public static void write(Dataset data, OutputStream out) throws IOException {
    Deflater deflater = new Deflater(LEVEL);
    try {
      DeflaterOutputStream packed = new DeflaterOutputStream(out, deflater, BLOCK_BYTES);
      new Columns(packed).write(data);
      packed.finish();
    } finally {
      deflater.end();
    }
  }

  /// The rows that {@link #write} wrote.
  ///
  /// @param source where they come from, for messages
  /// @param rows how many
  /// @param entries of all rows
  /// @param features that they may have
  /// @param memory owner of the rows
  /// @throws IOException if they are not such rows
  public static Dataset read(
      InputStream in, String source, int rows, long entries, int features, HostMemory memory)
      throws IOException {
    return new ColumnReader(new InflaterInputStream(in))
        .read(source, rows, entries, features, memory);
  }

  private static final class LevelledGzip extends GZIPOutputStream {
    LevelledGzip(OutputStream out) throws IOException {
      super(out, BLOCK_BYTES);
      def.setLevel(LEVEL);
    }
  }

  private static final class Counter extends OutputStream {
    long bytes;

    @Override
    public void write(int b) {
      bytes++;
    }

    @Override
    public void write(byte[] block, int from, int count) {
      bytes += count;
    }
  }

  /// The columns one after the other.
  private static final class Columns {
    private final OutputStream out;
    private final byte[] block = new byte[BLOCK_BYTES];
    private int filled;

    Columns(OutputStream out) {
      this.out = out;
    }

    void write(Dataset data) throws IOException {
      Csr rows = data.matrix();
      boolean ones = true;
      for (int row = 0; row < data.rows(); row++) {
        long from = rows.rowStart().get(row);
        long end = rows.rowStart().get(row + 1L);
        variable((int) (end - from));
        int last = -1;
        for (long i = from; i < end; i++) {
          variable(rows.index().get(i) - last - 1);
          last = rows.index().get(i);
          ones &= rows.value().get(i) == 1f;
        }
      }
      variable(ones ? 1 : 0);
      long end = ones ? 0 : rows.rowStart().get(data.rows());
      for (long i = rows.rowStart().get(0); i < end; i++) {
        fixed(rows.value().get(i));
      }
      for (int row = 0; row < data.rows(); row++) {
        fixed(data.labels().get(row));
      }
      out.write(block, 0, filled);
      filled = 0;
    }

    private void variable(int n) throws IOException {
      room();
      int rest = n;
      while (rest >= 128) {
        block[filled++] = (byte) (rest | 128);
        rest >>>= 7;
      }
      block[filled++] = (byte) rest;
    }

    private void fixed(float x) throws IOException {
      room();
      int bits = Float.floatToRawIntBits(x);
      for (int shift = 0; shift < 32; shift += 8) {
        block[filled++] = (byte) (bits >>> shift);
      }
    }

    private void room() throws IOException {
      if (filled > BLOCK_BYTES - 8) {
        out.write(block, 0, filled);
        filled = 0;
      }
    }
  }
}
