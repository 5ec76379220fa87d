package org.strait.engine.optim;

import java.util.List;
import org.strait.kernels.UpdateOps;
import org.strait.memory.Floats;
import org.strait.memory.HostMemory;

/// AdamW (Loshchilov & Hutter 2019, algorithm 2) with β = (0.9, 0.999), ε = 1e-8. The L2 term of
/// the objective is in the gradient already; the decay is decoupled.
final class AdamW implements Stepping.Rule {
  private static final float BETA1 = 0.9f;
  private static final float BETA2 = 0.999f;
  private static final float EPSILON = 1e-8f;

  private final UpdateOps update;
  private final float decay;
  private final Floats first;
  private final Floats second;

  AdamW(long n, double decay, UpdateOps update, HostMemory memory) {
    this.decay = (float) decay;
    this.update = update;
    first = memory.floats(n);
    second = memory.floats(n);
  }

  @Override
  public String name() {
    return "adamw";
  }

  @Override
  public void move(float rate, long step, Floats gradient, Floats weights) {
    update.adamW(rate, BETA1, BETA2, EPSILON, decay, step, gradient, first, second, weights);
  }

  @Override
  public List<Floats> memories() {
    return List.of(first, second);
  }
}
