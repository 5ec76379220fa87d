package org.strait.engine.optim;

import java.util.List;
import org.strait.kernels.DenseOps;
import org.strait.memory.Floats;
import org.strait.memory.HostMemory;

/// Steps by a rule of the gradient alone. For mini-batches: the objective it is told is that of the
/// batch, so every point is accepted.
final class Stepping implements Optimizer {
  /// How a gradient moves the weights.
  interface Rule {
    /// As given to {@code --solver}.
    String name();

    /// What there is to say besides the schedule, beginning with a comma; may be empty.
    default String settings() {
      return "";
    }

    /// Moves the weights. Modified: weights, the memories.
    ///
    /// @param step number of this step, from 1
    void move(float rate, long step, Floats gradient, Floats weights);

    /// State between steps, in a fixed order.
    List<Floats> memories();
  }

  private final Rule rule;
  private final StepSettings settings;
  private final DenseOps dense;
  private final Floats gradient;
  private double objective = Double.NaN;
  private long step;

  /// @param n number of weights
  Stepping(Rule rule, long n, StepSettings settings, DenseOps dense, HostMemory memory) {
    this.rule = rule;
    this.settings = settings;
    this.dense = dense;
    gradient = memory.floats(n);
  }

  @Override
  public String name() {
    return rule.name() + " (" + settings + rule.settings() + ")";
  }

  @Override
  public void observe(double measured, Floats measuredGradient, Floats weights) {
    objective = measured;
    gradient.copyFrom(measuredGradient);
    if (settings.clip() < Double.POSITIVE_INFINITY) {
      double norm = Math.sqrt(dense.dot(gradient, gradient));
      if (norm > settings.clip()) {
        dense.scale((float) (settings.clip() / norm), gradient);
      }
    }
  }

  @Override
  public void advance(Floats weights) {
    float rate = (float) settings.schedule().rate(step++);
    rule.move(rate, step, gradient, weights);
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
    return rule.memories();
  }

  @Override
  public void restore(double[] numbers) {
    Optimizer.check(rule.name(), numbers, 2);
    step = (long) numbers[0];
    objective = numbers[1];
  }
}
