package org.strait.engine.optim;

import java.util.List;
import java.util.Locale;
import org.strait.kernels.Backend;
import org.strait.kernels.DenseOps;
import org.strait.kernels.UpdateOps;
import org.strait.memory.Floats;
import org.strait.memory.HostMemory;

/// Stochastic gradient descent, with heavy-ball or Nesterov momentum (Sutskever et al. 2013) if
/// asked.
final class GradientDescent implements Stepping.Rule {
  private final UpdateOps update;
  private final DenseOps dense;
  private final double decay;
  private final float momentum;
  private final boolean nesterov;
  private final Floats velocity;

  GradientDescent(
      long n, double momentum, boolean nesterov, double decay, Backend backend, HostMemory memory) {
    if (!(momentum >= 0 && momentum < 1)) {
      throw new IllegalArgumentException("momentum is " + momentum + ", must be in [0, 1)");
    }
    update = backend.update();
    dense = backend.dense();
    this.decay = decay;
    this.momentum = (float) momentum;
    this.nesterov = nesterov;
    velocity = momentum > 0 ? memory.floats(n) : null;
  }

  @Override
  public String name() {
    return momentum == 0 ? "sgd" : nesterov ? "nesterov" : "momentum";
  }

  @Override
  public String settings() {
    return momentum == 0 ? "" : String.format(Locale.ROOT, ", momentum %.3g", momentum);
  }

  @Override
  public void move(float rate, long step, Floats gradient, Floats weights) {
    if (decay > 0) {
      dense.scale((float) (1 - rate * decay), weights);
    }
    if (velocity == null) {
      update.sgd(rate, gradient, weights);
    } else {
      update.momentum(rate, momentum, nesterov, gradient, velocity, weights);
    }
  }

  @Override
  public List<Floats> memories() {
    return velocity == null ? List.of() : List.of(velocity);
  }
}
