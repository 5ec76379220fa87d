package org.strait.launcher.identity;

import java.util.Map;
import java.util.OptionalInt;
import org.strait.launcher.config.UserMistake;

/// Environment variables read as what launchers put into them.
///
/// @param values by name
record Variables(Map<String, String> values) {
  boolean has(String name) {
    return !text(name).isEmpty();
  }

  /// The value; empty if there is none.
  String text(String name) {
    return values.getOrDefault(name, "").strip();
  }

  /// The first of several that is there.
  String first(String... names) {
    for (String name : names) {
      if (has(name)) {
        return text(name);
      }
    }
    return "";
  }

  /// A whole number of at least 0, if there is one.
  ///
  /// @throws UserMistake if there is something else
  OptionalInt number(String name) {
    String text = text(name);
    if (text.isEmpty()) {
      return OptionalInt.empty();
    }
    try {
      return OptionalInt.of(Integer.parseUnsignedInt(text));
    } catch (NumberFormatException e) {
      throw new UserMistake(
          name + " is \"" + text + "\", not a number", "start through the launcher, or unset it");
    }
  }

  /// A number that must be there because another variable is.
  int needed(String name, String because) {
    return number(name)
        .orElseThrow(
            () ->
                new UserMistake(
                    because + " is set, but " + name + " is not",
                    "start through the launcher, or unset " + because));
  }
}
