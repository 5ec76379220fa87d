package org.strait.engine.data;

import java.util.List;

/// Consecutive rows of the file to each data centre, sizes differing by at most one.
final class ContiguousSplit implements RowSplit {
  @Override
  public String name() {
    return "contiguous";
  }

  @Override
  public int[] dcOfRow(Dataset data, List<String> dcs) {
    int[] order = new int[data.rows()];
    for (int row = 0; row < order.length; row++) {
      order[row] = row;
    }
    return deal(order, dcs.size());
  }

  /// Deals rows in the given order to data centres: consecutive runs of it.
  static int[] deal(int[] order, int dcs) {
    int[] dcOfRow = new int[order.length];
    for (int dc = 0; dc < dcs; dc++) {
      int end = RowSplits.firstRow(order.length, dcs, dc + 1);
      for (int i = RowSplits.firstRow(order.length, dcs, dc); i < end; i++) {
        dcOfRow[order[i]] = dc;
      }
    }
    return dcOfRow;
  }
}
