package org.strait.kernels;

import static java.lang.foreign.ValueLayout.JAVA_DOUBLE;
import static java.lang.foreign.ValueLayout.JAVA_FLOAT;
import static java.lang.foreign.ValueLayout.JAVA_INT;

import java.lang.foreign.MemorySegment;
import org.strait.memory.Doubles;
import org.strait.memory.Floats;
import org.strait.memory.Longs;

/// Consecutive sparse rows in arrays that stay in the cache: native memory is not indexed without a
/// check of its own at every access. Scratch of one thread.
public final class RowBlock {
  /// Entries of a block, which fill a quarter of a level 2 cache of 1 MiB; measured. Only a single
  /// row has more.
  private static final int ENTRIES = 1 << 14;

  /// Rows of a block: their margins stay in the level 1 cache.
  private static final int ROWS = 1024;

  /// Entries that are summed in float32.
  private static final int CHUNK = 256;

  private final int[] rowStart = new int[ROWS + 1];
  /// Margins or coefficients: a native access for each row would keep the compiler from seeing that
  /// the arrays stay the same, a tenth of the time.
  private final float[] perRow = new float[ROWS];
  private final double[] widePerRow = new double[ROWS];
  private int[] index = new int[ENTRIES];
  private float[] value = new float[ENTRIES];
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

  /// Loads rows [from, to).
  public void load(Csr rows, int from, int to) {
    Longs starts = rows.rowStart();
    long first = starts.get(from);
    count = to - from;
    for (int r = 0; r <= count; r++) {
      rowStart[r] = (int) (starts.get((long) from + r) - first);
    }
    int entries = Math.toIntExact(starts.get(to) - first);
    if (entries > index.length) {
      index = new int[entries];
      value = new float[entries];
    }
    long at = first * Floats.BYTES;
    MemorySegment.copy(rows.index().segment(), JAVA_INT, at, index, 0, entries);
    MemorySegment.copy(rows.value().segment(), JAVA_FLOAT, at, value, 0, entries);
  }

  /// Start of each row, and end of the last one, in {@link #index} and {@link #value}.
  int[] rowStart() {
    return rowStart;
  }

  /// Columns of the entries.
  int[] index() {
    return index;
  }

  /// Values of the entries.
  float[] value() {
    return value;
  }

  /// margins(from + r) ← row r of the block · weights: four sums side by side in float32, emptied
  /// into float64 every {@value #CHUNK} entries. Modified: margins from from to the end of the
  /// block.
  public void margins(int from, float[] weights, Floats margins) {
    int[] ix = index;
    float[] v = value;
    float[] margin = perRow;
    for (int r = 0; r < count; r++) {
      int end = rowStart[r + 1];
      double sum = 0;
      for (int e = rowStart[r]; e < end; ) {
        int stop = Math.min(end, e + CHUNK);
        float a = 0;
        float b = 0;
        float c = 0;
        float d = 0;
        for (; e + 4 <= stop; e += 4) {
          a += v[e] * weights[ix[e]];
          b += v[e + 1] * weights[ix[e + 1]];
          c += v[e + 2] * weights[ix[e + 2]];
          d += v[e + 3] * weights[ix[e + 3]];
        }
        for (; e < stop; e++) {
          a += v[e] * weights[ix[e]];
        }
        sum += a + b + (c + d);
      }
      margin[r] = (float) sum;
    }
    MemorySegment.copy(margin, 0, margins.segment(), JAVA_FLOAT, from * Floats.BYTES, count);
  }

  /// The same with weights that lie where they are, for rows that touch few of them.
  public void margins(int from, Floats weights, Floats margins) {
    int[] ix = index;
    float[] v = value;
    float[] margin = perRow;
    for (int r = 0; r < count; r++) {
      int end = rowStart[r + 1];
      double even = 0;
      double odd = 0;
      int e = rowStart[r];
      for (; e + 2 <= end; e += 2) {
        even += (double) v[e] * weights.get(ix[e]);
        odd += (double) v[e + 1] * weights.get(ix[e + 1]);
      }
      if (e < end) {
        even += (double) v[e] * weights.get(ix[e]);
      }
      margin[r] = (float) (even + odd);
    }
    MemorySegment.copy(margin, 0, margins.segment(), JAVA_FLOAT, from * Floats.BYTES, count);
  }

  /// sums ← sums + Σ_r coefficients(from + r)·row r of the block, or row r squared element by
  /// element, for the columns low ≤ c < high. Modified: sums, there.
  public void addColumns(
      Floats coefficients, int from, boolean squared, int low, int high, Floats sums) {
    int[] ix = index;
    float[] v = value;
    float[] c = perRow;
    MemorySegment.copy(coefficients.segment(), JAVA_FLOAT, from * Floats.BYTES, c, 0, count);
    for (int r = 0; r < count; r++) {
      float coefficient = c[r];
      int end = rowStart[r + 1];
      int e = low == 0 ? rowStart[r] : firstFrom(low, rowStart[r], end);
      for (; e < end && ix[e] < high; e++) {
        float x = squared ? v[e] * v[e] : v[e];
        sums.set(ix[e], sums.get(ix[e]) + coefficient * x);
      }
    }
  }

  /// The first entry of a row whose column is not below low; columns ascend.
  private int firstFrom(int low, int from, int to) {
    int first = from;
    int end = to;
    while (first < end) {
      int middle = (first + end) >>> 1;
      if (index[middle] < low) {
        first = middle + 1;
      } else {
        end = middle;
      }
    }
    return first;
  }

  /// sums ← sums + Σ_r coefficients(from + r)·row r of the block. Modified: sums.
  public void add(Floats coefficients, int from, float[] sums) {
    int[] ix = index;
    float[] v = value;
    float[] c = perRow;
    MemorySegment.copy(coefficients.segment(), JAVA_FLOAT, from * Floats.BYTES, c, 0, count);
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
    float[] c = perRow;
    MemorySegment.copy(coefficients.segment(), JAVA_FLOAT, from * Floats.BYTES, c, 0, count);
    for (int r = 0; r < count; r++) {
      float coefficient = c[r];
      int end = rowStart[r + 1];
      for (int e = rowStart[r]; e < end; e++) {
        sums[ix[e]] += coefficient * (v[e] * v[e]);
      }
    }
  }

  /// margins(from + r) ← row r of the block · weights in float64, in two sums. Modified: margins
  /// from from to the end of the block.
  public void margins(int from, double[] weights, Doubles margins) {
    int[] ix = index;
    float[] v = value;
    double[] margin = widePerRow;
    for (int r = 0; r < count; r++) {
      int end = rowStart[r + 1];
      double even = 0;
      double odd = 0;
      int e = rowStart[r];
      for (; e + 2 <= end; e += 2) {
        even += v[e] * weights[ix[e]];
        odd += v[e + 1] * weights[ix[e + 1]];
      }
      if (e < end) {
        even += v[e] * weights[ix[e]];
      }
      margin[r] = even + odd;
    }
    MemorySegment.copy(margin, 0, margins.segment(), JAVA_DOUBLE, from * Doubles.BYTES, count);
  }

  /// sums ← sums + Σ_r coefficients(from + r)·row r of the block, in float64. Modified: sums.
  public void add(Doubles coefficients, int from, double[] sums) {
    int[] ix = index;
    float[] v = value;
    double[] c = widePerRow;
    MemorySegment.copy(coefficients.segment(), JAVA_DOUBLE, from * Doubles.BYTES, c, 0, count);
    for (int r = 0; r < count; r++) {
      double coefficient = c[r];
      int end = rowStart[r + 1];
      for (int e = rowStart[r]; e < end; e++) {
        sums[ix[e]] += coefficient * v[e];
      }
    }
  }

  /// The same with the rows squared element by element. Modified: sums.
  public void addSquares(Doubles coefficients, int from, double[] sums) {
    int[] ix = index;
    float[] v = value;
    double[] c = widePerRow;
    MemorySegment.copy(coefficients.segment(), JAVA_DOUBLE, from * Doubles.BYTES, c, 0, count);
    for (int r = 0; r < count; r++) {
      double coefficient = c[r];
      int end = rowStart[r + 1];
      for (int e = rowStart[r]; e < end; e++) {
        sums[ix[e]] += coefficient * ((double) v[e] * v[e]);
      }
    }
  }
}
