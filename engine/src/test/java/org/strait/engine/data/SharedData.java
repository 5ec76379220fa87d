package org.strait.engine.data;

import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.nio.file.Files;
import java.nio.file.Path;

/// Public data sets beside the repository; tests that need one are skipped where it is absent.
public final class SharedData {
  private SharedData() {}

  /// A file of the folder of data sets; skips the test, with the path, if it is not there.
  public static Path file(String name) {
    Path file =
        Path.of(System.getProperty("strait.root", ".."), "../shared/data", name).normalize();
    assumeTrue(Files.exists(file), "skipped: no data set at " + file);
    return file;
  }
}
