package org.strait.engine.compress;

import org.strait.kernels.CodecOps;
import org.strait.memory.Floats;
import org.strait.memory.HostMemory;
import org.strait.memory.Ints;

/// The k elements of a vector that matter most: largest |v(j)|, or largest |v(j)|·metric(j). Ties
/// go to the lower index, so the choice is the same on every machine.
final class Selection {
  private final long n;
  private final CodecOps codec;
  private final Ints scratch;
  private final Floats metric;
  private final Floats scores;

  /// Ascending indices of the last {@link #pick}, k of them.
  final Ints indices;

  /// Their values.
  final Floats values;

  /// @param k elements to keep, 0 ≤ k ≤ n
  /// @param metric non-negative weight per coordinate, read at every pick, or null for all ones
  Selection(long n, long k, Floats metric, CodecOps codec, HostMemory memory) {
    this.n = n;
    this.codec = codec;
    this.metric = metric;
    indices = memory.ints(k);
    values = memory.floats(k);
    scores = metric == null ? null : memory.floats(n);
    scratch = k == n ? null : memory.ints(CodecOps.SELECT_SCRATCH);
    if (k == n) {
      for (long i = 0; i < n; i++) {
        indices.set(i, (int) i);
      }
    }
  }

  /// Finds indices and values.
  ///
  /// @throws IllegalArgumentException if |v(j)|·metric(j) is not finite
  void pick(Floats vector) {
    long k = values.length();
    if (k == n) {
      values.copyFrom(vector);
      return;
    }
    Floats by = vector;
    if (metric != null) {
      score(vector);
      FiniteCheck.check(codec, "vector times metric,", scores, Float.MAX_VALUE);
      by = scores;
    }
    codec.select(by, codec.kthMagnitude(by, k, scratch), k, indices, values);
    if (metric != null) {
      for (long j = 0; j < k; j++) {
        values.set(j, vector.get(indices.get(j)));
      }
    }
  }

  private void score(Floats vector) {
    int length = (int) n;
    for (int i = 0; i < length; i++) {
      scores.set(i, vector.get(i) * metric.get(i));
    }
  }
}
