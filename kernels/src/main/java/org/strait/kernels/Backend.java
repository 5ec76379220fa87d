package org.strait.kernels;

/// Six families of operations that one replica computes with. Operations allocate nothing. An
/// instance may hold scratch and threads: it belongs to one caller at a time.
public interface Backend extends AutoCloseable {
  /// Name as given to {@code --backend} and written in the run record, for instance {@code
  /// simd-512}.
  String name();

  /// Dense vectors and matrices.
  DenseOps dense();

  /// Sparse rows.
  SparseOps sparse();

  /// Losses and their derivatives.
  LossOps loss();

  /// Optimiser updates in one pass.
  UpdateOps update();

  /// Selection, quantisation and packing for messages between data centres.
  CodecOps codec();

  /// Layers of nets besides matrix products.
  NetOps net();

  /// Threads that {@link #run} has, the caller's included.
  default int threads() {
    return 1;
  }

  /// Runs parts 0 … parts - 1 of a task, on all threads of a rank if there are several, and returns
  /// when all are done. A task computes with {@link #each} and may not run another. Allocates
  /// nothing.
  default void run(int parts, PartTask task) {
    for (int part = 0; part < parts; part++) {
      task.run(part, 0);
    }
  }

  /// What one thread computes with in a task; several threads may use its dense, loss, update and
  /// net operations at once.
  default Backend each() {
    return this;
  }

  /// Ends its threads and frees its scratch, if it has any.
  @Override
  default void close() {}
}
