package org.strait.engine.exchange;

/// How many data centres must be left for an exchange to go on when others are lost. Only a
/// majority, or more, is safe against a network that falls into two halves: with less, both halves
/// go on with models of their own.
///
/// @param word {@code majority}, {@code all} or a number
/// @param least fewest data centres; 0 for a majority: more than half of all, or half with DC 0
public record Quorum(String word, int least) {
  /// Every loss ends the exchange.
  public static final Quorum ALL = new Quorum("all", Integer.MAX_VALUE);

  /// More than half, or half with the first data centre.
  public static final Quorum MAJORITY = new Quorum("majority", 0);

  /// Reads {@code majority}, {@code all} or a number.
  public static Quorum parse(String word) {
    return switch (word) {
      case "all" -> ALL;
      case "majority" -> MAJORITY;
      default -> {
        if (!word.matches("[1-9]\\d{0,8}")) {
          throw new IllegalArgumentException(
              "unknown quorum \"" + word + "\"; known: majority, all, a number from 1");
        }
        yield new Quorum(word, Integer.parseInt(word));
      }
    };
  }

  /// Whether these may go on.
  ///
  /// @param there by DC
  boolean met(boolean[] there) {
    int count = 0;
    for (boolean one : there) {
      count += one ? 1 : 0;
    }
    int dcs = there.length;
    if (least > 0) {
      return count >= Math.min(least, dcs);
    }
    return 2 * count > dcs || (2 * count == dcs && there[0]);
  }
}
