package org.strait.engine.transport;

/// How slow an outgoing link is to be made.
///
/// @param delayNanos one-way delay
/// @param bitsPerSecond bandwidth, 0 for as fast as it is
/// @param jitterNanos largest random addition to the delay of a piece; order is kept, as TCP does
/// @param loss share of packets of {@value #PACKET_BYTES} bytes that are lost: what comes behind
///     one
///     waits for it to be sent again, at least one round trip
/// @param seed of jitter and losses
public record LinkShape(
    long delayNanos, long bitsPerSecond, long jitterNanos, double loss, long seed) {
  /// Bytes of a packet, of which some are lost.
  static final int PACKET_BYTES = 1448;

  /// A link that is left as it is.
  public static final LinkShape NONE = new LinkShape(0, 0, 0, 0);

  /// A link without losses.
  public LinkShape(long delayNanos, long bitsPerSecond, long jitterNanos, long seed) {
    this(delayNanos, bitsPerSecond, jitterNanos, 0, seed);
  }

  /// Checks signs.
  public LinkShape {
    if (!(loss >= 0 && loss < 1)) {
      throw new IllegalArgumentException("a loss of " + loss + " is not in 0 … 1");
    }
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
    return delayNanos > 0 || bitsPerSecond > 0 || jitterNanos > 0 || loss > 0;
  }
}
