package org.strait.engine.data;

import org.strait.kernels.Csr;
import org.strait.kernels.RankedRows;
import org.strait.memory.Floats;

/// The rows of one step: a view of consecutive rows. A {@link Shard} hands out the same object at
/// every step; whoever needs the rows of an earlier step keeps {@link #matrix} and {@link #labels}.
public final class Batch {
  private Csr matrix;
  private Floats labels;
  private RankedRows ranked;

  Batch(Csr matrix, Floats labels) {
    set(matrix, labels);
  }

  /// All rows of a dataset.
  public static Batch of(Dataset data) {
    return new Batch(data.matrix(), data.labels());
  }

  /// The same batch with its rows prepared for many visits.
  Batch with(RankedRows prepared) {
    ranked = prepared;
    return this;
  }

  void set(Csr newMatrix, Floats newLabels) {
    matrix = newMatrix;
    ranked = null;
    labels = newLabels;
  }

  /// Number of rows; 0 is legal.
  public int rows() {
    return matrix.rows();
  }

  /// The rows.
  public Csr matrix() {
    return matrix;
  }

  /// The rows prepared for many visits, or null if they are not.
  public RankedRows ranked() {
    return ranked;
  }

  /// One label for each row.
  public Floats labels() {
    return labels;
  }
}
