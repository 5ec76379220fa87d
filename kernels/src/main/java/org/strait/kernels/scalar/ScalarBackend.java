package org.strait.kernels.scalar;

import org.strait.kernels.Backend;
import org.strait.kernels.CodecOps;
import org.strait.kernels.DenseOps;
import org.strait.kernels.LossOps;
import org.strait.kernels.NetOps;
import org.strait.kernels.SparseOps;
import org.strait.kernels.UpdateOps;

/// Plain loops: runs everywhere, needs no flag.
public final class ScalarBackend implements Backend {
  private final DenseOps dense = new ScalarDenseOps();
  private final SparseOps sparse = new ScalarSparseOps();
  private final LossOps loss = new ScalarLossOps();
  private final UpdateOps update = new ScalarUpdateOps();
  private final CodecOps codec = new ScalarCodecOps();
  private final NetOps net = new ScalarNetOps();

  @Override
  public String name() {
    return "scalar";
  }

  @Override
  public DenseOps dense() {
    return dense;
  }

  @Override
  public SparseOps sparse() {
    return sparse;
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

  @Override
  public NetOps net() {
    return net;
  }
}
