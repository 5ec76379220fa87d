package org.strait.bench.run;

/// A contender left something else behind than it should; its time is worth nothing.
public final class WrongResultException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  /// @param bout what was to be done
  /// @param who did it
  /// @param difference what was expected and what came
  public WrongResultException(Bout bout, String who, String difference) {
    super(
        "wrong result of "
            + who
            + ", case \""
            + bout.name()
            + "\", "
            + bout.threads()
            + " thread(s): "
            + difference);
  }

  /// @param who did it
  /// @param what was to be done, and where
  /// @param difference what was expected and what came
  public WrongResultException(String who, String what, String difference) {
    super("wrong result of " + who + ", " + what + ": " + difference);
  }
}
