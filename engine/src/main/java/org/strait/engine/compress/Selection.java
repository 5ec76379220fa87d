package org.strait.engine.compress;

import org.strait.kernels.CodecOps;
import org.strait.memory.Floats;
import org.strait.memory.HostMemory;
import org.strait.memory.Ints;

/// The k elements of a vector that matter most: largest |v(j)|, or largest |v(j)|·metric(j). Ties
/// go to the lower index, so the choice is the same on every machine. k is fixed, or found in every
/// pick by an {@link ErrorBudget}.
final class Selection {
  private final long n;
  private final long most;
  private final ErrorBudget budget;
  private final CodecOps codec;
  private final Ints scratch;
  private final Floats metric;
  private final Floats scores;
  private boolean inOrder;

  /// Ascending indices of the last {@link #pick}, as many as it returned.
  final Ints indices;

  /// Their values.
  final Floats values;

  /// @param k elements to keep, 0 ≤ k ≤ n; n if a budget decides
  /// @param budget decides how many, or null
  /// @param metric non-negative weight per coordinate, read at every pick, or null for all ones
  Selection(long n, long k, ErrorBudget budget, Floats metric, CodecOps codec, HostMemory memory) {
    this.n = n;
    this.most = k;
    this.budget = budget;
    this.codec = codec;
    this.metric = metric;
    indices = memory.ints(k);
    values = memory.floats(k);
    scores = metric == null ? null : memory.floats(n);
    scratch = memory.ints(CodecOps.SELECT_SCRATCH);
  }

  /// Finds indices and values; returns how many.
  ///
  /// @throws IllegalArgumentException if |v(j)|·metric(j) is not finite
  long pick(Floats vector) {
    Floats by = vector;
    if (metric != null) {
      score(vector);
      FiniteCheck.check(codec, "vector times metric,", scores, Float.MAX_VALUE);
      by = scores;
    }
    long k = budget == null ? most : budget.keep(by, scratch);
    if (k == n) {
      pickAll(vector);
      return k;
    }
    if (k == 0) {
      return 0;
    }
    inOrder = false;
    codec.select(
        by,
        budget == null ? codec.kthMagnitude(by, k, scratch) : budget.threshold(),
        k,
        indices,
        values);
    if (metric != null) {
      for (long j = 0; j < k; j++) {
        values.set(j, vector.get(indices.get(j)));
      }
    }
    return k;
  }

  private void pickAll(Floats vector) {
    values.copyFrom(vector);
    if (!inOrder) {
      for (long i = 0; i < n; i++) {
        indices.set(i, (int) i);
      }
      inOrder = true;
    }
  }

  private void score(Floats vector) {
    int length = (int) n;
    for (int i = 0; i < length; i++) {
      scores.set(i, vector.get(i) * metric.get(i));
    }
  }
}
