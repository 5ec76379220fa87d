package org.strait.engine.data;

import java.nio.file.Path;
import org.strait.memory.HostMemory;

/// Reads CSV text, plain or gzip-compressed: one row a line, every cell a number; cells may be
/// quoted. Columns become features in their order, without the label's. Which column that is, and
/// whether the first line is a header, says {@link CsvColumns}. An empty cell is an error: only the
/// user knows what it stands for.
public final class CsvReader {
  private CsvReader() {}

  /// All rows of a file.
  ///
  /// @param file what to read
  /// @param label name or number of the label's column, {@code none}, or empty for the usual names
  /// @param threads how many scan, the caller included; the rows are the same for any number
  /// @param memory owner of the rows
  /// @throws DataException if the file is not what it should be; names file, line, column of bytes
  ///     and column of the table
  public static Dataset read(Path file, String label, int threads, HostMemory memory) {
    return read(file, new RowSettings("csv", label, threads, false), memory);
  }

  /// All rows of a file, read as settings say.
  static Dataset read(Path file, RowSettings settings, HostMemory memory) {
    CsvColumns columns = CsvColumns.of(file, settings);
    int threads = settings.threads();
    try (TextBlocks blocks = FileSource.blocks(file, threads)) {
      Dataset rows =
          RowText.read(file.toString(), blocks, () -> new CsvScanner(columns), threads, memory);
      if (columns.weight() < 0) {
        return rows.withFeatures(columns.features());
      }
      // The scanner puts weights after all features.
      return rows.withFeatures(columns.features() + 1).columnAsWeights(columns.features(), memory);
    }
  }
}
