package org.strait.engine.data;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;

/// Label skew as the literature has it: of each label a data centre gets a share drawn from a
/// Dirichlet distribution (Hsu, Qi & Brown 2019, "Measuring the effects of non-identical data
/// distribution", section 3); the smaller α, the more differ the data centres. Shares are drawn by
/// seed and label alone, so rows to test with are dealt out as those to train with if their labels
/// are as frequent.
final class DirichletSplit implements RowSplit {
  private static final int ATTEMPTS = 100;

  /// Draws that leave a data centre less than this part of an equal share are drawn again.
  private static final int LEAST_PART = 8;

  private final double alpha;
  private final long seed;
  private final Draws draws = new Draws();

  /// @param alpha above 0
  DirichletSplit(double alpha, long seed) {
    if (!(alpha > 0 && alpha <= 1e6)) {
      throw new IllegalArgumentException(
          "split dirichlet:" + alpha + "; alpha is above 0, for instance dirichlet:0.5");
    }
    this.alpha = alpha;
    this.seed = seed;
  }

  @Override
  public String name() {
    return "dirichlet:" + alpha;
  }

  @Override
  public int[] dcOfRow(Dataset data, List<String> dcs) {
    TreeMap<Float, List<Integer>> rowsOfLabel = new TreeMap<>();
    for (int row = 0; row < data.rows(); row++) {
      float label = data.labels().get(row) + 0f; // -0 becomes 0
      rowsOfLabel.computeIfAbsent(label, _ -> new ArrayList<>()).add(row);
    }
    int least = Math.max(1, data.rows() / (LEAST_PART * dcs.size()));
    int[] best = new int[data.rows()];
    for (int attempt = 0; attempt < ATTEMPTS; attempt++) {
      int[] counts = deal(rowsOfLabel, attempt, dcs.size(), best);
      boolean enough = true;
      for (int count : counts) {
        enough &= count >= least;
      }
      if (enough) {
        return best;
      }
    }
    throw new DataException(
        data.source() + " (" + data.rows() + " rows), split " + name(),
        "leaves a data centre with fewer than " + least + " rows, whatever is drawn",
        "use fewer data centres or a larger alpha");
  }

  /// One draw; returns the rows of each data centre. Modified: dcOfRow.
  private int[] deal(
      SortedMap<Float, List<Integer>> rowsOfLabel, int attempt, int dcs, int[] dcOfRow) {
    int[] counts = new int[dcs];
    for (Map.Entry<Float, List<Integer>> entry : rowsOfLabel.entrySet()) {
      int label = Float.floatToIntBits(entry.getKey());
      draws.key(seed, -3 - attempt, label);
      double[] shares = new double[dcs];
      double sum = 0;
      for (int dc = 0; dc < dcs; dc++) {
        shares[dc] = gamma();
        sum += shares[dc];
      }
      int[] rows = entry.getValue().stream().mapToInt(Integer::intValue).toArray();
      draws.shuffle(rows);
      double before = 0;
      for (int dc = 0; dc < dcs; dc++) {
        int from = (int) Math.rint(before / sum * rows.length);
        before += shares[dc];
        int to = dc == dcs - 1 ? rows.length : (int) Math.rint(before / sum * rows.length);
        for (int i = from; i < to; i++) {
          dcOfRow[rows[i]] = dc;
        }
        counts[dc] += to - from;
      }
    }
    return counts;
  }

  /// A draw from Gamma(α, 1), below 1 as that of α + 1 times U^(1/α) (Marsaglia & Tsang 2000).
  private double gamma() {
    double shape = alpha < 1 ? alpha + 1 : alpha;
    double d = shape - 1.0 / 3;
    double c = 1 / Math.sqrt(9 * d);
    while (true) {
      double x = normal();
      double v = (1 + c * x) * (1 + c * x) * (1 + c * x);
      double u = 1 - draws.unit();
      if (v > 0 && StrictMath.log(u) < x * x / 2 + d - d * v + d * StrictMath.log(v)) {
        double boost = alpha < 1 ? StrictMath.pow(1 - draws.unit(), 1 / alpha) : 1;
        return Math.max(Double.MIN_NORMAL, d * v * boost);
      }
    }
  }

  /// Box & Muller 1958.
  private double normal() {
    double radius = Math.sqrt(-2 * StrictMath.log(1 - draws.unit()));
    return radius * StrictMath.cos(2 * Math.PI * draws.unit());
  }
}
