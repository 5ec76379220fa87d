package org.strait.engine.exchange;

/// When the result of a round of an exchange is taken: how many later rounds may begin before it.
///
/// @param ahead rounds that may be under way when the next one is begun, 0 for none
/// @param inStep whether each result is taken exactly {@code ahead} rounds later, so that a run is
///     repeated bit for bit; else as soon as it is there, so that a fast data centre waits for a
///     slow one only if it would be more than {@code ahead} rounds before it (stale synchronous
///     parallel, Ho et al. NIPS 2013; the selective barrier of Gaia, Hsieh et al. NSDI 2017, 4.3)
public record Timing(int ahead, boolean inStep) {
  /// Nobody computes while a round travels.
  public static final Timing SYNC = new Timing(0, true);

  private static final int MOST = 64;

  /// Checks the bound.
  public Timing {
    if (ahead < 0 || ahead > MOST) {
      throw new IllegalArgumentException(
          "rounds ahead are " + ahead + ", must be 0 to " + MOST + " (--timing)");
    }
  }

  /// Reads {@code sync}, {@code overlap} (one round travels while the next one computes) or {@code
  /// stale:S}.
  ///
  /// @throws IllegalArgumentException if it is none of these
  public static Timing parse(String word) {
    if (word.equals("sync")) {
      return SYNC;
    }
    if (word.equals("overlap")) {
      return new Timing(1, true);
    }
    if (word.matches("stale:\\d{1,4}")) {
      return new Timing(Integer.parseInt(word.substring("stale:".length())), false);
    }
    throw new IllegalArgumentException(
        "timing is \"" + word + "\"; known: sync, overlap, stale:ROUNDS such as stale:3");
  }

  @Override
  public String toString() {
    return inStep
        ? (ahead == 0 ? "sync" : ahead == 1 ? "overlap" : "late:" + ahead)
        : "stale:" + ahead;
  }
}
