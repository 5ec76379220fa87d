package org.strait.kernels;

import java.util.Comparator;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;

/// What was asked for, family by family: {@code NAME}, {@code FAMILY=NAME} or several of them with
/// commas between. A name alone holds for all families that are not named, else {@code auto} does.
///
/// @param text as written
/// @param byFamily a name for every family
record AskedBackends(String text, Map<Family, String> byFamily) {
  static final String AUTO = "auto";

  /// Reads and checks; nothing is loaded.
  ///
  /// @param known names there are
  /// @throws IllegalArgumentException with one sentence that says what is wrong and what there is
  static AskedBackends parse(String text, Set<String> known) {
    Map<Family, String> byFamily = new EnumMap<>(Family.class);
    String others = null;
    for (String part : text.split(",", -1)) {
      String[] sides = part.strip().split("=", 2);
      String name = sides[sides.length - 1].strip();
      if (!known.contains(name)) {
        throw new IllegalArgumentException(unknown("backend", name, new TreeSet<>(known)));
      }
      boolean twice;
      if (sides.length == 1) {
        twice = others != null;
        others = name;
      } else {
        twice = byFamily.put(family(sides[0].strip()), name) != null;
      }
      if (twice) {
        throw new IllegalArgumentException(
            "backend \"" + text + "\" says twice who computes; keep one for each family");
      }
    }
    for (Family family : Family.values()) {
      byFamily.putIfAbsent(family, others == null ? AUTO : others);
    }
    return new AskedBackends(text, byFamily);
  }

  /// The one name for all families, if it is one.
  Optional<String> one() {
    List<String> names = byFamily.values().stream().distinct().toList();
    return names.size() == 1 ? Optional.of(names.getFirst()) : Optional.empty();
  }

  private static Family family(String key) {
    for (Family family : Family.values()) {
      if (family.key().equals(key)) {
        return family;
      }
    }
    throw new IllegalArgumentException(unknown("family of operations", key, Family.keys()));
  }

  private static String unknown(String what, String name, Iterable<String> known) {
    String nearest = null;
    Comparator<String> byEdits =
        Comparator.comparingInt(candidate -> UnknownName.edits(name, candidate));
    for (String candidate : known) {
      nearest = nearest == null || byEdits.compare(candidate, nearest) < 0 ? candidate : nearest;
    }
    return "unknown "
        + what
        + " \""
        + name
        + "\"; known: "
        + String.join(", ", known)
        + "; did you mean "
        + nearest
        + "?";
  }
}
