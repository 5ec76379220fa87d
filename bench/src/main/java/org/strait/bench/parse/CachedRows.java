package org.strait.bench.parse;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.concurrent.locks.LockSupport;
import org.strait.engine.data.RowFile;
import org.strait.engine.data.RowSettings;

/// Rows out of the cache that an earlier reading left beside the text.
///
/// @param text the file
/// @param threads that verify the cache
record CachedRows(Path text, int threads) {
  private static final long WRITE_NANOS = 10_000_000_000L;
  private static final long LOOK_NANOS = 200_000_000L;

  private RowFile open() {
    return RowFile.open(text, new RowSettings("libsvm", "", threads, true), line -> {});
  }

  /// Has the cache written, which waits until the text has been left alone for a while, and sums up
  /// what is in it.
  ParseCase.Sums prepare() {
    long start = System.nanoTime();
    while (System.nanoTime() - start < WRITE_NANOS) {
      try (RowFile rows = open()) {
        if (rows.mapped()) {
          return ParseCase.Sums.of(rows.data());
        }
      }
      LockSupport.parkNanos(LOOK_NANOS);
    }
    throw new IllegalStateException("no cache was written beside " + text);
  }

  /// Maps and forgets.
  double again() {
    try (RowFile rows = open()) {
      return rows.mapped() ? rows.data().rows() : 0;
    }
  }

  /// Seconds of the first mapping in a new process, its start not counted.
  double first() {
    try {
      Process process =
          new ProcessBuilder(
                  Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                  "-XX:+UseSerialGC",
                  "-XX:-UsePerfData",
                  "-Xlog:disable",
                  "-cp",
                  System.getProperty("java.class.path"),
                  MapOnce.class.getName(),
                  text.toString(),
                  Integer.toString(threads))
              .redirectError(ProcessBuilder.Redirect.DISCARD)
              .start();
      String said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
      if (process.waitFor() != 0 || said.isBlank()) {
        throw new IllegalStateException("a new process did not map the cache of " + text);
      }
      return Long.parseLong(said.strip().split(" ", 2)[0]) * 1e-9;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException("interrupted", e);
    }
  }
}
