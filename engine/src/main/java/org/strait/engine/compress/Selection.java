package org.strait.engine.compress;

import org.strait.kernels.CodecOps;
import org.strait.memory.Floats;
import org.strait.memory.HostMemory;
import org.strait.memory.Ints;

/// The k elements of largest magnitude of a vector. Ties go to the lower index, so the choice is
/// the same on every machine. k is fixed, or found in every pick by an {@link ErrorBudget}.
final class Selection {
  private final long n;
  private final long most;
  private final ErrorBudget budget;
  private final CodecOps codec;
  private final Ints scratch;
  private boolean inOrder;

  /// Ascending indices of the last {@link #pick}, as many as it returned.
  final Ints indices;

  /// Their values.
  final Floats values;

  /// @param k elements to keep, 0 ≤ k ≤ n; n if a budget decides
  /// @param budget decides how many, or null
  Selection(long n, long k, ErrorBudget budget, CodecOps codec, HostMemory memory) {
    this.n = n;
    this.most = k;
    this.budget = budget;
    this.codec = codec;
    indices = memory.ints(k);
    values = memory.floats(k);
    scratch = memory.ints(CodecOps.SELECT_SCRATCH);
  }

  /// How small a remainder later picks must leave; of no effect if the number is fixed.
  void tolerate(double residualNorm) {
    if (budget != null) {
      budget.tolerate(residualNorm);
    }
  }

  /// Most bytes that the indices of a pick can take. Any number of gaps fits into a bitmap (Rice
  /// parameter 0).
  long maxIndexBytes() {
    return budget == null ? IndexCode.maxBytes(n, most) : (n + 7) / 8;
  }

  /// Finds indices and values; returns how many.
  long pick(Floats vector) {
    long k = budget == null ? most : budget.keep(vector, scratch);
    if (k == n) {
      pickAll(vector);
    } else if (k > 0) {
      inOrder = false;
      float threshold =
          budget == null ? codec.kthMagnitude(vector, k, scratch) : budget.threshold();
      codec.select(vector, threshold, k, indices, values);
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
}
