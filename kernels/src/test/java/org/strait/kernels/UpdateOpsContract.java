package org.strait.kernels;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.strait.memory.Floats;

/// What every backend's optimiser updates must do, against float64.
public abstract class UpdateOpsContract {
  private static final double U = 0x1p-24;

  protected abstract Backend backend();

  @ParameterizedTest
  @MethodSource("org.strait.kernels.Sizes#all")
  void sgdStepsAgainstTheGradient(int n) {
    try (Operands operands = new Operands(n)) {
      Floats g = operands.floats(n);
      Floats w = operands.floats(n);
      Floats gBefore = operands.copy(g);
      Floats wBefore = operands.copy(w);
      backend().update().sgd(0.1f, g, w);
      for (long i = 0; i < n; i++) {
        double step = (double) 0.1f * g.get(i);
        double bound = 2 * U * (Math.abs(step) + Math.abs(wBefore.get(i)));
        assertEquals(wBefore.get(i) - step, w.get(i), bound);
      }
      assertArrayEquals(gBefore.toArray(), g.toArray());
    }
  }

  @ParameterizedTest
  @MethodSource("org.strait.kernels.Sizes#around")
  void momentumHeavyBallAndNesterov(int n) {
    for (boolean nesterov : new boolean[] {false, true}) {
      try (Operands operands = new Operands(n)) {
        Floats g = operands.floats(n);
        Floats v = operands.floats(n);
        Floats w = operands.floats(n);
        Floats vBefore = operands.copy(v);
        Floats wBefore = operands.copy(w);
        backend().update().momentum(0.1f, 0.9f, nesterov, g, v, w);
        for (long i = 0; i < n; i++) {
          double velocity = (double) 0.9f * vBefore.get(i) + g.get(i);
          double direction = nesterov ? g.get(i) + (double) 0.9f * velocity : velocity;
          double size = 4 * (Math.abs(vBefore.get(i)) + Math.abs(g.get(i)));
          assertEquals(velocity, v.get(i), U * size);
          assertEquals(
              wBefore.get(i) - (double) 0.1f * direction,
              w.get(i),
              U * (size + 2 * Math.abs(wBefore.get(i))));
        }
      }
    }
  }

  @ParameterizedTest
  @MethodSource("org.strait.kernels.Sizes#around")
  void adamWFollowsThePaper(int n) {
    for (long step : new long[] {1, 2, 1000}) {
      try (Operands operands = new Operands(n + step)) {
        Floats g = operands.floats(n);
        Floats m = operands.floats(n);
        Floats v = operands.floats(n);
        Floats w = operands.floats(n);
        for (long i = 0; i < n; i++) {
          v.set(i, v.get(i) * v.get(i));
        }
        Floats mBefore = operands.copy(m);
        Floats vBefore = operands.copy(v);
        Floats wBefore = operands.copy(w);
        double rate = 0.01f;
        double beta1 = 0.9f;
        double beta2 = 0.999f;
        double epsilon = 1e-8f;
        double decay = 0.1f;
        backend().update().adamW(0.01f, 0.9f, 0.999f, 1e-8f, 0.1f, step, g, m, v, w);
        for (long i = 0; i < n; i++) {
          double gi = g.get(i);
          double mi = beta1 * mBefore.get(i) + (1 - beta1) * gi;
          double vi = beta2 * vBefore.get(i) + (1 - beta2) * gi * gi;
          double size = Math.abs(mBefore.get(i)) + Math.abs(gi);
          assertEquals(mi, m.get(i), 4 * U * size);
          assertEquals(vi, v.get(i), 8 * U * vi);
          double correction1 = 1 - Math.pow(beta1, (double) step);
          double root = Math.sqrt(vi / (1 - Math.pow(beta2, (double) step)));
          double direction = mi / correction1 / (root + epsilon) + decay * wBefore.get(i);
          double directionSize =
              size / correction1 / (root + epsilon) + decay * Math.abs(wBefore.get(i));
          assertEquals(
              wBefore.get(i) - rate * direction,
              w.get(i),
              U * (2 * Math.abs(wBefore.get(i)) + 32 * rate * directionSize));
        }
      }
    }
  }

  @Test
  void wrongArgumentsAreRefused() {
    try (Operands operands = new Operands(6)) {
      UpdateOps ops = backend().update();
      Floats a = operands.floats(3);
      Floats b = operands.floats(4);
      assertThrows(IllegalArgumentException.class, () -> ops.sgd(1, a, b));
      assertThrows(IllegalArgumentException.class, () -> ops.momentum(1, 1, true, a, b, a));
      assertThrows(IllegalArgumentException.class, () -> ops.adamW(1, 0, 0, 0, 0, 1, a, a, b, a));
      assertThrows(IllegalArgumentException.class, () -> ops.adamW(1, 0, 0, 0, 0, 0, a, a, a, a));
    }
  }
}
