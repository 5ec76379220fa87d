package org.strait.kernels.simd;

import org.strait.kernels.Backend;
import org.strait.kernels.CodecOps;
import org.strait.kernels.DenseOps;
import org.strait.kernels.LossOps;
import org.strait.kernels.NetOps;
import org.strait.kernels.RankedRows;
import org.strait.kernels.SparseOps;
import org.strait.kernels.UpdateOps;
import org.strait.kernels.scalar.ScalarBackend;
import org.strait.kernels.team.Team;
import org.strait.kernels.team.TeamSparseOps;

/// Vector API kernels of one width.
public final class SimdBackend implements Backend {
  private final Backend plain = new ScalarBackend();
  private final DenseOps dense = new SimdDenseOps(plain.dense());
  // The gather of 256 and of 128 bits is slower than reading one by one.
  private final SparseOps sparse =
      new TeamSparseOps(
          plain.sparse(),
          Lanes.COUNT == RankedRows.LANES ? new SimdSliceLoops() : null,
          new Team("strait", 1));
  private final LossOps loss = new SimdLossOps();
  private final UpdateOps update = new SimdUpdateOps();
  private final CodecOps codec = new SimdCodecOps(plain.codec());
  private final NetOps net = new SimdNetOps(plain.net());

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
