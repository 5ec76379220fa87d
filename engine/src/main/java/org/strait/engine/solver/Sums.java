package org.strait.engine.solver;

import org.strait.memory.Doubles;

/// Sums over all ranks that share an objective. All ranks call the same in the same order with the
/// same lengths and leave with the same bits.
public interface Sums {
  /// Replaces a gradient and a few scalars by their sums over all ranks. The gradient is exact to
  /// what float64 sums are, or its error shrinks with the difference to the one before. Modified:
  /// both.
  void gradient(Doubles vector, Doubles scalars);

  /// Replaces a product or a diagonal by its sum over all ranks; a relative error of 2^-24 of each
  /// part is allowed. Modified: vector.
  void product(Doubles vector);

  /// Replaces scalars by their sums in float64. Modified: scalars.
  void scalars(Doubles scalars);

  /// Number of data centres that the ranks are in.
  int sites();

  /// Replaces a vector by its sum over the ranks of this data centre alone. Modified: vector.
  void inside(Doubles vector);

  /// Replaces a vector that all ranks of a data centre have alike by its sum over data centres; a
  /// relative error of 2^-24 of each part is allowed. Modified: vector.
  void between(Doubles vector);

  /// The sums of a single rank.
  static Sums alone() {
    return new Sums() {
      @Override
      public void gradient(Doubles vector, Doubles scalars) {}

      @Override
      public void product(Doubles vector) {}

      @Override
      public void scalars(Doubles scalars) {}

      @Override
      public int sites() {
        return 1;
      }

      @Override
      public void inside(Doubles vector) {}

      @Override
      public void between(Doubles vector) {}
    };
  }
}
