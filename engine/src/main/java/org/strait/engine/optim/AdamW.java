package org.strait.engine.optim;

import java.util.List;
import org.strait.kernels.UpdateOps;
import org.strait.memory.Floats;
import org.strait.memory.HostMemory;

/// AdamW (Loshchilov & Hutter 2019, algorithm 2) with β = (0.9, 0.999), ε = 1e-8; the L2 term of
/// the objective is in the gradient already, so the decoupled decay is 0.
final class AdamW implements Optimizer {
  private static final float BETA1 = 0.9f;
  private static final float BETA2 = 0.999f;
  private static final float EPSILON = 1e-8f;

  private final UpdateOps update;
  private final Schedule schedule;
  private final Floats gradient;
  private final Floats first;
  private final Floats second;
  private double objective = Double.NaN;
  private long step;

  AdamW(long n, Schedule schedule, UpdateOps update, HostMemory memory) {
    this.update = update;
    this.schedule = schedule;
    gradient = memory.floats(n);
    first = memory.floats(n);
    second = memory.floats(n);
  }

  @Override
  public String name() {
    return "adamw (" + schedule + ")";
  }

  @Override
  public void observe(double measured, Floats measuredGradient, Floats weights) {
    objective = measured;
    gradient.copyFrom(measuredGradient);
  }

  @Override
  public void advance(Floats weights) {
    float rate = (float) schedule.rate(step++);
    update.adamW(rate, BETA1, BETA2, EPSILON, 0, step, gradient, first, second, weights);
  }

  @Override
  public void settle(Floats weights) {
    // every measured point is accepted
  }

  @Override
  public double objective() {
    return objective;
  }

  @Override
  public double gradientNorm() {
    return Double.NaN;
  }

  @Override
  public boolean converged(double tolerance) {
    return false;
  }

  @Override
  public void restart() {
    // every measured point is accepted
  }

  @Override
  public double[] numbers() {
    return new double[] {step, objective};
  }

  @Override
  public List<Floats> memories() {
    return List.of(first, second);
  }

  @Override
  public void restore(double[] numbers) {
    Optimizer.check("adamw", numbers, 2);
    step = (long) numbers[0];
    objective = numbers[1];
  }
}
