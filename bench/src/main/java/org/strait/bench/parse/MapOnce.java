package org.strait.bench.parse;

import java.nio.file.Path;
import java.util.function.Consumer;
import org.strait.engine.data.RowFile;
import org.strait.engine.data.RowSettings;

/// What the first mapping of a cache costs a process that has just started: prints the nanoseconds
/// and the number of rows, or nothing if there is no cache.
public final class MapOnce {
  private MapOnce() {}

  /// Maps once.
  ///
  /// @param arguments the data file and the number of threads
  @SuppressWarnings("SystemOut") // read by the bench
  public static void main(String[] arguments) {
    RowSettings settings = new RowSettings("libsvm", "", Integer.parseInt(arguments[1]), true);
    Path text = Path.of(arguments[0]);
    Consumer<String> nobody = line -> {};
    long from = System.nanoTime();
    try (RowFile rows = RowFile.open(text, settings, nobody)) {
      long nanos = System.nanoTime() - from;
      if (rows.mapped()) {
        System.out.println(nanos + " " + rows.data().rows());
      }
    }
  }
}
