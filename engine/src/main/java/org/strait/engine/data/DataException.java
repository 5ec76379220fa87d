package org.strait.engine.data;

/// Something is wrong with a file of the user. The message is one line, {@code WHERE: what; what to
/// do}, where WHERE is the file and, if known, line and column: {@code FILE:line:column}, both from
/// 1, the column in bytes.
public final class DataException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  /// @param where file, or file:line:column
  /// @param what what was found, and what was expected
  /// @param remedy what the user can do
  public DataException(String where, String what, String remedy) {
    super(where + ": " + what + "; " + remedy);
  }

  /// @param where file, or file:line:column
  /// @param what what was found, and what was expected
  /// @param remedy what the user can do
  /// @param cause what was thrown underneath
  public DataException(String where, String what, String remedy, Throwable cause) {
    super(where + ": " + what + "; " + remedy, cause);
  }
}
