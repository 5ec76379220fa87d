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
/// @param jitterNanos largest random addition to the delay
/// @param loss share of packets that are lost and sent again, below 1
/// @param streams connections between the two gateways; 0 if nobody says
public record Link(
    String from,
    String to,
    long delayNanos,
    long bitsPerSecond,
    double pricePerGigabyte,
    long jitterNanos,
    double loss,
    int streams) {
  /// Checks signs.
  public Link {
    if (delayNanos < 0
        || bitsPerSecond < 0
        || !(pricePerGigabyte >= 0)
        || jitterNanos < 0
        || streams < 0) {
      throw new IllegalArgumentException(
          "link "
              + from
              + " -> "
              + to
              + ": delay, bandwidth, price, jitter and streams must not be negative");
    }
    if (!(loss >= 0 && loss < 1)) {
      throw new IllegalArgumentException(
          "link " + from + " -> " + to + ": a loss of " + loss + " is not in 0 … 1");
    }
  }

  /// A link without jitter and loss.
  public Link(
      String from, String to, long delayNanos, long bitsPerSecond, double pricePerGigabyte) {
    this(from, to, delayNanos, bitsPerSecond, pricePerGigabyte, 0, 0, 0);
  }

  /// The same with a number of connections.
  public Link withStreams(int count) {
    return new Link(
        from, to, delayNanos, bitsPerSecond, pricePerGigabyte, jitterNanos, loss, count);
  }

  /// Whether the transport has anything to emulate on this link.
  public boolean shaped() {
    return delayNanos > 0 || bitsPerSecond > 0 || jitterNanos > 0 || loss > 0;
  }
}
