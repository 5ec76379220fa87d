package org.strait.engine.data;

import java.util.List;

/// All ratings of a user in one data centre; users are drawn by the seed, equally many for each.
/// Ratings of nobody known, in rows to test with, go to the first.
final class UserSplit implements RowSplit {
  private final long seed;

  UserSplit(long seed) {
    this.seed = seed;
  }

  @Override
  public String name() {
    return "users";
  }

  @Override
  public int[] dcOfRow(Dataset data, List<String> dcs) {
    RatingIds ids = data.facts().ids();
    if (ids == null) {
      throw new DataException(
          data.source(), "no ratings, so no users to split by", "add --format ratings");
    }
    int[] order = new int[ids.users().size()];
    for (int user = 0; user < order.length; user++) {
      order[user] = user;
    }
    Draws draws = new Draws();
    draws.key(seed, -4, 0);
    draws.shuffle(order);
    int[] dcOfUser = ContiguousSplit.deal(order, dcs.size());
    int[] dcOfRow = new int[data.rows()];
    for (int row = 0; row < dcOfRow.length; row++) {
      long last = data.matrix().rowStart().get(row + 1L) - 1;
      boolean none = last < data.matrix().rowStart().get(row);
      int user = none ? -1 : data.matrix().index().get(last) - ids.firstUser();
      dcOfRow[row] = user < 0 ? 0 : dcOfUser[user];
    }
    return dcOfRow;
  }
}
