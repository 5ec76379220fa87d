package org.strait.kernels;

import org.strait.memory.Floats;

/// Optimiser updates, one pass over the parameters each, element by element. Modified: weights and
/// the moment runs.
public interface UpdateOps {
  /// weights ← weights - rate·gradient.
  void sgd(float rate, Floats gradient, Floats weights);

  /// velocity ← momentum·velocity + gradient; weights ← weights - rate·velocity (heavy ball), or
  /// with {@code nesterov} weights ← weights - rate·(gradient + momentum·velocity).
  void momentum(
      float rate,
      float momentum,
      boolean nesterov,
      Floats gradient,
      Floats velocity,
      Floats weights);

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
      Floats weights);
}
