package org.strait.engine.ledger;

/// A ledger cannot be written. The message names the file, what is wrong and what to do.
public final class LedgerException extends IllegalStateException {
  private static final long serialVersionUID = 1L;

  /// @param message one sentence for the user
  /// @param cause what was thrown underneath
  public LedgerException(String message, Throwable cause) {
    super(message, cause);
  }
}
