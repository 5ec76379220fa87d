package org.strait.kernels;

/// A backend cannot run on this machine; the message is one sentence for the user.
public final class BackendUnavailableException extends Exception {
  private static final long serialVersionUID = 1L;

  /// @param reason what is missing, without the backend's name
  public BackendUnavailableException(String reason) {
    super(reason);
  }

  /// @param reason what is missing, without the backend's name
  /// @param cause what was thrown while looking for it
  public BackendUnavailableException(String reason, Throwable cause) {
    super(reason, cause);
  }
}
