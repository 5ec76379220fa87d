package org.strait.kernels.team;

import org.strait.kernels.Backend;
import org.strait.kernels.CodecOps;
import org.strait.kernels.DenseOps;
import org.strait.kernels.LossOps;
import org.strait.kernels.NetOps;
import org.strait.kernels.PartTask;
import org.strait.kernels.SparseOps;
import org.strait.kernels.UpdateOps;

/// The families of another backend, run by a team of threads. A result has the same bits for every
/// number of threads, because work is cut by its shape alone. For one caller at a time.
public final class TeamBackend implements Backend {
  private final Backend each;
  private final Team team;
  private final SparseOps sparse;
  private final TeamDenseOps dense;
  private final LossOps loss;
  private final UpdateOps update;
  private final CodecOps codec;

  /// @param each what every thread computes with
  /// @param team the threads; closed with this backend
  public TeamBackend(Backend each, Team team) {
    this.each = each;
    this.team = team;
    sparse =
        each.sparse() instanceof TeamSparseOps alone
            ? alone.with(team)
            : new TeamDoubleRows(each.sparse(), team);
    dense = new TeamDenseOps(each.dense(), team);
    loss = new TeamLossOps(each.loss(), team);
    update = new TeamUpdateOps(each.update(), team);
    codec = new TeamCodecOps(each.codec(), team);
  }

  @Override
  public String name() {
    return each.name();
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
    return each.net();
  }

  @Override
  public int threads() {
    return team.threads();
  }

  @Override
  public void run(int parts, PartTask task) {
    team.run(parts, task);
  }

  @Override
  public Backend each() {
    return each;
  }

  @Override
  public void close() {
    team.close();
    dense.close();
    each.close();
  }
}
