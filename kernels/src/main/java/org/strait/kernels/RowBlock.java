package org.strait.kernels;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import org.strait.memory.Floats;
import org.strait.memory.Longs;

/// Consecutive sparse rows in arrays that stay in the cache: native memory can be neither gathered
/// from nor indexed without a check of its own at every access. Scratch of one thread.
public final class RowBlock {
  /// Entries of a block, which fill a quarter of a level 2 cache of 1 MiB; measured. Only a single
  /// row has more.
  private static final int ENTRIES = 1 << 14;

  /// Rows of a block: their margins stay in the level 1 cache.
  private static final int ROWS = 1024;

  /// Elements past the last entry that may be written.
  public static final int SPARE = 16;

  private final int[] rowStart = new int[ROWS + 1];
  private final float[] margin = new float[ROWS];
  private int[] index = new int[ENTRIES + SPARE];
  private float[] value = new float[ENTRIES + SPARE];
  private int count;

  /// The row after the last one of the block that begins with a row and ends before another.
  public static int end(Csr rows, int from, int to) {
    Longs starts = rows.rowStart();
    long most = starts.get(from) + ENTRIES;
    int end = from + 1;
    int last = Math.min(to, from + ROWS);
    while (end < last && starts.get(end + 1L) <= most) {
      end++;
    }
    return end;
  }

  /// Makes room for rows [from, to) and fills the row starts.
  public void begin(Csr rows, int from, int to) {
    Longs starts = rows.rowStart();
    long first = starts.get(from);
    count = to - from;
    for (int r = 0; r <= count; r++) {
      rowStart[r] = (int) (starts.get((long) from + r) - first);
    }
    int entries = Math.toIntExact(starts.get(to) - first);
    if (entries > index.length - SPARE) {
      index = new int[entries + SPARE];
      value = new float[entries + SPARE];
    }
  }

  /// Loads rows [from, to) without margins.
  public void load(Csr rows, int from, int to) {
    begin(rows, from, to);
    long first = rows.rowStart().get(from) * Floats.BYTES;
    int entries = rowStart[count];
    MemorySegment.copy(rows.index().segment(), ValueLayout.JAVA_INT, first, index, 0, entries);
    MemorySegment.copy(rows.value().segment(), ValueLayout.JAVA_FLOAT, first, value, 0, entries);
  }

  /// Start of each row and end of the last one in {@link #index} and {@link #value}.
  public int[] rowStart() {
    return rowStart;
  }

  /// Columns of the entries.
  public int[] index() {
    return index;
  }

  /// Values of the entries.
  public float[] value() {
    return value;
  }

  /// Where to put the margin of each row of the block: a store to native memory for each row would
  /// keep the compiler from seeing that the arrays stay the same, a tenth of the time.
  public float[] margin() {
    return margin;
  }

  /// margins(from + r) ← margin(r) for the rows of the block. Modified: margins.
  public void copyMargins(int from, Floats margins) {
    MemorySegment.copy(
        margin, 0, margins.segment(), ValueLayout.JAVA_FLOAT, from * Floats.BYTES, count);
  }

  /// sums ← sums + Σ_r coefficients(from + r)·row r of the block. Modified: sums.
  public void add(Floats coefficients, int from, float[] sums) {
    int[] ix = index;
    float[] v = value;
    float[] c = margin;
    MemorySegment.copy(
        coefficients.segment(), ValueLayout.JAVA_FLOAT, from * Floats.BYTES, c, 0, count);
    for (int r = 0; r < count; r++) {
      float coefficient = c[r];
      int end = rowStart[r + 1];
      for (int e = rowStart[r]; e < end; e++) {
        sums[ix[e]] += coefficient * v[e];
      }
    }
  }

  /// The same with the rows squared element by element. Modified: sums.
  public void addSquares(Floats coefficients, int from, float[] sums) {
    int[] ix = index;
    float[] v = value;
    float[] c = margin;
    MemorySegment.copy(
        coefficients.segment(), ValueLayout.JAVA_FLOAT, from * Floats.BYTES, c, 0, count);
    for (int r = 0; r < count; r++) {
      float coefficient = c[r];
      int end = rowStart[r + 1];
      for (int e = rowStart[r]; e < end; e++) {
        sums[ix[e]] += coefficient * (v[e] * v[e]);
      }
    }
  }
}
