package org.strait.engine.data;

import java.io.InputStream;
import java.nio.file.Path;
import org.strait.memory.HostMemory;

/// Reads LIBSVM text, plain or gzip-compressed (told apart by the content). A row is a line {@code
/// LABEL INDEX:VALUE INDEX:VALUE …} with indices from 1, ascending; a row may have a label only.
/// Blank lines, comments from {@code #} to the end of the line, CR LF and a missing last line end
/// are fine. Labels are left as they are in the file: see {@link Labels}.
public final class LibSvmReader {
  private LibSvmReader() {}

  /// All rows of a file; features is the largest index that occurs.
  ///
  /// @param file what to read
  /// @param memory owner of the rows
  /// @throws DataException if the file is not what it should be; names file, line and column
  public static Dataset read(Path file, HostMemory memory) {
    return read(file, 1, memory);
  }

  /// All rows of a file, scanned by several threads; a compressed one is inflated by one more. The
  /// same rows and the same complaints for any number of threads.
  ///
  /// @param file what to read
  /// @param threads how many scan, the caller included
  /// @param memory owner of the rows
  /// @throws DataException if the file is not what it should be; names file, line and column
  public static Dataset read(Path file, int threads, HostMemory memory) {
    try (TextBlocks blocks = FileSource.blocks(file, threads)) {
      return RowText.read(file.toString(), blocks, LibSvmScanner::new, threads, memory);
    }
  }

  /// All rows of a stream of plain text.
  ///
  /// @param source name of the stream, for messages
  /// @param in what to read, to its end; not closed
  /// @param memory owner of the rows
  /// @throws DataException if the text is not what it should be; names source, line and column
  public static Dataset read(String source, InputStream in, HostMemory memory) {
    try (TextBlocks blocks = new StreamBlocks(in, 1, false)) {
      return RowText.read(source, blocks, LibSvmScanner::new, 1, memory);
    }
  }
}
