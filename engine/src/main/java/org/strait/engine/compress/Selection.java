package org.strait.engine.compress;

import java.util.List;
import org.strait.memory.Floats;
import org.strait.memory.Ints;

/// Which elements of a vector travel. One instance serves one compressor; picking allocates
/// nothing.
interface Selection {
  /// Words of the specification, for the compressor's name.
  String name();

  /// Most elements of a pick.
  long most();

  /// Finds elements and leaves their ascending indices and values in {@link #indices} and {@link
  /// #values}; returns how many.
  ///
  /// @param vector finite
  long pick(Floats vector);

  /// Room for {@link #most} indices.
  Ints indices();

  /// Room for as many values.
  Floats values();

  /// How small a remainder later picks must leave; of no effect if something else decides.
  default void tolerate(double residualNorm) {}

  /// What the size of elements is compared with; of no effect if nothing is.
  default void reference(Floats weights) {}

  /// State between rounds.
  default List<Floats> memories() {
    return List.of();
  }
}
