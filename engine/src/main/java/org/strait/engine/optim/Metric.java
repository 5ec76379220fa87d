package org.strait.engine.optim;

import java.util.List;
import org.strait.kernels.DenseOps;
import org.strait.memory.Floats;
import org.strait.memory.HostMemory;

/// A positive diagonal D that says how curved the objective is along each weight (Jacobi
/// preconditioner). Steps are measured by ‖s‖² = Σ D·s², gradients by Σ g²/D, and gradients travel
/// as g/√D, so that "large" means "matters".
public final class Metric {
  private final Floats diagonal;
  private final Floats inverse;
  private final Floats inverseRoot;
  private final Floats scratch;
  private final DenseOps dense;

  /// The identity, until {@link #set}.
  ///
  /// @param n number of weights
  public Metric(long n, HostMemory memory, DenseOps dense) {
    this.dense = dense;
    diagonal = memory.floats(n);
    inverse = memory.floats(n);
    inverseRoot = memory.floats(n);
    scratch = memory.floats(n);
    diagonal.fill(1);
    inverse.fill(1);
    inverseRoot.fill(1);
  }

  private Metric(Metric whole, long from, long count) {
    dense = whole.dense;
    diagonal = whole.diagonal.slice(from, count);
    inverse = whole.inverse.slice(from, count);
    inverseRoot = whole.inverseRoot.slice(from, count);
    scratch = whole.scratch.slice(from, count);
  }

  /// The metric of some coordinates, as a view that follows {@link #set}.
  Metric part(long from, long count) {
    return new Metric(this, from, count);
  }

  /// Takes D = curvature + l2. Coordinates without curvature and without l2 get 1.
  ///
  /// @throws IllegalArgumentException if an element is negative or not finite
  public void set(Floats curvature, double l2) {
    for (long i = 0; i < curvature.length(); i++) {
      double value = curvature.get(i) + l2;
      if (!(value >= 0) || Double.isInfinite(value)) {
        throw new IllegalArgumentException(
            "the curvature of weight " + (i + 1) + " is " + value + ": scale the features");
      }
      double used = value == 0 ? 1 : value;
      diagonal.set(i, (float) used);
      inverse.set(i, (float) (1 / used));
      inverseRoot.set(i, (float) (1 / Math.sqrt(used)));
    }
  }

  /// D, 1/D and 1/√D: saved and restored, the metric is the same to the last bit.
  public List<Floats> memories() {
    return List.of(diagonal, inverse, inverseRoot);
  }

  /// 1/√D: a gradient times this is in the coordinates in which it travels. Follows {@link #set}.
  public Floats travelScale() {
    return inverseRoot;
  }

  /// out ← x/D. Modified: out (may be x).
  void divide(Floats x, Floats out) {
    multiply(x, inverse, out);
  }

  /// Σ D·s².
  double stepSquared(Floats s) {
    multiply(s, diagonal, scratch);
    return dense.dot(s, scratch);
  }

  /// Σ g²/D.
  double gradientSquared(Floats g) {
    multiply(g, inverse, scratch);
    return dense.dot(g, scratch);
  }

  private static void multiply(Floats x, Floats y, Floats out) {
    for (long i = 0; i < out.length(); i++) {
      out.set(i, x.get(i) * y.get(i));
    }
  }
}
