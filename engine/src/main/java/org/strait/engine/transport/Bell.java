package org.strait.engine.transport;

/// Wakes the threads of one rank that wait for rings. A sleeper announces itself before it looks, a
/// ringer changes the ring before it looks for sleepers, so no wake-up is missed.
public interface Bell {
  /// Wakes all sleepers. Costs one volatile read while nobody sleeps.
  void ring();

  /// Waits until rung, but not if the pipes are {@link RingPipes#ready ready}, and at most so long;
  /// may return early.
  void await(RingPipes pipes, int from, int to, Pipes.Pending pending, long nanos)
      throws InterruptedException;
}
