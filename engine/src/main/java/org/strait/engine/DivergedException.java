package org.strait.engine;

/// Training left the numbers: the objective is infinite or not a number. The message says in which
/// round, and what to change.
public final class DivergedException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  DivergedException(String message) {
    super(message);
  }
}
