package org.strait.launcher.config;

/// Words of commands that users are shown.
public final class ShellWord {
  private ShellWord() {}

  /// The word as it is typed in a shell: in quotes if it needs them.
  public static String of(Object word) {
    String text = word.toString();
    return text.matches("[A-Za-z0-9_./:@%+,=-]+") ? text : "'" + text.replace("'", "'\\''") + "'";
  }
}
