package org.strait.kernels;

import org.strait.memory.Floats;
import org.strait.memory.Ints;

/// A block of {@link RankedRows} in the cache: scratch of one thread.
public final class SliceScratch {
  private final float[] margin = new float[RankedRows.BLOCK];
  private int[] index = new int[0];
  private float[] product = new float[0];

  /// Makes room for so many entries.
  public void begin(int entries) {
    if (entries > index.length) {
      index = new int[entries];
      product = new float[entries];
    }
  }

  /// Margin, later coefficient, of each row in the order of the block.
  public float[] margin() {
    return margin;
  }

  /// Number of the feature of each entry.
  public int[] index() {
    return index;
  }

  /// Room for one number for each entry.
  public float[] product() {
    return product;
  }

  /// perRow(row) ← margin of each row of a block. Modified: perRow.
  public void toRows(RankedRows rows, int block, Floats perRow) {
    Ints order = rows.order();
    long first = (long) block * RankedRows.BLOCK;
    int count = rows.rowsOf(block);
    for (int i = 0; i < count; i++) {
      perRow.set(order.get(first + i), margin[i]);
    }
  }

  /// The coefficient of each row of a block from perRow; rows that fill up the last block get 0.
  public void fromRows(RankedRows rows, int block, Floats perRow) {
    Ints order = rows.order();
    long first = (long) block * RankedRows.BLOCK;
    int count = rows.rowsOf(block);
    for (int i = 0; i < RankedRows.BLOCK; i++) {
      margin[i] = i < count ? perRow.get(order.get(first + i)) : 0;
    }
  }
}
