package org.strait.engine.topology;

/// What one ordered pair of data centres has between it. Used to shape links in one launch, and for
/// prices.
///
/// @param from sending DC
/// @param to receiving DC
/// @param delayNanos one-way delay; 0 leaves it as it is
/// @param bitsPerSecond bandwidth of the link; 0 leaves it as it is
/// @param pricePerGigabyte price of 10^9 bytes leaving {@code from} towards {@code to}, in the
///     topology's currency
public record Link(
    String from, String to, long delayNanos, long bitsPerSecond, double pricePerGigabyte) {
  /// Checks signs.
  public Link {
    if (delayNanos < 0 || bitsPerSecond < 0 || !(pricePerGigabyte >= 0)) {
      throw new IllegalArgumentException(
          "link " + from + " -> " + to + ": delay, bandwidth and price must not be negative");
    }
  }

  /// Whether the transport has anything to emulate on this link.
  public boolean shaped() {
    return delayNanos > 0 || bitsPerSecond > 0;
  }
}
