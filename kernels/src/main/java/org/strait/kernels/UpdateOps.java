package org.strait.kernels;

import org.strait.memory.Floats;

/// Optimiser updates, one pass over the parameters from ≤ i < to, element by element. Modified:
/// weights and the moment runs.
public interface UpdateOps {
  /// weights ← weights - rate·gradient.
  void sgd(float rate, Floats gradient, Floats weights, long from, long to);

  /// velocity ← momentum·velocity + gradient; weights ← weights - rate·velocity (heavy ball), or
  /// with {@code nesterov} weights ← weights - rate·(gradient + momentum·velocity).
  void momentum(
      float rate,
      float momentum,
      boolean nesterov,
      Floats gradient,
      Floats velocity,
      Floats weights,
      long from,
      long to);

  /// AdamW (Loshchilov & Hutter 2019, algorithm 2) at step t ≥ 1: m ← β₁m + (1-β₁)g; v ← β₂v +
  /// (1-β₂)g²; w ← w - rate·( (m/(1-β₁ᵗ)) / (√(v/(1-β₂ᵗ)) + ε) + decay·w ).
  void adamW(
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
      long to);

  /// {@link #sgd(float, Floats, Floats, long, long)} of all parameters.
  default void sgd(float rate, Floats gradient, Floats weights) {
    Lengths.check("gradient", gradient.length(), weights.length());
    sgd(rate, gradient, weights, 0, weights.length());
  }

  /// {@link #momentum(float, float, boolean, Floats, Floats, Floats, long, long)} of all
  /// parameters.
  default void momentum(
      float rate,
      float momentum,
      boolean nesterov,
      Floats gradient,
      Floats velocity,
      Floats weights) {
    Lengths.check("gradient", gradient.length(), weights.length());
    Lengths.check("velocity", velocity.length(), weights.length());
    momentum(rate, momentum, nesterov, gradient, velocity, weights, 0, weights.length());
  }

  /// {@link #adamW(float, float, float, float, float, long, Floats, Floats, Floats, Floats, long,
  /// long)} of all parameters.
  default void adamW(
      float rate,
      float beta1,
      float beta2,
      float epsilon,
      float decay,
      long step,
      Floats gradient,
      Floats first,
      Floats second,
      Floats weights) {
    Lengths.check("gradient", gradient.length(), weights.length());
    Lengths.check("first", first.length(), weights.length());
    Lengths.check("second", second.length(), weights.length());
    long n = weights.length();
    adamW(rate, beta1, beta2, epsilon, decay, step, gradient, first, second, weights, 0, n);
  }
}
