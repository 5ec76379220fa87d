package org.strait.launcher.config;

import java.nio.file.Path;
import java.util.List;

/// One setting as written, not yet checked.
///
/// @param key which setting
/// @param values the words given; one, or several for a list
/// @param where where it stands, as an error message begins: `job.yaml:3:5 rounds` or `--rounds`
/// @param folder what relative paths are relative to
public record Setting(JobKey key, List<String> values, String where, Path folder) {
  /// Copies the words.
  public Setting {
    values = List.copyOf(values);
  }

  /// The single word.
  String value() {
    return values.getFirst();
  }

  /// A complaint about this setting.
  UserMistake mistake(String what, String remedy) {
    return new UserMistake(where + ": " + what, remedy);
  }

  /// A complaint whose message holds what is wrong and, after "; ", what to do.
  static UserMistake mistake(String where, IllegalArgumentException e) {
    String[] parts = e.getMessage().split("; ", 2);
    return new UserMistake(where + ": " + parts[0], parts.length > 1 ? parts[1] : "correct it");
  }
}
