package org.strait.engine.adapt;

/// The one choice of a controller.
public final class Controllers {
  private Controllers() {}

  /// A controller by name.
  ///
  /// @param name {@code time}, {@code time:SHARE} (the exchange takes at most that part of the time
  ///     of computing, 1 if not given) or {@code bytes}
  /// @throws IllegalArgumentException if it is none of these; the message names them
  public static Controller named(String name) {
    String word = name.replaceFirst(":.*", "");
    return switch (word) {
      case "time" -> new TimeShare(share(name, word));
      case "bytes" -> new FewBytes(name);
      default -> throw unknown(name);
    };
  }

  private static double share(String name, String word) {
    if (name.equals(word)) {
      return 1;
    }
    try {
      return Double.parseDouble(name.substring(word.length() + 1));
    } catch (NumberFormatException e) {
      throw unknown(name);
    }
  }

  static IllegalArgumentException unknown(String name) {
    return new IllegalArgumentException(
        "unknown choice \"" + name + "\"; known: off, bytes, time, time:SHARE such as time:0.5");
  }
}
