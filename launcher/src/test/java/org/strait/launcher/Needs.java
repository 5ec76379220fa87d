package org.strait.launcher;

import java.io.File;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Assertions;
import org.junit.jupiter.api.Assumptions;

/// What a test needs of the machine. It is skipped without, and says so; with CI=true it fails.
final class Needs {
  private Needs() {}

  /// A program on the PATH or among the system's.
  static Path program(String name, String debianPackage) {
    for (String folder :
        (System.getenv("PATH") + File.pathSeparator + "/usr/sbin").split(":", -1)) {
      Path file = Path.of(folder, name);
      if (Files.isExecutable(file)) {
        return file;
      }
    }
    missing("no program " + name + " (Debian: apt-get install " + debianPackage + ")");
    throw new AssertionError();
  }

  /// A file of the system.
  static void file(String path, String debianPackage) {
    if (!Files.isReadable(Path.of(path))) {
      missing("no " + path + " (Debian: apt-get install " + debianPackage + ")");
    }
  }

  /// The superuser.
  static void root() {
    if (!System.getProperty("user.name").equals("root")) {
      missing("this test needs root");
    }
  }

  private static void missing(String why) {
    if ("true".equals(System.getenv("CI"))) {
      Assertions.fail(why);
    }
    Assumptions.abort(why);
  }
}
