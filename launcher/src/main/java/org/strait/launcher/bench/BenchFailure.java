package org.strait.launcher.bench;

/// A measurement could not go on because a process that took part was lost. One line says which.
public final class BenchFailure extends RuntimeException {
  private static final long serialVersionUID = 1L;

  /// @param message who was lost, and at what
  public BenchFailure(String message) {
    super(message.strip().replaceAll("\\s*\\R\\s*", " "));
  }
}
