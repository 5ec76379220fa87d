package org.strait.engine.disk;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;

/// Files that are there whole or not at all: written aside, forced to the disk, renamed. A crash
/// leaves what was there before, or the whole new file.
public final class WholeFile {
  /// What writes the file's bytes.
  @FunctionalInterface
  public interface Content {
    void write(FileChannel out) throws IOException;
  }

  private WholeFile() {}

  /// Writes a file; an existing one is replaced.
  ///
  /// @param file in a folder that is made if it is missing; for a moment {@code .NAME.writing} is
  ///     there too
  /// @throws IOException if the disk refuses; what was there before stays
  public static void write(Path file, Content content) throws IOException {
    Path folder = file.getParent();
    Path aside = folder.resolve("." + file.getFileName() + ".writing");
    Files.createDirectories(folder);
    try {
      try (FileChannel out =
          FileChannel.open(
              aside,
              StandardOpenOption.CREATE,
              StandardOpenOption.TRUNCATE_EXISTING,
              StandardOpenOption.WRITE)) {
        content.write(out);
        out.force(true);
      }
      Files.move(aside, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
    } finally {
      Files.deleteIfExists(aside);
    }
    force(folder);
  }

  /// Makes the move durable, where folders can be opened: not on Windows.
  private static void force(Path folder) throws IOException {
    if (folder.getFileSystem().supportedFileAttributeViews().contains("posix")) {
      try (FileChannel channel = FileChannel.open(folder, StandardOpenOption.READ)) {
        channel.force(true);
      }
    }
  }
}
