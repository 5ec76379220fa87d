package org.strait.engine.compress;

/// A payload cannot be decoded; the message says at which byte or element, what is there, and what
/// was expected. Nothing was added to any sum.
public final class PayloadException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  /// @param message where, what is there, what was expected
  public PayloadException(String message) {
    super(message);
  }
}
