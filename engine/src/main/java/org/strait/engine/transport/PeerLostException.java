package org.strait.engine.transport;

import org.strait.engine.topology.Member;

/// A peer closed its connection, or was silent for longer than the deadline. The connection is
/// unusable afterwards.
public final class PeerLostException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  private final transient Member peer;
  private final String phase;
  private final long waitedNanos;
  private final String why;
  private final long receivedBytes;

  /// @param peer who was lost
  /// @param phase what this rank was doing
  /// @param waitedNanos how long this rank had waited for it
  /// @param why what was seen, for instance {@code connection closed}
  public PeerLostException(Member peer, String phase, long waitedNanos, String why) {
    this(peer, phase, waitedNanos, why, 0);
  }

  private PeerLostException(
      Member peer, String phase, long waitedNanos, String why, long receivedBytes) {
    super(
        "lost "
            + peer
            + " during "
            + phase
            + " after waiting "
            + String.format("%.1f s", waitedNanos / 1e9)
            + ": "
            + why);
    this.peer = peer;
    this.phase = phase;
    this.waitedNanos = waitedNanos;
    this.why = why;
    this.receivedBytes = receivedBytes;
  }

  /// The same, thrown while something was received from another member.
  PeerLostException whileReceiving(long bytes) {
    return new PeerLostException(peer, phase, waitedNanos, why, bytes);
  }

  /// If another member than the lost one was to be received from: bytes that came from it before,
  /// and are where they were to go.
  public long receivedBytes() {
    return receivedBytes;
  }

  /// Who was lost.
  public Member peer() {
    return peer;
  }

  /// What this rank was doing.
  public String phase() {
    return phase;
  }

  /// How long this rank had waited, in nanoseconds.
  public long waitedNanos() {
    return waitedNanos;
  }

  /// What was seen, for instance {@code connection closed}.
  public String why() {
    return why;
  }
}
