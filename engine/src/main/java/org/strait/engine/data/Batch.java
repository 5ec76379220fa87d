package org.strait.engine.data;

import org.strait.kernels.Csr;
import org.strait.kernels.Matrix;
import org.strait.kernels.RankedRows;
import org.strait.memory.Floats;

/// The rows of one step: a view of consecutive rows. A {@link Shard} hands out the same object at
/// every step; whoever needs the rows of an earlier step keeps {@link #matrix} and {@link #labels}.
public final class Batch {
  private Dataset data;
  private RankedRows ranked;
  private Matrix dense;
  private long seed;
  private long number;

  private Batch(Dataset data) {
    set(data);
  }

  /// All rows of a dataset.
  public static Batch of(Dataset data) {
    return new Batch(data);
  }

  /// The same batch with its rows prepared for many visits, in one way or none.
  Batch with(RankedRows preparedSparse, Matrix preparedDense) {
    ranked = preparedSparse;
    dense = preparedDense;
    return this;
  }

  void set(Dataset rows) {
    data = rows;
    ranked = null;
    dense = null;
  }

  /// Number of rows; 0 is legal.
  public int rows() {
    return data.rows();
  }

  /// Number of features.
  public int features() {
    return data.features();
  }

  /// What the features of a row are: null unless rows are images.
  public RowShape shape() {
    return data.shape();
  }

  /// The rows as sparse ones; of rows without gaps an index is made at the first call.
  public Csr matrix() {
    return data.matrix();
  }

  /// The rows prepared for many visits, or null if they are not.
  public RankedRows ranked() {
    return ranked;
  }

  /// The rows as a dense matrix, or null if they have too many gaps or were not prepared.
  public Matrix dense() {
    return dense == null ? data.dense() : dense;
  }

  /// One label for each row.
  public Floats labels() {
    return data.labels();
  }

  /// How much each row counts; null if all count 1.
  public Floats weights() {
    return data.weights();
  }

  /// What the rows together count: Σ weight, or their number.
  public double totalWeight() {
    return data.totalWeight();
  }

  /// The same batch as one of a training.
  Batch at(long newSeed, long newNumber) {
    seed = newSeed;
    number = newNumber;
    return this;
  }

  /// Seed of the shard it comes from: of what is random in this rank's training.
  public long seed() {
    return seed;
  }

  /// Batches that the shard handed out before this one.
  public long number() {
    return number;
  }
}
