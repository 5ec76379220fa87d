package org.strait.engine.compress.entropy;

/// Coded symbols that no encoder writes; the message says where, what is there, and what was
/// expected.
public final class CorruptStreamException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  /// @param message where, what is there, what was expected
  public CorruptStreamException(String message) {
    super(message);
  }
}
