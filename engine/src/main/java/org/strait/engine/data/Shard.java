package org.strait.engine.data;

import org.strait.kernels.Matrix;
import org.strait.kernels.RankedRows;
import org.strait.kernels.SparseOps;
import org.strait.memory.HostMemory;

/// The rows that one rank trains on, cut into batches of consecutive rows. With mini-batches the
/// rows are put into a seeded random order once, when the shard is made, and every epoch visits the
/// batches in a fresh order that is a function of seed and epoch alone. A shard without rows gives
/// empty batches, so that ranks with and without rows can take the same steps. Not thread-safe.
public final class Shard {
  private final Dataset data;
  private final Dataset[] parts;
  private final Matrix[] dense;
  private final int[] order;
  private final long seed;
  private final Draws draws = new Draws();
  private final Batch batch;
  private final Batch all;
  private RankedRows ranked;
  private long position;
  private long orderedEpoch = -1;

  private Shard(Dataset data, int batchRows, long seed) {
    this.data = data;
    this.seed = seed;
    int batches = data.rows() == 0 ? 1 : Math.ceilDiv(data.rows(), batchRows);
    parts = new Dataset[batches];
    dense = new Matrix[batches];
    order = new int[batches];
    for (int i = 0; i < batches; i++) {
      int from = i * batchRows;
      int count = Math.min(batchRows, data.rows() - from);
      parts[i] = data.slice(from, count);
    }
    batch = Batch.of(parts[0]);
    all = Batch.of(data);
  }

  /// Every batch is all rows.
  public static Shard full(Dataset data) {
    return new Shard(data, Math.max(1, data.rows()), 0);
  }

  /// Every batch is all rows, prepared for the many visits of a training where that pays (as a
  /// dense matrix, or by the frequency of features) and takes at most half of the room in memory.
  ///
  /// @param ops what the rows are visited with; decides whether it wants them prepared
  /// @param memory owner of what is prepared
  public static Shard full(Dataset data, SparseOps ops, HostMemory memory) {
    Shard shard = full(data);
    if (data.isDense()) {
      return shard;
    }
    if (DenseRows.pay(data.matrix(), memory)) {
      shard.prepareDense(memory);
    } else if (ops.prefersRanked()
        && RankedRows.pays(data.matrix())
        && RankedRows.mostBytes(data.matrix()) <= memory.roomBytes() / 2) {
      shard.ranked = RankedRows.of(data.matrix(), memory);
      shard.all.with(shard.ranked, null);
    }
    return shard;
  }

  /// Batches of {@code batchRows} rows; the last one in the shuffled order of rows may be shorter.
  ///
  /// @param data rows, which are copied
  /// @param batchRows rows of a batch, at least 1
  /// @param seed decides the order of rows and of batches
  /// @param memory owner of the copy
  public static Shard miniBatches(Dataset data, int batchRows, long seed, HostMemory memory) {
    if (batchRows < 1) {
      throw new IllegalArgumentException("batches of " + batchRows + " rows");
    }
    int[] rows = new int[data.rows()];
    for (int i = 0; i < rows.length; i++) {
      rows[i] = i;
    }
    Draws draws = new Draws();
    draws.key(seed, -1, 0);
    draws.shuffle(rows);
    Shard shard =
        new Shard(data.select(rows, memory), Math.min(batchRows, Math.max(1, rows.length)), seed);
    if (!data.isDense() && DenseRows.pay(shard.data.matrix(), memory)) {
      shard.prepareDense(memory);
    }
    return shard;
  }

  private void prepareDense(HostMemory memory) {
    Matrix rows = DenseRows.of(data.matrix(), memory);
    all.with(null, rows);
    int from = 0;
    for (int i = 0; i < dense.length; i++) {
      dense[i] = rows.slice(from, parts[i].rows());
      from += parts[i].rows();
    }
  }

  /// The next batch. Always the same object; valid until the next call. Allocates nothing.
  public Batch next() {
    long epoch = position / order.length;
    if (epoch != orderedEpoch) {
      orderBatches(epoch);
    }
    int i = order[(int) (position % order.length)];
    position++;
    batch.set(parts[i]);
    return batch.with(ranked, dense[i]).at(seed, position - 1);
  }

  /// All rows, whatever the size of the batches; does not move the position.
  public Batch all() {
    return all;
  }

  /// Rows of this shard.
  public int rows() {
    return data.rows();
  }

  /// The rows in the order of this shard.
  public Dataset data() {
    return data;
  }

  /// Batches that visit every row once, at least 1.
  public int batchesPerEpoch() {
    return order.length;
  }

  /// Batches handed out so far; give it to {@link #seek} to go on in another run.
  public long position() {
    return position;
  }

  /// Makes {@link #next} go on after so many batches.
  public void seek(long newPosition) {
    if (newPosition < 0) {
      throw new IllegalArgumentException("position " + newPosition);
    }
    position = newPosition;
  }

  private void orderBatches(long epoch) {
    for (int i = 0; i < order.length; i++) {
      order[i] = i;
    }
    draws.key(seed, epoch, 1);
    draws.shuffle(order);
    orderedEpoch = epoch;
  }
}
