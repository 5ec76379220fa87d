package org.strait.kernels;

/// Five families of operations that one replica computes with. Stateless and thread-safe;
/// operations allocate nothing.
public interface Backend {
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
}
