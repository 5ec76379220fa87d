package org.strait.engine.compress;

import org.strait.kernels.CodecOps;
import org.strait.memory.Floats;
import org.strait.memory.HostMemory;
import org.strait.memory.Ints;

/// The k elements of largest magnitude of a vector (top-k: Aji and Heafield 2017; with error
/// feedback Stich et al. 2018). Ties go to the lower index, so the choice is the same on every
/// machine. k is as the caller says, or found in every pick by an {@link ErrorBudget}.
final class TopK implements Selection {
  private final String name;
  private final long n;
  private final ErrorBudget budget;
  private final CodecOps codec;
  private final Ints scratch;
  private final Room room;
  private long kept;
  private boolean inOrder;

  /// @param name with the density
  /// @param k most elements to keep, 0 ≤ k ≤ n; n if a budget decides
  /// @param budget decides how many, or null
  TopK(String name, long n, long k, ErrorBudget budget, CodecOps codec, HostMemory memory) {
    this.name = name;
    this.n = n;
    kept = k;
    this.budget = budget;
    this.codec = codec;
    room = Room.of(k, memory);
    scratch = memory.ints(CodecOps.SELECT_SCRATCH);
  }

  @Override
  public String name() {
    return name;
  }

  @Override
  public Room room() {
    return room;
  }

  @Override
  public void keep(long count) {
    kept = Math.min(count, most());
  }

  @Override
  public void tolerate(double residualNorm) {
    if (budget != null) {
      budget.tolerate(residualNorm);
    }
  }

  @Override
  public long pick(Floats vector) {
    long k = budget == null ? kept : budget.keep(vector, scratch);
    if (k == n) {
      pickAll(vector);
    } else if (k > 0) {
      inOrder = false;
      float threshold =
          budget == null ? codec.kthMagnitude(vector, k, scratch) : budget.threshold();
      codec.select(vector, threshold, k, room.indices(), room.values());
    }
    return k;
  }

  private void pickAll(Floats vector) {
    room.values().copyFrom(vector);
    if (!inOrder) {
      for (long i = 0; i < n; i++) {
        room.indices().set(i, (int) i);
      }
      inOrder = true;
    }
  }
}
