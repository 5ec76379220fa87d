package org.strait.bench.run;

import java.util.List;
import org.strait.memory.HostMemory;

/// Work of one shape.
public interface BenchCase {
  /// Name for the rows, with the shape.
  String name();

  /// What its bouts are compared with, so that it can be measured before they take memory.
  Limit limit();

  /// Makes the operands and a bout for every number of threads that makes sense; may be none.
  ///
  /// @param place what to measure with
  /// @param memory owner of the operands, closed after the bouts
  List<Bout> bouts(Workplace place, HostMemory memory);
}
