package org.strait.engine.transport;

import java.util.SplittableRandom;

/// When bytes that enter a link leave it. A link sends one piece after the other: a piece departs
/// when the one before is out, is on the line for its bits divided by the bandwidth
/// (serialisation), and arrives one delay later. Knows no clock: the caller says what time it is,
/// in nanoseconds of any origin. Fractions of a nanosecond are carried, so a long transfer takes
/// exactly its bits divided by the bandwidth.
final class LinkSchedule {
  private static final long BITS_PER_BYTE_TIMES_NANOS = 8_000_000_000L;

  private final LinkShape shape;
  private final SplittableRandom random;
  private boolean used;
  private long freeNanos;
  private long carry; // in nanoseconds / bitsPerSecond
  private long lastArrivalNanos;

  LinkSchedule(LinkShape shape) {
    this.shape = shape;
    this.random = new SplittableRandom(shape.seed());
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
    if (used && arrival - lastArrivalNanos < 0) {
      arrival = lastArrivalNanos;
    }
    used = true;
    lastArrivalNanos = arrival;
    return arrival;
  }
}
