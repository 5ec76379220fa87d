package org.strait.kernels.calibration;

import java.util.EnumMap;
import java.util.Map;

/// How much of each kind of work one rank has before it in a whole job, in elements as {@link
/// Workload} counts them.
///
/// @param elements by kind; a kind that is absent does not occur
public record Work(Map<Workload, Double> elements) {
  /// Copies the map.
  public Work {
    elements = Map.copyOf(elements);
  }

  /// No work.
  public static Work none() {
    return new Work(Map.of());
  }

  /// The same and so many elements of a kind.
  public Work with(Workload kind, double count) {
    if (!(count >= 0)) {
      throw new IllegalArgumentException(count + " elements of " + kind.key());
    }
    Map<Workload, Double> more = new EnumMap<>(Workload.class);
    more.putAll(elements);
    more.put(kind, count);
    return new Work(more);
  }

  /// Elements of a kind.
  public double of(Workload kind) {
    return elements.getOrDefault(kind, 0.0);
  }
}
