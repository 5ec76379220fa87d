package org.strait.engine.solver;

import org.strait.memory.Doubles;

/// Arithmetic of float64 vectors in one prescribed order, so that all ranks get the same bits.
final class Vectors {
  private Vectors() {}

  /// Σ x(i)·y(i) over i < count, in four sums.
  static double dot(Doubles x, Doubles y, long count) {
    double a = 0;
    double b = 0;
    double c = 0;
    double d = 0;
    long i = 0;
    for (; i + 4 <= count; i += 4) {
      a += x.get(i) * y.get(i);
      b += x.get(i + 1) * y.get(i + 1);
      c += x.get(i + 2) * y.get(i + 2);
      d += x.get(i + 3) * y.get(i + 3);
    }
    for (; i < count; i++) {
      a += x.get(i) * y.get(i);
    }
    return a + b + (c + d);
  }

  /// Σ x(i)·y(i).
  static double dot(Doubles x, Doubles y) {
    return dot(x, y, x.length());
  }

  /// Σ x(i)·m(i)·y(i).
  static double dot(Doubles x, Doubles m, Doubles y) {
    double a = 0;
    double b = 0;
    long i = 0;
    for (; i + 2 <= x.length(); i += 2) {
      a += x.get(i) * m.get(i) * y.get(i);
      b += x.get(i + 1) * m.get(i + 1) * y.get(i + 1);
    }
    if (i < x.length()) {
      a += x.get(i) * m.get(i) * y.get(i);
    }
    return a + b;
  }

  /// y ← y + alpha·x. Modified: y.
  static void axpy(double alpha, Doubles x, Doubles y) {
    for (long i = 0; i < y.length(); i++) {
      y.set(i, y.get(i) + alpha * x.get(i));
    }
  }

  /// z ← x + alpha·y. Modified: z.
  static void sum(Doubles x, double alpha, Doubles y, Doubles z) {
    for (long i = 0; i < z.length(); i++) {
      z.set(i, x.get(i) + alpha * y.get(i));
    }
  }

  /// z ← x / m, element by element. Modified: z.
  static void divide(Doubles x, Doubles m, Doubles z) {
    for (long i = 0; i < z.length(); i++) {
      z.set(i, x.get(i) / m.get(i));
    }
  }

  /// √Σ x(i)²/m(i).
  static double normIn(Doubles x, Doubles m) {
    double sum = 0;
    for (long i = 0; i < x.length(); i++) {
      sum += x.get(i) / m.get(i) * x.get(i);
    }
    return Math.sqrt(sum);
  }
}
