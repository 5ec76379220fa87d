package org.strait.engine.rendezvous;

import java.io.IOException;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.concurrent.locks.LockSupport;

/// A store in a folder that all ranks see, for clusters without an open port. One file per key,
/// written aside and renamed, so that readers see all of a value or none of it; waiting is polling.
/// Each job needs a folder of its own: values stay there.
public final class FileStore implements Store {
  private static final long FIRST_POLL_NANOS = 1_000_000L;
  private static final long LAST_POLL_NANOS = 50_000_000L;

  private final Path folder;
  private volatile boolean closed;

  /// @param folder made if it does not exist
  /// @throws RendezvousException if it cannot be made
  public FileStore(Path folder) {
    this.folder = folder;
    try {
      Files.createDirectories(folder);
    } catch (IOException e) {
      throw new RendezvousException("store folder " + folder + " cannot be made: " + e, e);
    }
  }

  @Override
  public void set(String key, String value) {
    checkOpen();
    try {
      Path aside = Files.createTempFile(folder, ".new", "");
      Files.writeString(aside, value);
      Files.move(
          aside, file(key), StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
    } catch (IOException e) {
      throw gone(e);
    }
  }

  @Override
  public String get(String key, long timeoutNanos) {
    long startNanos = System.nanoTime();
    long pollNanos = FIRST_POLL_NANOS;
    for (String value = peek(key); ; value = peek(key)) {
      if (value != null) {
        return value;
      }
      long leftNanos = timeoutNanos - (System.nanoTime() - startNanos);
      if (leftNanos <= 0) {
        throw MemoryStore.missing(key, timeoutNanos);
      }
      LockSupport.parkNanos(Math.min(pollNanos, leftNanos));
      if (Thread.currentThread().isInterrupted()) {
        throw new RendezvousException("interrupted while waiting for \"" + key + "\"");
      }
      pollNanos = Math.min(2 * pollNanos, LAST_POLL_NANOS);
    }
  }

  @Override
  public String peek(String key) {
    checkOpen();
    try {
      return Files.readString(file(key));
    } catch (NoSuchFileException e) {
      if (!Files.isDirectory(folder)) {
        throw gone(e);
      }
      return null;
    } catch (IOException e) {
      throw gone(e);
    }
  }

  /// Ends waiting calls of this object; the folder stays.
  @Override
  public void close() {
    closed = true;
  }

  // A prefix keeps "." and ".." and the names of half-written files apart from keys.
  private Path file(String key) {
    return folder.resolve("key-" + URLEncoder.encode(key, StandardCharsets.UTF_8));
  }

  private RendezvousException gone(IOException e) {
    return new RendezvousException("store folder " + folder + " is gone or unusable: " + e, e);
  }

  private void checkOpen() {
    if (closed) {
      throw new RendezvousException("the store is closed");
    }
  }
}
