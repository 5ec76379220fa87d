package org.strait.engine.checkpoint;

/// A checkpoint cannot be written, or is not one to go on from. The message names the file, what is
/// wrong and what to do.
public final class CheckpointException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  /// @param message one sentence for the user
  public CheckpointException(String message) {
    super(message);
  }

  /// @param message one sentence for the user
  /// @param cause what was thrown underneath
  public CheckpointException(String message, Throwable cause) {
    super(message, cause);
  }
}
