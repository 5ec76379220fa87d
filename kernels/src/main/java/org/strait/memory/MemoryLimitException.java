package org.strait.memory;

/// An owner's limit, or the system's memory, is used up; the message names the owner and says how
/// many bytes were asked for and how many are in use.
public final class MemoryLimitException extends IllegalStateException {
  private static final long serialVersionUID = 1L;

  MemoryLimitException(String message) {
    super(message);
  }

  MemoryLimitException(String message, Throwable cause) {
    super(message, cause);
  }
}
