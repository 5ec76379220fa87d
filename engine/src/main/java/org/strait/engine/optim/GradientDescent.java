package org.strait.engine.optim;

import java.util.List;
import java.util.Locale;
import org.strait.kernels.UpdateOps;
import org.strait.memory.Floats;
import org.strait.memory.HostMemory;

/// Stochastic gradient descent, with heavy-ball or Nesterov momentum (Sutskever et al. 2013) if
/// asked. For mini-batches: the objective it is told is that of the batch, so it accepts every
/// point.
final class GradientDescent implements Optimizer {
  private final UpdateOps update;
  private final Schedule schedule;
  private final float momentum;
  private final boolean nesterov;
  private final Floats gradient;
  private final Floats velocity;
  private double objective = Double.NaN;
  private long step;

  GradientDescent(
      long n,
      Schedule schedule,
      double momentum,
      boolean nesterov,
      UpdateOps update,
      HostMemory memory) {
    if (!(momentum >= 0 && momentum < 1)) {
      throw new IllegalArgumentException("momentum is " + momentum + ", must be in [0, 1)");
    }
    this.update = update;
    this.schedule = schedule;
    this.momentum = (float) momentum;
    this.nesterov = nesterov;
    gradient = memory.floats(n);
    velocity = momentum > 0 ? memory.floats(n) : null;
  }

  @Override
  public String name() {
    String kind = momentum == 0 ? "sgd" : nesterov ? "nesterov" : "momentum";
    return momentum == 0
        ? kind + " (" + schedule + ")"
        : String.format(Locale.ROOT, "%s (%s, momentum %.3g)", kind, schedule, momentum);
  }

  @Override
  public void observe(double measured, Floats measuredGradient, Floats weights) {
    objective = measured;
    gradient.copyFrom(measuredGradient);
  }

  @Override
  public void advance(Floats weights) {
    float rate = (float) schedule.rate(step++);
    if (velocity == null) {
      update.sgd(rate, gradient, weights);
    } else {
      update.momentum(rate, momentum, nesterov, gradient, velocity, weights);
    }
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
    return velocity == null ? List.of() : List.of(velocity);
  }

  @Override
  public void restore(double[] numbers) {
    Optimizer.check("sgd", numbers, 2);
    step = (long) numbers[0];
    objective = numbers[1];
  }
}
