package org.strait.engine.data;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.FileTime;
import java.util.concurrent.TimeUnit;

/// What tells cheaply that a file is still the same: size, times of the last change of its content
/// and of its attributes, and which file it is. Where the system knows the time of attributes (any
/// Unix), every write moves it and no program can set it back.
///
/// @param bytes size
/// @param contentNanos last change of the content
/// @param attributeNanos last change of content or attributes; 0 if the system does not say
/// @param identity hash of device and file number; 0 if the system does not say
record FileStamp(long bytes, long contentNanos, long attributeNanos, long identity) {
  static FileStamp of(Path file) throws IOException {
    BasicFileAttributes basic = Files.readAttributes(file, BasicFileAttributes.class);
    long attributes = 0;
    if (file.getFileSystem().supportedFileAttributeViews().contains("unix")) {
      attributes = nanos((FileTime) Files.getAttribute(file, "unix:ctime"));
    }
    Object key = basic.fileKey();
    long identity = key == null ? 0 : key.toString().hashCode() * 0x9E3779B97F4A7C15L;
    return new FileStamp(basic.size(), nanos(basic.lastModifiedTime()), attributes, identity);
  }

  /// By hand: what the compiler makes for a record takes some ten milliseconds when it is first
  /// called, a good part of the time in which a new process maps a cache.
  @Override
  public boolean equals(Object other) {
    return other instanceof FileStamp stamp
        && bytes == stamp.bytes
        && contentNanos == stamp.contentNanos
        && attributeNanos == stamp.attributeNanos
        && identity == stamp.identity;
  }

  @Override
  public int hashCode() {
    return Long.hashCode(bytes ^ contentNanos ^ attributeNanos ^ identity);
  }

  /// The later of the two times.
  long changedNanos() {
    return Math.max(contentNanos, attributeNanos);
  }

  private static long nanos(FileTime time) {
    return time.to(TimeUnit.NANOSECONDS);
  }
}
