package org.strait.kernels.team;

import static java.lang.foreign.ValueLayout.JAVA_DOUBLE;

import java.lang.foreign.MemorySegment;
import java.util.Arrays;
import org.strait.kernels.Csr;
import org.strait.kernels.RowBlock;
import org.strait.kernels.RowMap;
import org.strait.memory.Doubles;

/// Passes over sparse rows in float64 with a team of threads, block by block like {@link
/// TeamSparseOps}: parts of about equal entries, each with sums of its own in heap arrays that are
/// added in the order of the parts. Arrays are made on first use and then stay.
final class TeamWideRows {
  private static final int ENTRIES_OF_A_SUM = 4;
  private static final int MOST_PARTS = 16;
  private static final long LEAST_ENTRIES = 1 << 15;
  private static final int COLUMNS = 1 << 15;

  private final Team team;
  private final RowBlock[] blocks;
  private final Team.Task fetching = this::fetch;
  private final Team.Task working = this::work;
  private final Team.Task bringing = this::bring;
  private final double[][] sums = new double[MOST_PARTS][];
  private final double[] returned = new double[MOST_PARTS];
  private double[] weights = new double[0];

  private int parts;
  private Csr rows;
  private Doubles in;
  private RowMap map;
  private Doubles perRow;
  private Doubles out;

  TeamWideRows(Team team, RowBlock[] blocks) {
    this.team = team;
    this.blocks = blocks;
  }

  /// {@link org.strait.kernels.SparseOps#addMapped}, of operands that were checked; without weights
  /// and map the coefficients are what lies in perRow, and rows are squared.
  double run(Csr newRows, Doubles newIn, RowMap newMap, Doubles newPerRow, Doubles newOut) {
    rows = newRows;
    in = newIn;
    map = newMap;
    perRow = newPerRow;
    out = newOut;
    int cols = rows.cols();
    boolean adds = out.length() != 0;
    parts = parts(rows.entries(), adds ? cols : 0);
    makeRoom(cols, adds);
    int ranges = Math.ceilDiv(cols, COLUMNS);
    if (in != null) {
      team.run(ranges, fetching);
    }
    team.run(parts, working);
    if (adds) {
      team.run(ranges, bringing);
    }
    double sum = 0;
    for (int part = 0; part < parts; part++) {
      sum += returned[part];
    }
    rows = null;
    in = null;
    map = null;
    perRow = null;
    out = null;
    return sum;
  }

  private static int parts(long entries, int cols) {
    long least = Math.max(LEAST_ENTRIES, (long) ENTRIES_OF_A_SUM * cols);
    int parts = 1;
    while (parts < MOST_PARTS && entries >= 2L * parts * least) {
      parts *= 2;
    }
    return parts;
  }

  private void makeRoom(int cols, boolean adds) {
    if (in != null && weights.length < cols) {
      weights = new double[cols];
    }
    for (int part = 0; adds && part < parts; part++) {
      if (sums[part] == null || sums[part].length < cols) {
        sums[part] = new double[cols];
      }
    }
  }

  private void fetch(int range, int worker) {
    int from = range * COLUMNS;
    int count = (int) Math.min(rows.cols() - (long) from, COLUMNS);
    MemorySegment.copy(in.segment(), JAVA_DOUBLE, from * Doubles.BYTES, weights, from, count);
  }

  private void work(int part, int worker) {
    RowBlock block = blocks[worker];
    double[] sum = sums[part];
    boolean adds = out.length() != 0;
    if (adds) {
      Arrays.fill(sum, 0, rows.cols(), 0);
    }
    double total = 0;
    int to = TeamSparseOps.border(rows, part + 1, parts);
    for (int from = TeamSparseOps.border(rows, part, parts); from < to; ) {
      int end = RowBlock.end(rows, from, to);
      block.load(rows, from, end);
      if (in == null) {
        block.addSquares(perRow, from, sum);
      } else {
        block.margins(from, weights, perRow);
        total += map.apply(perRow, from, end);
        if (adds) {
          block.add(perRow, from, sum);
        }
      }
      from = end;
    }
    returned[part] = total;
  }

  private void bring(int range, int worker) {
    int from = range * COLUMNS;
    int to = (int) Math.min(rows.cols(), (long) from + COLUMNS);
    double[] total = sums[0];
    for (int part = 1; part < parts; part++) {
      addTo(total, sums[part], from, to);
    }
    for (int c = from; c < to; c++) {
      out.set(c, out.get(c) + total[c]);
    }
  }

  private static void addTo(double[] total, double[] more, int from, int to) {
    for (int c = from; c < to; c++) {
      total[c] += more[c];
    }
  }
}
