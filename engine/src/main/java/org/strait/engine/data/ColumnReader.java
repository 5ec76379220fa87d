package org.strait.engine.data;

import java.io.IOException;
import java.io.InputStream;
import org.strait.kernels.Csr;
import org.strait.memory.Floats;
import org.strait.memory.HostMemory;
import org.strait.memory.Ints;
import org.strait.memory.Longs;

/// Reads what {@link RowArchive} wrote column by column, and trusts none of it.
final class ColumnReader {
  private final InputStream in;
  private final byte[] block = new byte[1 << 16];
  private int at;
  private int end;

  ColumnReader(InputStream in) {
    this.in = in;
  }

  Dataset read(String source, int rows, long entries, int features, HostMemory memory)
      throws IOException {
    Longs start = memory.longs(rows + 1L);
    Ints index = memory.ints(entries);
    Floats value = memory.floats(entries);
    Floats labels = memory.floats(rows);
    long filled = 0;
    for (int row = 0; row < rows; row++) {
      int count = variable();
      if (count > entries - filled) {
        throw new IOException("row " + (row + 1) + " has more entries than were announced");
      }
      long last = -1;
      for (int i = 0; i < count; i++) {
        last += 1L + variable();
        if (last >= features) {
          throw new IOException("row " + (row + 1) + " has feature " + (last + 1));
        }
        index.set(filled++, (int) last);
      }
      start.set(row + 1L, filled);
    }
    if (filled != entries) {
      throw new IOException(filled + " entries, " + entries + " were announced");
    }
    if (variable() == 1) {
      value.fill(1);
    } else {
      floats(value);
    }
    floats(labels);
    if (more()) {
      throw new IOException("something follows the last row");
    }
    return new Dataset(source, new Csr(rows, features, start, index, value), labels);
  }

  private void floats(Floats run) throws IOException {
    for (long i = 0; i < run.length(); i++) {
      int bits = octet() | octet() << 8 | octet() << 16 | octet() << 24;
      float x = Float.intBitsToFloat(bits);
      if (!Float.isFinite(x)) {
        throw new IOException("a number is " + x);
      }
      run.set(i, x);
    }
  }

  private int variable() throws IOException {
    int n = 0;
    for (int shift = 0; shift < 32; shift += 7) {
      int b = octet();
      n |= (b & 127) << shift;
      if (b < 128) {
        if (n < 0) {
          break;
        }
        return n;
      }
    }
    throw new IOException("a number is too long");
  }

  private int octet() throws IOException {
    if (!more()) {
      throw new IOException("the rows end too early");
    }
    return block[at++] & 255;
  }

  private boolean more() throws IOException {
    if (at == end) {
      at = 0;
      end = Math.max(0, in.read(block));
    }
    return at < end;
  }
}
