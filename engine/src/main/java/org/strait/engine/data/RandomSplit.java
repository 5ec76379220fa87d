package org.strait.engine.data;

import java.util.List;

/// A seeded random permutation of the rows, cut evenly.
final class RandomSplit implements RowSplit {
  private final long seed;

  RandomSplit(long seed) {
    this.seed = seed;
  }

  @Override
  public String name() {
    return "random";
  }

  @Override
  public int[] dcOfRow(Dataset data, List<String> dcs) {
    int[] order = new int[data.rows()];
    for (int row = 0; row < order.length; row++) {
      order[row] = row;
    }
    Draws draws = new Draws();
    draws.key(seed, -2, 0);
    draws.shuffle(order);
    return ContiguousSplit.deal(order, dcs.size());
  }
}
