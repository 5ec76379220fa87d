package org.strait.bench.parse;

import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import org.strait.kernels.Csr;
import org.strait.memory.Floats;

/// Sparse rows as LIBSVM text: labels -1 and +1, values with six decimals at most, as {@code %.6g}
/// prints them.
final class SparseText {
  private static final int ROW_BYTES = 1 << 16;

  private final byte[] buffer = new byte[ROW_BYTES];
  private int length;

  /// Writes a file.
  static void write(Csr x, Floats labels, Path file) throws IOException {
    SparseText text = new SparseText();
    try (OutputStream out = new BufferedOutputStream(Files.newOutputStream(file), 1 << 20)) {
      for (int r = 0; r < x.rows(); r++) {
        text.length = 0;
        text.row(x, r, labels.get(r));
        out.write(text.buffer, 0, text.length);
      }
    }
  }

  private void row(Csr x, int r, float label) {
    put(label > 0 ? '+' : '-');
    put('1');
    for (long e = x.rowStart().get(r); e < x.rowStart().get(r + 1L); e++) {
      put(' ');
      whole(x.index().get(e) + 1L);
      put(':');
      value(Math.round(x.value().get(e) * 1e6));
    }
    put('\n');
  }

  private void value(long millionths) {
    whole(millionths / 1_000_000);
    long rest = millionths % 1_000_000;
    if (rest == 0) {
      return;
    }
    put('.');
    for (long unit = 100_000; rest > 0; unit /= 10) {
      put((char) ('0' + rest / unit));
      rest %= unit;
    }
  }

  private void whole(long x) {
    long unit = 1;
    while (unit * 10 <= x) {
      unit *= 10;
    }
    for (long rest = x; unit > 0; unit /= 10) {
      put((char) ('0' + rest / unit));
      rest %= unit;
    }
  }

  private void put(char c) {
    buffer[length++] = (byte) c;
  }
}
