package org.strait.engine.exchange;

/// Too few data centres are left to go on. The message names those that were lost and the quorum.
public final class QuorumLostException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  /// @param message one sentence for the user
  public QuorumLostException(String message) {
    super(message);
  }
}
