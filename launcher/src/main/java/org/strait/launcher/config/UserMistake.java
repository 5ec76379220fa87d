package org.strait.launcher.config;

/// Something the user can put right: a wrong flag, setting or file. The message is one line, "WHAT,
/// WHERE; WHAT TO DO"; nobody needs the stack trace.
public final class UserMistake extends RuntimeException {
  private static final long serialVersionUID = 1L;

  /// @param what what is wrong and where
  /// @param remedy what to do about it
  public UserMistake(String what, String remedy) {
    super(oneLine(what) + "; " + oneLine(remedy), null, false, false);
  }

  private UserMistake(String message) {
    super(oneLine(message), null, false, false);
  }

  /// What the engine found wrong with a file or a setting: its messages are of the same form.
  public static UserMistake of(RuntimeException e) {
    return new UserMistake(String.valueOf(e.getMessage()));
  }

  private static String oneLine(String text) {
    return text.strip().replaceAll("\\s*[\\r\\n]+\\s*", " ");
  }
}
