package org.strait.kernels;

import static java.lang.foreign.ValueLayout.JAVA_DOUBLE;
import static java.lang.foreign.ValueLayout.JAVA_FLOAT;
import static java.lang.foreign.ValueLayout.JAVA_INT;

import java.lang.foreign.MemorySegment;
import java.util.Arrays;
import java.util.Optional;
import org.strait.kernels.team.Team;
import org.strait.memory.Doubles;
import org.strait.memory.Longs;

/// Xᵀ·diag(c)·X of sparse rows X as a sparse matrix, in float64. Where rows are many and the pairs
/// of features in them few, as with categories, a product with this matrix visits a fraction of
/// what two passes over the rows visit; making it costs {@link #passes} such products. Column by
/// column, the rows of a column in ascending order (Gustavson 1978), so that bits do not depend on
/// threads. Only pairs (i, j) with j ≤ i are kept.
///
/// Memory: heap arrays, 20 bytes an entry of the rows and 12 a pair.
public final class RowGram {
  /// Products that making it may cost at most.
  private static final int MOST_PASSES = 8;

  private static final int MOST_COLUMNS = 1 << 16;
  private static final long MOST_ENTRIES = 1L << 27;
  private static final int PARTS = 16;

  private final int rows;
  private final int cols;
  private final Team team;
  private final int[] rowStart;
  private final int[] index;
  private final float[] value;
  private final int[] columnStart;
  private final int[] rowOf;
  private final float[] columnValue;
  private final int[] border = new int[PARTS + 1];
  private final double passes;
  private final Scratch[] scratch;
  private final int[][] found;
  private final double[] coefficient;
  private final double[] in;
  private final double[] out;
  private final Team.Task measuring = this::measurePart;
  private int[] pairStart = new int[0];
  private int[] pairIndex = new int[0];
  private double[] pair = new double[0];

  /// What a thread adds up a column in.
  private static final class Scratch {
    private final double[] sum;
    private final int[] touched;
    private final int[] seenIn;

    Scratch(int cols) {
      sum = new double[cols];
      touched = new int[cols];
      seenIn = new int[cols];
    }
  }

  private RowGram(Csr matrix, long visits, Team team) {
    this.team = team;
    rows = matrix.rows();
    cols = matrix.cols();
    int entries = (int) matrix.entries();
    Longs starts = matrix.rowStart();
    long first = starts.get(0);
    rowStart = new int[rows + 1];
    for (int r = 0; r <= rows; r++) {
      rowStart[r] = (int) (starts.get(r) - first);
    }
    index = new int[entries];
    value = new float[entries];
    long at = first * Float.BYTES;
    MemorySegment.copy(matrix.index().segment(), JAVA_INT, at, index, 0, entries);
    MemorySegment.copy(matrix.value().segment(), JAVA_FLOAT, at, value, 0, entries);
    columnStart = new int[cols + 1];
    rowOf = new int[entries];
    columnValue = new float[entries];
    transpose();
    divide(visits);
    passes = (double) visits / (2.0 * entries);
    scratch = new Scratch[team.threads()];
    Arrays.setAll(scratch, worker -> new Scratch(cols));
    found = new int[cols][];
    coefficient = new double[rows];
    in = new double[cols];
    out = new double[cols];
  }

  /// The matrix of some rows, not yet measured; empty if it cannot pay.
  public static Optional<RowGram> of(Csr rows, Team team) {
    long entries = rows.entries();
    if (entries == 0 || rows.cols() > MOST_COLUMNS || entries > MOST_ENTRIES) {
      return Optional.empty();
    }
    long visits = 0;
    for (int r = 0; r < rows.rows(); r++) {
      long length = rows.rowStart().get(r + 1L) - rows.rowStart().get(r);
      visits += length * (length + 1) / 2;
    }
    return visits > MOST_PASSES * 2 * entries
        ? Optional.empty()
        : Optional.of(new RowGram(rows, visits, team));
  }

  private void transpose() {
    for (int column : index) {
      columnStart[column + 1]++;
    }
    for (int c = 0; c < cols; c++) {
      columnStart[c + 1] += columnStart[c];
    }
    int[] next = Arrays.copyOf(columnStart, cols);
    for (int r = 0; r < rows; r++) {
      for (int e = rowStart[r]; e < rowStart[r + 1]; e++) {
        int place = next[index[e]]++;
        rowOf[place] = r;
        columnValue[place] = value[e];
      }
    }
  }

  /// Columns with about equal numbers of visits for each part.
  private void divide(long visits) {
    long[] ofColumn = new long[cols];
    for (int r = 0; r < rows; r++) {
      for (int e = rowStart[r]; e < rowStart[r + 1]; e++) {
        ofColumn[index[e]] += e - rowStart[r] + 1L;
      }
    }
    long before = 0;
    int part = 1;
    for (int c = 0; c < cols; c++) {
      before += ofColumn[c];
      while (part < PARTS && before >= visits * part / PARTS) {
        border[part++] = c + 1;
      }
    }
    Arrays.fill(border, part, PARTS + 1, cols);
  }

  /// What {@link #measure} costs, in products by two passes over the rows.
  public double passes() {
    return passes;
  }

  /// Pairs that a product visits; 0 before the first {@link #measure}.
  public int pairs() {
    return pair.length;
  }

  /// Makes the matrix for coefficients, one for each row.
  public void measure(Doubles coefficients) {
    Lengths.check("coefficients", coefficients.length(), rows);
    MemorySegment.copy(coefficients.segment(), JAVA_DOUBLE, 0, coefficient, 0, rows);
    if (pairStart.length == 0) {
      team.run(PARTS, this::findPart);
      layOut();
    }
    team.run(PARTS, measuring);
  }

  /// result ← result + Xᵀ·diag(c)·X·vector. Modified: result.
  public void addProduct(Doubles vector, Doubles result) {
    Lengths.check("vector", vector.length(), cols);
    Lengths.check("result", result.length(), cols);
    MemorySegment.copy(vector.segment(), JAVA_DOUBLE, 0, in, 0, cols);
    MemorySegment.copy(result.segment(), JAVA_DOUBLE, 0, out, 0, cols);
    multiply(pairStart, pairIndex, pair, in, out);
    MemorySegment.copy(out, 0, result.segment(), JAVA_DOUBLE, 0, cols);
  }

  /// A column's own pair is its last.
  private static void multiply(int[] start, int[] index, double[] pair, double[] x, double[] y) {
    for (int c = 0; c + 1 < start.length; c++) {
      int last = start[c + 1] - 1;
      if (last < start[c]) {
        continue;
      }
      double own = x[c];
      double sum = pair[last] * own;
      for (int k = start[c]; k < last; k++) {
        int j = index[k];
        sum += pair[k] * x[j];
        y[j] += pair[k] * own;
      }
      y[c] += sum;
    }
  }

  /// Which pairs there are.
  private void findPart(int part, int worker) {
    int[] touched = scratch[worker].touched;
    int[] seenIn = scratch[worker].seenIn;
    for (int c = border[part]; c < border[part + 1]; c++) {
      int count = 0;
      for (int place = columnStart[c]; place < columnStart[c + 1]; place++) {
        for (int e = rowStart[rowOf[place]]; index[e] < c; e++) {
          int j = index[e];
          if (seenIn[j] != c + 1) {
            seenIn[j] = c + 1;
            touched[count++] = j;
          }
        }
      }
      if (columnStart[c + 1] > columnStart[c]) {
        touched[count++] = c;
      }
      found[c] = Arrays.copyOf(touched, count);
      Arrays.sort(found[c]);
    }
  }

  private void layOut() {
    pairStart = new int[cols + 1];
    for (int c = 0; c < cols; c++) {
      pairStart[c + 1] = Math.addExact(pairStart[c], found[c].length);
    }
    pairIndex = new int[pairStart[cols]];
    pair = new double[pairStart[cols]];
    for (int c = 0; c < cols; c++) {
      System.arraycopy(found[c], 0, pairIndex, pairStart[c], found[c].length);
      found[c] = null;
    }
  }

  private void measurePart(int part, int worker) {
    double[] sum = scratch[worker].sum;
    for (int c = border[part]; c < border[part + 1]; c++) {
      for (int k = pairStart[c]; k < pairStart[c + 1]; k++) {
        sum[pairIndex[k]] = 0;
      }
      addColumn(c, sum);
      for (int k = pairStart[c]; k < pairStart[c + 1]; k++) {
        pair[k] = sum[pairIndex[k]];
      }
    }
  }

  private void addColumn(int c, double[] sum) {
    int[] ix = index;
    float[] v = value;
    for (int place = columnStart[c]; place < columnStart[c + 1]; place++) {
      int r = rowOf[place];
      double weight = coefficient[r] * columnValue[place];
      int e = rowStart[r];
      int j = ix[e];
      while (j < c) {
        sum[j] += weight * v[e];
        j = ix[++e];
      }
      sum[c] += weight * v[e];
    }
  }
}
