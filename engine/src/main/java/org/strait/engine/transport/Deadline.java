package org.strait.engine.transport;

/// How long a wait may last without progress, and what it is part of. Time restarts whenever a byte
/// moves, so nobody has to guess how long a large message takes; only a peer that is silent for
/// {@code idleNanos} is lost.
///
/// @param phase what the rank is doing, for the error message, for instance {@code allreduce}
/// @param idleNanos longest silence
public record Deadline(String phase, long idleNanos) {
  /// A deadline in seconds.
  public static Deadline seconds(String phase, double idleSeconds) {
    return new Deadline(phase, (long) (idleSeconds * 1e9));
  }
}
