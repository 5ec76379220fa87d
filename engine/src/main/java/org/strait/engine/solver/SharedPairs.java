package org.strait.engine.solver;

import org.strait.memory.Doubles;
import org.strait.memory.HostMemory;

/// The last steps and the changes of the gradient along them, for the two loops of L-BFGS around
/// any first matrix.
final class SharedPairs {
  private static final double LEAST_COSINE = 1e-8;

  private final Doubles[] steps;
  private final Doubles[] changes;
  private final double[] products;
  private final double[] coefficients;
  private final Doubles metric;
  private int count;
  private int newest = -1;

  /// @param metric that lengths are measured in
  SharedPairs(int most, Doubles metric, HostMemory memory) {
    this.metric = metric;
    steps = new Doubles[most];
    changes = new Doubles[most];
    for (int i = 0; i < most; i++) {
      steps[i] = memory.doubles(metric.length());
      changes[i] = memory.doubles(metric.length());
    }
    products = new double[most];
    coefficients = new double[most];
  }

  int count() {
    return count;
  }

  void forget() {
    count = 0;
  }

  /// Takes a pair, if it has curvature: alpha·direction, and after - before.
  ///
  /// @param more what step·change lacks, since gradients travel rounded; the change is corrected
  ///     along metric·step
  void add(double alpha, Doubles direction, Doubles after, Doubles before, double more) {
    int slot = (newest + 1) % steps.length;
    Doubles step = steps[slot];
    Doubles change = changes[slot];
    for (long j = 0; j < step.length(); j++) {
      step.set(j, alpha * direction.get(j));
      change.set(j, after.get(j) - before.get(j));
    }
    double size = Vectors.dot(step, metric, step);
    for (long j = 0; j < step.length() && size > 0; j++) {
      change.set(j, change.get(j) + more / size * metric.get(j) * step.get(j));
    }
    double product = Vectors.dot(step, change);
    if (product > LEAST_COSINE * Math.sqrt(size) * Vectors.normIn(change, metric)) {
      newest = slot;
      count = Math.min(steps.length, count + 1);
      products[slot] = product;
    } else if (count == steps.length) {
      count--; // the oldest was overwritten
    }
  }

  /// The change of the newest pair.
  Doubles lastChange() {
    return changes[newest];
  }

  /// step·change of the newest pair.
  double lastProduct() {
    return products[newest];
  }

  /// The first loop. Modified: vector.
  void before(Doubles vector) {
    for (int i = 0; i < count; i++) {
      int p = Math.floorMod(newest - i, steps.length);
      coefficients[p] = Vectors.dot(steps[p], vector) / products[p];
      Vectors.axpy(-coefficients[p], changes[p], vector);
    }
  }

  /// The second loop, after the first matrix. Modified: vector.
  void after(Doubles vector) {
    for (int i = count - 1; i >= 0; i--) {
      int p = Math.floorMod(newest - i, steps.length);
      double beta = Vectors.dot(changes[p], vector) / products[p];
      Vectors.axpy(coefficients[p] - beta, steps[p], vector);
    }
  }
}
