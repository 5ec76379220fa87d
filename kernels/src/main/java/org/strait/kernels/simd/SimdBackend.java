package org.strait.kernels.simd;

import org.strait.kernels.Backend;
import org.strait.kernels.CodecOps;
import org.strait.kernels.DenseOps;
import org.strait.kernels.LossOps;
import org.strait.kernels.SparseOps;
import org.strait.kernels.UpdateOps;
import org.strait.kernels.scalar.ScalarBackend;

/// Vector API kernels of one width. Sparse rows stay with the plain loops: the Vector API gathers
/// from heap arrays only, and four sums side by side bought 5 to 10 per cent (SparseOpsBenchmark).
public final class SimdBackend implements Backend {
  private final Backend plain = new ScalarBackend();
  private final DenseOps dense = new SimdDenseOps(plain.dense());
  private final LossOps loss = new SimdLossOps();
  private final UpdateOps update = new SimdUpdateOps();
  private final CodecOps codec = new SimdCodecOps(plain.codec());

  /// @throws IllegalCallerException if the user has forbidden native access to this code
  public SimdBackend() {
    AddressSpace.demand();
  }

  @Override
  public String name() {
    return "simd-" + Lanes.BITS;
  }

  @Override
  public DenseOps dense() {
    return dense;
  }

  @Override
  public SparseOps sparse() {
    return plain.sparse();
  }

  @Override
  public LossOps loss() {
    return loss;
  }

  @Override
  public UpdateOps update() {
    return update;
  }

  @Override
  public CodecOps codec() {
    return codec;
  }
}
