package org.strait.engine.exchange;

/// Data centres cannot exchange: they disagree on the job, or one sent what it must not. The
/// message names the DC and both values. The exchange is unusable afterwards.
public final class ExchangeException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  /// @param message one sentence for the user
  public ExchangeException(String message) {
    super(message);
  }

  /// @param message one sentence for the user
  /// @param cause what was thrown underneath
  public ExchangeException(String message, Throwable cause) {
    super(message, cause);
  }
}
