package org.strait.launcher.start;

import java.io.File;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import org.strait.launcher.config.UserMistake;

/// Programs of this machine.
public final class Programs {
  private Programs() {}

  /// The file of a program: the one named if there is a slash in it, else the first on the PATH.
  public static Optional<Path> find(String program, Map<String, String> environment) {
    if (program.contains("/")) {
      return Optional.of(Path.of(program)).filter(Files::isExecutable);
    }
    for (String folder : environment.getOrDefault("PATH", "").split(File.pathSeparator, -1)) {
      Path file = Path.of(folder.isEmpty() ? "." : folder, program);
      if (Files.isExecutable(file) && !Files.isDirectory(file)) {
        return Optional.of(file);
      }
    }
    return Optional.empty();
  }

  /// @throws UserMistake if the program is not there
  static void check(String program, Map<String, String> environment) {
    if (find(program, environment).filter(file -> !Files.isDirectory(file)).isEmpty()) {
      throw new UserMistake(
          "cannot start " + program + ": there is no such program",
          "give a program that can be run");
    }
  }

  /// The first of several that is there.
  ///
  /// @throws UserMistake if none is; the remedy says what to install
  static String firstOf(Map<String, String> environment, String remedy, String... programs) {
    for (String program : programs) {
      if (find(program, environment).isPresent()) {
        return program;
      }
    }
    throw new UserMistake("there is no " + String.join(" or ", programs) + " on the PATH", remedy);
  }
}
