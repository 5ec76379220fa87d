package org.strait.launcher.config;

import java.nio.file.AccessDeniedException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.FileSystemException;
import java.nio.file.NoSuchFileException;

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

  /// What the system refused with a file.
  public static UserMistake of(FileSystemException e) {
    return new UserMistake(reason(e), "check the path, its permissions and the room on the disk");
  }

  /// The file and why, in words.
  public static String reason(FileSystemException e) {
    String file = e.getFile();
    return switch (e) {
      case NoSuchFileException _ -> "there is no file " + file;
      case FileAlreadyExistsException _ -> file + " is there already, and is no folder";
      case AccessDeniedException _ -> "no permission for " + file;
      default -> file + ": " + (e.getReason() == null ? e.toString() : e.getReason());
    };
  }

  private static String oneLine(String text) {
    return text.strip().replaceAll("\\s*[\\r\\n]+\\s*", " ");
  }
}
