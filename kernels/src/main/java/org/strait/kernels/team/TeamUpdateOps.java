package org.strait.kernels.team;

import org.strait.kernels.Lengths;
import org.strait.kernels.UpdateOps;
import org.strait.memory.Floats;

/// Optimiser updates by a team.
final class TeamUpdateOps implements UpdateOps {
  /// Fewest elements of a part.
  private static final long LEAST = 1 << 15;

  /// Parts begin on a cache line of the range.
  private static final long UNIT = 16;

  private final UpdateOps each;
  private final Team team;
  private final Team.Task sgdPart = (part, worker) -> sgdPart(part);
  private final Team.Task momentumPart = (part, worker) -> momentumPart(part);
  private final Team.Task adamWPart = (part, worker) -> adamWPart(part);

  // Operands of the operation under way.
  private int parts;
  private long from;
  private long to;
  private float rate;
  private float momentum;
  private boolean nesterov;
  private float beta1;
  private float beta2;
  private float epsilon;
  private float decay;
  private long step;
  private Floats gradient;
  private Floats first;
  private Floats second;
  private Floats weights;

  TeamUpdateOps(UpdateOps each, Team team) {
    this.each = each;
    this.team = team;
  }

  @Override
  public void sgd(float newRate, Floats newGradient, Floats newWeights, long start, long end) {
    set(newRate, newGradient, newWeights, start, end);
    team.run(parts, sgdPart);
  }

  private void sgdPart(int part) {
    each.sgd(rate, gradient, weights, border(part), border(part + 1));
  }

  @Override
  public void momentum(
      float newRate,
      float newMomentum,
      boolean newNesterov,
      Floats newGradient,
      Floats velocity,
      Floats newWeights,
      long start,
      long end) {
    set(newRate, newGradient, newWeights, start, end);
    momentum = newMomentum;
    nesterov = newNesterov;
    first = velocity;
    team.run(parts, momentumPart);
  }

  private void momentumPart(int part) {
    each.momentum(
        rate, momentum, nesterov, gradient, first, weights, border(part), border(part + 1));
  }

  @Override
  public void adamW(
      float newRate,
      float newBeta1,
      float newBeta2,
      float newEpsilon,
      float newDecay,
      long newStep,
      Floats newGradient,
      Floats newFirst,
      Floats newSecond,
      Floats newWeights,
      long start,
      long end) {
    set(newRate, newGradient, newWeights, start, end);
    beta1 = newBeta1;
    beta2 = newBeta2;
    epsilon = newEpsilon;
    decay = newDecay;
    step = newStep;
    first = newFirst;
    second = newSecond;
    team.run(parts, adamWPart);
  }

  private void adamWPart(int part) {
    each.adamW(
        rate,
        beta1,
        beta2,
        epsilon,
        decay,
        step,
        gradient,
        first,
        second,
        weights,
        border(part),
        border(part + 1));
  }

  private void set(float newRate, Floats newGradient, Floats newWeights, long start, long end) {
    Lengths.checkPart("weights", newWeights.length(), start, end);
    rate = newRate;
    gradient = newGradient;
    weights = newWeights;
    from = start;
    to = end;
    parts = Cut.parts(end - start, LEAST);
  }

  private long border(int part) {
    return part == parts ? to : from + Cut.border((to - from) / UNIT, parts, part) * UNIT;
  }
}
