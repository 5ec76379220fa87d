package org.strait.kernels;

/// Five families of operations that one replica computes with. Operations allocate nothing. An
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

  /// Ends its threads and frees its scratch, if it has any.
  @Override
  default void close() {}
}
