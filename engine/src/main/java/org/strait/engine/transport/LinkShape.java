package org.strait.engine.transport;

/// How slow an outgoing link is to be made.
///
/// @param delayNanos one-way delay
/// @param bitsPerSecond bandwidth, 0 for as fast as it is
/// @param jitterNanos largest random addition to the delay of a piece; order is kept, as TCP does
/// @param seed of the jitter
public record LinkShape(long delayNanos, long bitsPerSecond, long jitterNanos, long seed) {
  /// A link that is left as it is.
  public static final LinkShape NONE = new LinkShape(0, 0, 0, 0);

  /// Checks signs.
  public LinkShape {
    if (delayNanos < 0 || bitsPerSecond < 0 || jitterNanos < 0) {
      throw new IllegalArgumentException(
          "a link's delay, bandwidth and jitter must not be negative: "
              + delayNanos
              + " ns, "
              + bitsPerSecond
              + " bit/s, "
              + jitterNanos
              + " ns");
    }
  }

  /// Whether there is anything to emulate.
  public boolean shaped() {
    return delayNanos > 0 || bitsPerSecond > 0 || jitterNanos > 0;
  }
}
