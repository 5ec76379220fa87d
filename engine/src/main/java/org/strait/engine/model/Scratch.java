package org.strait.engine.model;

import org.strait.kernels.Backend;
import org.strait.kernels.LossOps;
import org.strait.kernels.RowLoss;
import org.strait.memory.Floats;

/// Working memory of one replica and the backend it works on. Views of the last few sizes are kept,
/// so that batches of alternating sizes allocate nothing. Not thread-safe.
public final class Scratch {
  private static final int VIEWS = 4;

  private final Backend backend;
  private final Floats memory;
  private final Floats[] views = new Floats[VIEWS];
  private int oldest;
  private MarginLoss marginLoss;
  private RowLoss rowLoss;
  private Object kept;

  /// @param backend what to compute with
  /// @param memory what to work in
  public Scratch(Backend backend, Floats memory) {
    this.backend = backend;
    this.memory = memory;
  }

  /// What to compute with.
  public Backend backend() {
    return backend;
  }

  /// The first n floats, with any content; every call gives the same memory.
  public Floats floats(long n) {
    for (Floats view : views) {
      if (view != null && view.length() == n) {
        return view;
      }
    }
    if (n > memory.length()) {
      throw new IllegalArgumentException(
          "scratch for " + n + " floats asked, it has " + memory.length() + ": batch too large");
    }
    Floats view = memory.slice(0, n);
    views[oldest] = view;
    oldest = (oldest + 1) % VIEWS;
    return view;
  }

  /// A loss on this backend; the same object as long as the loss is the same.
  RowLoss rowLoss(MarginLoss loss) {
    if (marginLoss != loss) {
      LossOps ops = backend.loss();
      marginLoss = loss;
      rowLoss =
          (margins, labels, derivatives, from, to) ->
              loss.lossAndDerivatives(ops, margins, labels, derivatives, from, to);
    }
    return rowLoss;
  }

  /// What a model has made for itself in this memory, whatever it is; null if nothing.
  public Object kept() {
    return kept;
  }

  /// Keeps something for the model.
  public void keep(Object made) {
    kept = made;
  }

  /// All of the memory, with any content.
  public Floats all() {
    return memory;
  }
}
