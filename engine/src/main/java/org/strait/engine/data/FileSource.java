package org.strait.engine.data;

import java.io.BufferedInputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.zip.GZIPInputStream;
import java.util.zip.ZipException;

/// Opens text that is plain or gzip-compressed, told apart by the first two bytes.
final class FileSource {
  private static final int BUFFER_BYTES = 1 << 16;

  private FileSource() {}

  /// @throws DataException if there is no such file, it cannot be read, or it is compressed in
  ///     another way
  static InputStream open(Path file) {
    String where = file.toString();
    check(file);
    try {
      BufferedInputStream plain = new BufferedInputStream(Files.newInputStream(file), BUFFER_BYTES);
      try {
        return unpacked(where, plain);
      } catch (IOException | RuntimeException e) {
        plain.close();
        throw e;
      }
    } catch (IOException e) {
      throw unreadable(where, e);
    }
  }

  /// @throws DataException if there is no such file, or it cannot be read
  static void check(Path file) {
    String where = file.toString();
    if (!Files.exists(file)) {
      throw new DataException(
          where, "no such file", "check the path (from " + Path.of("").toAbsolutePath() + ")");
    }
    if (Files.isDirectory(file)) {
      throw new DataException(where, "is a folder", "name a file in it");
    }
    if (!Files.isReadable(file)) {
      throw new DataException(where, "may not be read by this user", "check its permissions");
    }
  }

  /// Opens text to be scanned in blocks. A plain file is read by the threads that scan it, anything
  /// else by a thread of its own.
  ///
  /// @param threads how many will take blocks
  /// @throws DataException as {@link #open}
  static TextBlocks blocks(Path file, int threads) {
    InputStream in = open(file);
    boolean stream = in instanceof GZIPInputStream || !Files.isRegularFile(file);
    try {
      if (stream) {
        return new StreamBlocks(in, threads, true);
      }
      in.close();
      return new PlainBlocks(file);
    } catch (IOException e) {
      throw unreadable(file.toString(), e);
    }
  }

  /// What to throw when reading fails.
  static DataException unreadable(String where, IOException e) {
    if (e instanceof EOFException) {
      return new DataException(
          where, "the gzip data end in the middle", "the file was cut off: copy it again", e);
    }
    if (e instanceof ZipException) {
      return new DataException(
          where, "damaged gzip data (" + e.getMessage() + ")", "copy the file again", e);
    }
    return new DataException(where, "cannot be read (" + e + ")", "check the disk or mount", e);
  }

  private static InputStream unpacked(String where, BufferedInputStream plain) throws IOException {
    plain.mark(8);
    byte[] magic = plain.readNBytes(4);
    plain.reset();
    if (startsWith(magic, 0x1f, 0x8b)) {
      return new GZIPInputStream(plain, BUFFER_BYTES);
    }
    String other = null;
    if (startsWith(magic, 'B', 'Z', 'h')) {
      other = "bzip2";
    } else if (startsWith(magic, 0xfd, '7', 'z', 'X')) {
      other = "xz";
    } else if (startsWith(magic, 0x28, 0xb5, 0x2f, 0xfd)) {
      other = "zstd";
    } else if (startsWith(magic, 'P', 'K', 3, 4)) {
      other = "zip";
    }
    if (other != null) {
      throw new DataException(
          where, "is compressed by " + other, "unpack it, or compress it by gzip");
    }
    return plain;
  }

  private static boolean startsWith(byte[] bytes, int... magic) {
    if (bytes.length < magic.length) {
      return false;
    }
    for (int i = 0; i < magic.length; i++) {
      if ((bytes[i] & 0xff) != magic[i]) {
        return false;
      }
    }
    return true;
  }
}
