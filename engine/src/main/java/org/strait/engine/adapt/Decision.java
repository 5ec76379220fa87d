package org.strait.engine.adapt;

import java.util.Locale;

/// What came of one sample.
///
/// @param round rounds that were done
/// @param figures agreed
/// @param poor whether the guard found the mean too far from the dense one
/// @param before setting of the rounds that were sampled
/// @param was the same in words
/// @param after setting of the next rounds
/// @param is the same in words
public record Decision(
    long round,
    Figures figures,
    boolean poor,
    Setting before,
    String was,
    Setting after,
    String is) {
  /// Whether anything changes.
  public boolean changes() {
    return !before.equals(after);
  }

  /// One line for people.
  public String line() {
    String seen =
        Double.isNaN(figures.error())
            ? ""
            : String.format(
                Locale.ROOT,
                "the mean is %.0f %% from the dense one%s; ",
                100 * figures.error(),
                poor ? ", too far" : "");
    String what = changes() ? was + " -> " + is : "stays at " + is;
    return "round "
        + round
        + ": "
        + (poor ? "guard: " : "")
        + seen
        + String.format(
            Locale.ROOT,
            "computing %.1f ms, exchange %.1f ms, payload %.0f bytes; ",
            1e3 * figures.computeSeconds(),
            1e3 * figures.exchangeSeconds(),
            figures.payloadBytes())
        + what;
  }
}
