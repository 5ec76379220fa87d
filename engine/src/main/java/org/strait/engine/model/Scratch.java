package org.strait.engine.model;

import org.strait.kernels.Backend;
import org.strait.kernels.LossOps;
import org.strait.kernels.Matrix;
import org.strait.kernels.RowLoss;
import org.strait.memory.Floats;

/// Working memory of one replica and the backend it works on. Views of the last few sizes are kept,
/// so that batches of alternating sizes allocate nothing. Not thread-safe.
public final class Scratch {
  private static final int VIEWS = 4;

  private final Backend backend;
  private final Floats memory;
  private final Floats[] views = new Floats[VIEWS];
  private final Matrix[] matrices = new Matrix[VIEWS];
  private final long[] starts = new long[VIEWS];
  private int oldest;
  private int oldestMatrix;
  private MarginLoss marginLoss;
  private RowLoss rowLoss;
  private Floats rowWeights;
  private final RowLoss weighted = this::weighted;
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
    return after(0, n);
  }

  /// The n floats after the first ones.
  Floats after(long first, long n) {
    for (int i = 0; i < VIEWS; i++) {
      if (views[i] != null && starts[i] == first && views[i].length() == n) {
        return views[i];
      }
    }
    if (first + n > memory.length()) {
      throw new IllegalArgumentException(
          "scratch for "
              + (first + n)
              + " floats asked, it has "
              + memory.length()
              + ": batch too large");
    }
    Floats view = memory.slice(first, n);
    views[oldest] = view;
    starts[oldest] = first;
    oldest = (oldest + 1) % VIEWS;
    return view;
  }

  /// A run as a matrix without gaps; the same object for the same run and shape.
  Matrix matrix(Floats values, int rows, int cols) {
    for (Matrix matrix : matrices) {
      if (matrix != null
          && matrix.values() == values
          && matrix.rows() == rows
          && matrix.cols() == cols) {
        return matrix;
      }
    }
    Matrix made = Matrix.of(values, rows, cols);
    matrices[oldestMatrix] = made;
    oldestMatrix = (oldestMatrix + 1) % VIEWS;
    return made;
  }

  /// A loss on this backend times the weights of rows, null for 1.
  RowLoss rowLoss(MarginLoss loss, Floats weights) {
    RowLoss plain = rowLoss(loss);
    rowWeights = weights;
    return weights == null ? plain : weighted;
  }

  /// Rows of equal weight that follow each other are given to the loss together.
  private double weighted(Floats margins, Floats labels, Floats derivatives, long from, long to) {
    double sum = 0;
    for (long start = from; start < to; ) {
      float weight = rowWeights.get(start);
      long end = start + 1;
      while (end < to && rowWeights.get(end) == weight) {
        end++;
      }
      double part = rowLoss.apply(margins, labels, derivatives, start, end);
      sum += weight == 0 ? 0 : weight * part;
      for (long r = start; r < end; r++) {
        derivatives.set(r, weight == 0 ? 0 : weight * derivatives.get(r));
      }
      start = end;
    }
    return sum;
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
