package org.strait.engine.data;

import java.util.Arrays;
import java.util.List;

/// The rows sorted by label (rows of one label in file order), cut evenly: most data centres hold
/// one class only.
final class LabelSplit implements RowSplit {
  @Override
  public String name() {
    return "label";
  }

  @Override
  public int[] dcOfRow(Dataset data, List<String> dcs) {
    long[] keys = new long[data.rows()];
    for (int row = 0; row < keys.length; row++) {
      int bits = Float.floatToIntBits(data.labels().get(row) + 0f);
      int ascending = bits ^ ((bits >> 31) & Integer.MAX_VALUE);
      keys[row] = ((long) ascending << 32) | row;
    }
    Arrays.sort(keys);
    int[] order = new int[keys.length];
    for (int i = 0; i < order.length; i++) {
      order[i] = (int) keys[i];
    }
    return ContiguousSplit.deal(order, dcs.size());
  }
}
