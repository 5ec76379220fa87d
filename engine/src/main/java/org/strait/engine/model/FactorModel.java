package org.strait.engine.model;

import java.util.Map;
import java.util.SplittableRandom;
import org.strait.engine.data.Batch;
import org.strait.kernels.Csr;
import org.strait.memory.Floats;

/// A factorisation machine of order 2 (Rendle, "Factorization machines", ICDM 2010):
///
///     m(x) = w0 + Σ_i w(i)·x(i) + Σ_{i<j} ⟨v(i), v(j)⟩·x(i)·x(j)
///
/// with k factors v(i) for each feature, in O(entries·k) (lemma 3.1 there). Of rows with two
/// features that are 1, an item's and a user's, it is matrix factorisation with biases (Koren, Bell
/// & Volinsky 2009): w0 is the mean rating, w the biases, ⟨v, v⟩ the taste.
///
/// Weights are w0, then for each feature w(i) and v(i) side by side: so the weights of the first
/// features are the first weights, and features that only one data centre has are a run at the end.
public final class FactorModel implements Model {
  /// Standard deviation of a product ⟨v, v⟩ at the beginning, over √k: small, but not 0, where
  /// factors have no gradient.
  private static final double SPREAD = 0.1;

  private final String name;
  private final Targets targets;
  private final MarginLoss loss;
  private final int factors;

  /// @param factors k, at least 1
  FactorModel(String name, Targets targets, MarginLoss loss, int factors) {
    if (factors < 1) {
      throw new IllegalArgumentException(factors + " factors; a model has at least 1");
    }
    this.name = name;
    this.targets = targets;
    this.loss = loss;
    this.factors = factors;
  }

  @Override
  public String name() {
    return name;
  }

  @Override
  public Targets targets() {
    return targets;
  }

  @Override
  public boolean probabilistic() {
    return targets == Targets.TWO_CLASSES;
  }

  /// Numbers that each feature has besides its weight.
  public int factors() {
    return factors;
  }

  @Override
  public ParameterLayout parameters(int features) {
    return ParameterLayout.EMPTY.and("mean", 1).and("features", features, 1L + factors);
  }

  @Override
  public Map<String, String> metadata() {
    return Map.of("factors", Integer.toString(factors));
  }

  /// Margins, and behind them the sums of one row's factors.
  @Override
  public long scratchFloats(int rows, int features) {
    return (long) rows + factors;
  }

  /// Factors uniform with mean 0, those of a feature depending on the seed and its number alone.
  @Override
  public void initialise(int features, Floats weights, long seed) {
    SplittableRandom random = new SplittableRandom(seed);
    double reach = Math.sqrt(3 * SPREAD / Math.sqrt(factors));
    weights.fill(0);
    long at = 1;
    for (int f = 0; f < features; f++) {
      at++;
      for (int k = 0; k < factors; k++) {
        weights.set(at++, (float) ((2 * random.nextDouble() - 1) * reach));
      }
    }
  }

  /// Lets training of numbers begin at their mean: biases and factors, whose steps are small, would
  /// else run after what w0 has not learned yet. Modified: weights.
  ///
  /// @param mean label of all data centres
  public void centre(Floats weights, double mean) {
    weights.set(0, (float) mean);
  }

  @Override
  public double lossAndGradient(Batch batch, Floats weights, Floats gradient, Scratch scratch) {
    check(batch, weights);
    check(batch, gradient);
    int rows = batch.rows();
    Floats margins = scratch.floats(rows);
    Floats all = scratch.floats((long) rows + factors);
    Csr x = batch.matrix();
    for (int r = 0; r < rows; r++) {
      margins.set(r, margin(x, r, weights, all, rows));
    }
    double sum = scratch.rowLoss(loss).apply(margins, batch.labels(), margins, 0, rows);
    gradient.segment().fill((byte) 0);
    double mean = 0;
    for (int r = 0; r < rows; r++) {
      float slope = margins.get(r);
      mean += slope;
      sumFactors(x, r, weights, all, rows);
      addGradient(x, r, slope, weights, all, rows, gradient);
    }
    gradient.set(0, (float) mean);
    return sum;
  }

  @Override
  public double loss(Batch batch, Floats weights, Scratch scratch) {
    check(batch, weights);
    int rows = batch.rows();
    Floats margins = scratch.floats(rows);
    Floats all = scratch.floats((long) rows + factors);
    Csr x = batch.matrix();
    for (int r = 0; r < rows; r++) {
      margins.set(r, margin(x, r, weights, all, rows));
    }
    return scratch.rowLoss(loss).apply(margins, batch.labels(), margins, 0, rows);
  }

  @Override
  public void scores(Batch batch, Floats weights, Floats scores, Scratch scratch) {
    check(batch, weights);
    if (scores.length() != batch.rows()) {
      throw new IllegalArgumentException(scores.length() + " scores for " + batch.rows() + " rows");
    }
    Floats sums = scratch.floats(factors);
    Csr x = batch.matrix();
    for (int r = 0; r < batch.rows(); r++) {
      scores.set(r, margin(x, r, weights, sums, 0));
    }
  }

  /// m of a row: ½·Σ_k (s(k)² - Σ_i (v(i,k)·x(i))²) with s(k) = Σ_i v(i,k)·x(i). Modified: sums.
  ///
  /// @param at where the sums of a row begin
  private float margin(Csr x, int row, Floats weights, Floats sums, int at) {
    sumFactors(x, row, weights, sums, at);
    double linear = weights.get(0);
    double squares = 0;
    long end = x.rowStart().get(row + 1L);
    for (long i = x.rowStart().get(row); i < end; i++) {
      float value = x.value().get(i);
      long w = place(x, i);
      linear += (double) weights.get(w) * value;
      for (int k = 1; k <= factors; k++) {
        float product = weights.get(w + k) * value;
        squares += (double) product * product;
      }
    }
    double crossed = 0;
    for (int k = 0; k < factors; k++) {
      double sum = sums.get(at + k);
      crossed += sum * sum;
    }
    return (float) (linear + (crossed - squares) / 2);
  }

  /// Where the weight of an entry's feature lies; its factors are behind it.
  private long place(Csr x, long entry) {
    return 1 + x.index().get(entry) * (1L + factors);
  }

  private void sumFactors(Csr x, int row, Floats weights, Floats sums, int at) {
    for (int k = 0; k < factors; k++) {
      sums.set(at + k, 0);
    }
    long end = x.rowStart().get(row + 1L);
    for (long i = x.rowStart().get(row); i < end; i++) {
      float value = x.value().get(i);
      long v = place(x, i) + 1;
      for (int k = 0; k < factors; k++) {
        sums.set(at + k, sums.get(at + k) + weights.get(v + k) * value);
      }
    }
  }

  /// gradient ← gradient + slope·dm: x(i) for w(i), x(i)·(s(k) - v(i,k)·x(i)) for v(i,k).
  private void addGradient(
      Csr x, int row, float slope, Floats weights, Floats sums, int at, Floats gradient) {
    long end = x.rowStart().get(row + 1L);
    for (long i = x.rowStart().get(row); i < end; i++) {
      float value = x.value().get(i);
      float part = slope * value;
      long w = place(x, i);
      gradient.set(w, gradient.get(w) + part);
      for (int k = 0; k < factors; k++) {
        long v = w + 1 + k;
        float rest = sums.get(at + k) - weights.get(v) * value;
        gradient.set(v, gradient.get(v) + part * rest);
      }
    }
  }

  private void check(Batch batch, Floats run) {
    long expected = 1 + batch.features() * (1L + factors);
    if (run.length() != expected) {
      throw new IllegalArgumentException(
          run.length()
              + " weights for rows of "
              + batch.features()
              + " features with "
              + factors
              + " factors each, expected "
              + expected);
    }
  }
}
