package org.strait.blas;

import org.strait.kernels.Backend;
import org.strait.kernels.CodecOps;
import org.strait.kernels.DenseOps;
import org.strait.kernels.LossOps;
import org.strait.kernels.NetOps;
import org.strait.kernels.SparseOps;
import org.strait.kernels.UpdateOps;

/// The families of another backend, with OpenBLAS for dense matrix products.
final class OpenBlasBackend implements Backend {
  private final Backend below;
  private final DenseOps dense;

  OpenBlasBackend(Backend below) {
    this.below = below;
    this.dense = new OpenBlasDenseOps(below.dense());
  }

  @Override
  public String name() {
    return OpenBlasProvider.NAME;
  }

  @Override
  public DenseOps dense() {
    return dense;
  }

  @Override
  public SparseOps sparse() {
    return below.sparse();
  }

  @Override
  public LossOps loss() {
    return below.loss();
  }

  @Override
  public UpdateOps update() {
    return below.update();
  }

  @Override
  public CodecOps codec() {
    return below.codec();
  }

  @Override
  public NetOps net() {
    return below.net();
  }
}
