package org.strait.engine.transport;

import java.util.SplittableRandom;

/// When bytes that enter a link leave it. A link sends one piece after the other: a piece departs
/// when the one before is out, is on the line for its bits divided by the bandwidth
/// (serialisation), and arrives one delay later. If one of its packets is lost it arrives a round
/// trip later, and nothing behind it arrives before: what TCP's fast retransmission costs whoever
/// reads in order. Which bytes are lost depends on the seed alone, not on how they are cut into
/// pieces. Knows no clock: the caller says what time it is, in nanoseconds of any origin. Fractions
/// of a nanosecond are carried, so a long transfer takes exactly its bits divided by the bandwidth.
final class LinkSchedule {
  /// Least time in which a loss is noticed and mended, on short links too.
  private static final long LEAST_REPAIR_NANOS = 10_000_000L;

  private static final long BITS_PER_BYTE_TIMES_NANOS = 8_000_000_000L;

  private final LinkShape shape;
  private final SplittableRandom random;
  private final SplittableRandom losses;
  private boolean used;
  private long freeNanos;
  private long carry; // in nanoseconds / bitsPerSecond
  private long lastArrivalNanos;
  private long bytesUntilLoss = Long.MAX_VALUE;

  LinkSchedule(LinkShape shape) {
    this.shape = shape;
    this.random = new SplittableRandom(shape.seed());
    this.losses = new SplittableRandom(~shape.seed());
    if (shape.loss() > 0) {
      bytesUntilLoss = drawLoss();
    }
  }

  /// Enters a piece and returns the time at which its last byte arrives.
  ///
  /// @param bytes at most 2^30
  long arrivalNanos(long nowNanos, long bytes) {
    if (!used || nowNanos - freeNanos > 0) {
      freeNanos = nowNanos;
      carry = 0;
    }
    if (shape.bitsPerSecond() > 0) {
      long scaled = Math.addExact(Math.multiplyExact(bytes, BITS_PER_BYTE_TIMES_NANOS), carry);
      freeNanos += scaled / shape.bitsPerSecond();
      carry = scaled % shape.bitsPerSecond();
    }
    long arrival = freeNanos + shape.delayNanos();
    if (shape.jitterNanos() > 0) {
      arrival += random.nextLong(shape.jitterNanos() + 1);
    }
    if (bytesUntilLoss < bytes) {
      arrival += Math.max(2 * shape.delayNanos(), LEAST_REPAIR_NANOS);
      while (bytesUntilLoss < bytes) {
        bytesUntilLoss += drawLoss();
      }
    }
    bytesUntilLoss -= shape.loss() > 0 ? bytes : 0;
    if (used && arrival - lastArrivalNanos < 0) {
      arrival = lastArrivalNanos;
    }
    used = true;
    lastArrivalNanos = arrival;
    return arrival;
  }

  /// Bytes up to the next lost packet: geometric in packets.
  private long drawLoss() {
    double packets = Math.log(1 - losses.nextDouble()) / Math.log1p(-shape.loss());
    return LinkShape.PACKET_BYTES * (1 + (long) packets);
  }
}
