package org.strait.kernels.scalar;

import org.strait.kernels.Lengths;
import org.strait.kernels.UpdateOps;
import org.strait.memory.Floats;

/// Optimiser updates, parameter after parameter, in float32.
final class ScalarUpdateOps implements UpdateOps {
  @Override
  public void sgd(float rate, Floats gradient, Floats weights, long from, long to) {
    Lengths.checkPart("weights", weights.length(), from, to);
    Lengths.checkPart("gradient", gradient.length(), from, to);
    for (long i = from; i < to; i++) {
      weights.set(i, weights.get(i) - rate * gradient.get(i));
    }
  }

  @Override
  public void momentum(
      float rate,
      float momentum,
      boolean nesterov,
      Floats gradient,
      Floats velocity,
      Floats weights,
      long from,
      long to) {
    Lengths.checkPart("weights", weights.length(), from, to);
    Lengths.checkPart("gradient", gradient.length(), from, to);
    Lengths.checkPart("velocity", velocity.length(), from, to);
    for (long i = from; i < to; i++) {
      float g = gradient.get(i);
      float v = momentum * velocity.get(i) + g;
      velocity.set(i, v);
      weights.set(i, weights.get(i) - rate * (nesterov ? g + momentum * v : v));
    }
  }

  @Override
  public void adamW(
      float rate,
      float beta1,
      float beta2,
      float epsilon,
      float decay,
      long step,
      Floats gradient,
      Floats first,
      Floats second,
      Floats weights,
      long from,
      long to) {
    Lengths.checkPart("weights", weights.length(), from, to);
    Lengths.checkPart("gradient", gradient.length(), from, to);
    Lengths.checkPart("first", first.length(), from, to);
    Lengths.checkPart("second", second.length(), from, to);
    if (step < 1) {
      throw new IllegalArgumentException("step is " + step + ", the first is 1");
    }
    // The two bias corrections do not depend on the element: one factor each.
    float firstCorrection = (float) (1 / (1 - Math.pow(beta1, (double) step)));
    float secondCorrection = (float) (1 / (1 - Math.pow(beta2, (double) step)));
    for (long i = from; i < to; i++) {
      float g = gradient.get(i);
      float m = beta1 * first.get(i) + (1 - beta1) * g;
      float v = beta2 * second.get(i) + (1 - beta2) * (g * g);
      float w = weights.get(i);
      first.set(i, m);
      second.set(i, v);
      float root = (float) Math.sqrt(v * secondCorrection);
      weights.set(i, w - rate * (m * firstCorrection / (root + epsilon) + decay * w));
    }
  }
}
