package org.strait.launcher.config;

import org.strait.engine.topology.Link;

/// How many TCP connections a real link gets if nobody says. A connection that loses a share p of
/// its segments carries about 1.22·MSS/(RTT·√p) (Mathis, Semke, Mahdavi, Ott, CCR 1997), whatever
/// the link could; long links lose some. So there are as many as fill the link at {@value #LOSS}.
final class LinkStreams {
  private static final double LOSS = 1e-4;
  private static final double SEGMENT_BITS = 8 * 1448;
  private static final double MATHIS = 1.22;
  private static final int MOST = 16;

  /// Without a bandwidth or a delay nobody can compute; a few carry a message of 50 kB in the first
  /// round trip, and cost nothing.
  private static final int UNKNOWN = 4;

  private LinkStreams() {}

  static int auto(Link link) {
    if (link.delayNanos() == 0 || link.bitsPerSecond() == 0) {
      return UNKNOWN;
    }
    double roundTripSeconds = 2 * link.delayNanos() * 1e-9;
    double one = MATHIS * SEGMENT_BITS / (roundTripSeconds * Math.sqrt(LOSS));
    return Math.clamp((long) Math.ceil(link.bitsPerSecond() / one), 1, MOST);
  }
}
