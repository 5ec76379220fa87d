package org.strait.engine.rendezvous;

/// Ranks did not find each other; the message says who waited for what and for how long.
public class RendezvousException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  /// @param message one sentence for the user
  public RendezvousException(String message) {
    super(message);
  }

  /// @param message one sentence for the user
  /// @param cause what was thrown underneath
  public RendezvousException(String message, Throwable cause) {
    super(message, cause);
  }
}
