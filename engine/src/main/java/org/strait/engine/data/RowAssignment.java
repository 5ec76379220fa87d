package org.strait.engine.data;

import java.util.Arrays;
import java.util.List;

/// Which rows of a file belong to which data centre and to which of its ranks. Within a data centre
/// rows keep the order of the file and ranks get consecutive ones, sizes differing by at most one.
public final class RowAssignment {
  private final int[][] rowsByDc;
  private final int[] ranksByDc;

  private RowAssignment(int[][] rowsByDc, int[] ranksByDc) {
    this.rowsByDc = rowsByDc;
    this.ranksByDc = ranksByDc;
  }

  /// Deals out the rows; the same on every rank that has the same file.
  ///
  /// @param data rows of the whole file
  /// @param split how rows go to data centres
  /// @param dcs names of the data centres in order
  /// @param ranksByDc ranks of each data centre, at least 1 each
  /// @throws DataException if a data centre gets no row, or fewer rows than it has ranks
  public static RowAssignment of(Dataset data, RowSplit split, List<String> dcs, int[] ranksByDc) {
    if (ranksByDc.length != dcs.size()) {
      throw new IllegalArgumentException(
          dcs.size() + " data centres, but " + ranksByDc.length + " numbers of ranks");
    }
    int[] dcOfRow = split.dcOfRow(data, dcs);
    int[] counts = new int[dcs.size()];
    for (int dc : dcOfRow) {
      counts[dc]++;
    }
    int[][] rowsByDc = new int[dcs.size()][];
    for (int dc = 0; dc < counts.length; dc++) {
      checkRows(data, split, dcs.get(dc), counts[dc], ranksByDc[dc]);
      rowsByDc[dc] = new int[counts[dc]];
    }
    int[] filled = new int[counts.length];
    for (int row = 0; row < dcOfRow.length; row++) {
      int dc = dcOfRow[row];
      rowsByDc[dc][filled[dc]++] = row;
    }
    return new RowAssignment(rowsByDc, ranksByDc.clone());
  }

  private static void checkRows(Dataset data, RowSplit split, String dc, int rows, int ranks) {
    String where = data.source() + " (" + data.rows() + " rows), split " + split.name();
    if (rows == 0) {
      throw new DataException(
          where, "data centre " + dc + " gets no row", "use fewer data centres or another split");
    }
    if (rows < ranks) {
      throw new DataException(
          where,
          "data centre " + dc + " gets " + rows + " rows for " + ranks + " ranks",
          "use fewer ranks");
    }
  }

  /// Rows of a data centre, ascending.
  public int[] rows(int dc) {
    return rowsByDc[dc].clone();
  }

  /// Rows of one rank, ascending.
  ///
  /// @param dc index of the data centre
  /// @param rank number of the rank within it, from 0
  public int[] rows(int dc, int rank) {
    int count = rowsByDc[dc].length;
    return Arrays.copyOfRange(
        rowsByDc[dc],
        RowSplits.firstRow(count, ranksByDc[dc], rank),
        RowSplits.firstRow(count, ranksByDc[dc], rank + 1));
  }

  /// Number of rows of a data centre.
  public int count(int dc) {
    return rowsByDc[dc].length;
  }
}
