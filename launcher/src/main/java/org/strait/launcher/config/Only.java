package org.strait.launcher.config;

import java.util.List;

/// A training for comparison, in one place: on the rows of one data centre alone, or on all rows
/// together, of those that a training over all data centres would have.
///
/// @param name of the data centre, or {@link #ALL}
/// @param dcs all data centres
/// @param ranks of each
public record Only(String name, List<String> dcs, List<Integer> ranks) {
  /// The rows of all.
  public static final String ALL = "all";

  private static final String OF = " of ";

  /// Copies the lists.
  public Only {
    dcs = List.copyOf(dcs);
    ranks = List.copyOf(ranks);
  }

  /// Whether a setting was written by {@link #toString}.
  static boolean isWhole(String text) {
    return text.contains(OF);
  }

  /// The inverse of {@link #toString}.
  static Only parse(String text) {
    String[] parts = text.split(OF, 2);
    List<String> all = List.of(parts[1].split(",", -1));
    return new Only(
        parts[0],
        all.stream().map(dc -> dc.split(":", 2)[0]).toList(),
        all.stream().map(dc -> Integer.parseInt(dc.split(":", 2)[1])).toList());
  }

  /// Whether it is all rows together.
  public boolean isAll() {
    return name.equals(ALL);
  }

  /// Number of the data centre; -1 for all.
  public int index() {
    return dcs.indexOf(name);
  }

  /// For instance {@code a of a:1,b:2}.
  @Override
  public String toString() {
    StringBuilder text = new StringBuilder(name).append(OF);
    for (int i = 0; i < dcs.size(); i++) {
      text.append(i == 0 ? "" : ",").append(dcs.get(i)).append(':').append(ranks.get(i));
    }
    return text.toString();
  }
}
