package org.strait.bench.train;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.strait.launcher.bench.BenchFailure;

/// A process and its time.
final class Program {
  private static final long MOST_MINUTES = 30;

  private Program() {}

  /// Runs a command to its end; returns seconds.
  ///
  /// @param out gets its standard output
  /// @param log gets what else it says
  /// @throws BenchFailure if it fails, with the last line that it said
  static double run(List<String> command, Path out, Path log) throws IOException {
    long start = System.nanoTime();
    Process process =
        new ProcessBuilder(command)
            .redirectOutput(out.toFile())
            .redirectError(log.toFile())
            .start();
    try {
      process.getOutputStream().close();
      if (!process.waitFor(MOST_MINUTES, TimeUnit.MINUTES)) {
        throw new BenchFailure(command.getFirst() + " took more than " + MOST_MINUTES + " minutes");
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new BenchFailure(command.getFirst() + " was interrupted");
    } finally {
      process.destroyForcibly();
    }
    double seconds = (System.nanoTime() - start) / 1e9;
    if (process.exitValue() != 0) {
      List<String> said = Files.readAllLines(log);
      throw new BenchFailure(
          command.getFirst()
              + " ended with exit status "
              + process.exitValue()
              + (said.isEmpty() ? "" : ": " + said.getLast()));
    }
    return seconds;
  }
}
