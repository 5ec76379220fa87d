package org.strait.engine.data;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import org.strait.kernels.Csr;

/// Writes LIBSVM text: {@code +1 3:1 11:0.5}, indices from 1, values in the fewest digits that read
/// back as the same float32.
public final class LibSvmWriter {
  private static final int BLOCK_BYTES = 1 << 16;
  private static final int LONGEST_ENTRY_BYTES = 32;

  private final OutputStream out;
  private final byte[] block = new byte[BLOCK_BYTES];
  private int filled;

  private LibSvmWriter(OutputStream out) {
    this.out = out;
  }

  /// Writes all rows; neither flushes nor closes the stream.
  public static void write(Dataset data, OutputStream out) throws IOException {
    new LibSvmWriter(out).writeRows(data);
  }

  private void writeRows(Dataset data) throws IOException {
    Csr matrix = data.matrix();
    for (int row = 0; row < data.rows(); row++) {
      float label = data.labels().get(row);
      room();
      if (label > 0) {
        block[filled++] = '+';
      }
      number(label);
      long end = matrix.rowStart().get(row + 1L);
      for (long i = matrix.rowStart().get(row); i < end; i++) {
        room();
        block[filled++] = ' ';
        whole(matrix.index().get(i) + 1);
        block[filled++] = ':';
        number(matrix.value().get(i));
      }
      room();
      block[filled++] = '\n';
    }
    out.write(block, 0, filled);
    filled = 0;
  }

  private void room() throws IOException {
    if (filled > BLOCK_BYTES - LONGEST_ENTRY_BYTES) {
      out.write(block, 0, filled);
      filled = 0;
    }
  }

  private void number(float x) {
    int rounded = (int) x;
    if (rounded == x && Math.abs(x) < 1e7f && Float.floatToRawIntBits(x) != 1 << 31) {
      if (rounded < 0) {
        block[filled++] = '-';
      }
      whole(Math.abs(rounded));
      return;
    }
    for (byte b : Float.toString(x).getBytes(StandardCharsets.ISO_8859_1)) {
      block[filled++] = b;
    }
  }

  private void whole(int n) {
    int digits = 1;
    for (int rest = n / 10; rest > 0; rest /= 10) {
      digits++;
    }
    int rest = n;
    for (int i = digits - 1; i >= 0; i--) {
      block[filled + i] = (byte) ('0' + rest % 10);
      rest /= 10;
    }
    filled += digits;
  }
}
