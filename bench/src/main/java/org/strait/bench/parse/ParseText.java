package org.strait.bench.parse;

import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import org.strait.bench.kernels.SparseRows;
import org.strait.bench.run.BenchCase;
import org.strait.engine.data.Dataset;
import org.strait.memory.HostMemory;

/// A generated file of LIBSVM text, there until closed.
public final class ParseText implements AutoCloseable {
  private static final int FEATURES = 1_000_000;

  private final Path file;
  private final ParseCase.Sums sums;

  /// Writes 320 MB, or 20 MB if quick.
  public ParseText(boolean quick, Path folder) throws IOException {
    file = folder.resolve("generated.libsvm");
    try (HostMemory memory = HostMemory.unlimited("rows to write")) {
      SparseRows rows = new SparseRows(quick ? 31_250 : 500_000, FEATURES, 1, memory);
      SparseText.write(rows.matrix(), rows.labels(), file);
      sums = ParseCase.Sums.of(new Dataset("generated", rows.matrix(), rows.labels()));
    }
  }

  /// Reading it.
  ///
  /// @param liblinear the program, if it is to be measured
  public BenchCase reading(Optional<Path> liblinear) {
    return new ParseCase(file, FEATURES, sums, liblinear);
  }

  @Override
  public void close() throws IOException {
    Files.delete(file);
    try (DirectoryStream<Path> caches =
        Files.newDirectoryStream(
            file.toAbsolutePath().getParent(), file.getFileName() + ".*.strait-rows")) {
      for (Path cache : caches) {
        Files.delete(cache);
      }
    }
  }
}
