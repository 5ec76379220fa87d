package org.strait.launcher.meet;

import java.util.Optional;

/// Where rank 0 listens.
///
/// @param host name or address
/// @param port port
/// @param token secret of the launch; only ranks know it
public record Place(String host, int port, String token) {
  /// One line.
  String text() {
    return host + " " + port + " " + token;
  }

  /// The place that {@link #text} wrote, if it is one.
  static Optional<Place> parse(String text) {
    String[] words = text.strip().split(" ", -1);
    return words.length >= 3 && words[1].matches("\\d{1,5}")
        ? Optional.of(new Place(words[0], Integer.parseInt(words[1]), words[2]))
        : Optional.empty();
  }

  @Override
  public String toString() {
    return host + ":" + port; // the token is nobody's business
  }
}
