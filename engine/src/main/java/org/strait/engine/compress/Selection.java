package org.strait.engine.compress;

import java.util.List;
import org.strait.memory.Floats;
import org.strait.memory.HostMemory;
import org.strait.memory.Ints;

/// Which elements of a vector travel. One instance serves one compressor; picking allocates
/// nothing.
interface Selection {
  /// Words of the specification, for the compressor's name.
  String name();

  /// Where picks are left.
  Room room();

  /// Finds elements and leaves their ascending indices and their values in the {@link #room};
  /// returns how many.
  ///
  /// @param vector finite
  long pick(Floats vector);

  /// Most elements of a pick.
  default long most() {
    return room().indices().length();
  }

  /// Later picks hold so many elements, at most {@link #most}; of no effect where something else
  /// decides.
  default void keep(long count) {}

  /// How small a remainder later picks must leave; of no effect if something else decides.
  default void tolerate(double residualNorm) {}

  /// What the size of elements is compared with; of no effect if nothing is. Returns whether it is.
  default boolean reference(Floats weights) {
    return false;
  }

  /// State between rounds.
  default List<Floats> memories() {
    return List.of();
  }

  /// Room for as many indices as values.
  record Room(Ints indices, Floats values) {
    static Room of(long most, HostMemory memory) {
      return new Room(memory.ints(most), memory.floats(most));
    }
  }
}
