package org.strait.engine.transport.shared;

import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Optional;
import java.util.Set;
import org.strait.engine.rendezvous.RendezvousException;

/// A file that lives in memory (where the system has such a folder) and that ranks of one host map.
/// It loses its name as soon as all have opened it, so that nothing is left behind whoever dies;
/// what a crash before that leaves is swept by the next start. Every rank holds a lock in it, which
/// the system releases when its process ends, however it ends.
final class SharedFile implements AutoCloseable {
  private static final Path IN_MEMORY = Path.of("/dev/shm");
  private static final String PREFIX = "strait-";
  private static final long LOCKS = 1L << 40;
  private static final int FILL_BYTES = 1 << 20;

  private final Path path;
  private final FileChannel channel;
  private final MemorySegment memory;

  private SharedFile(Path path, FileChannel channel, MemorySegment memory) {
    this.path = path;
    this.channel = channel;
    this.memory = memory;
  }

  /// A new file of zeros whose memory is there: a file with holes would end the process at the
  /// first write that finds the system's memory used up.
  static SharedFile create(long bytes, Arena arena) {
    Path folder = folder();
    sweep(folder);
    Path path =
        folder.resolve(
            PREFIX
                + ProcessHandle.current().pid()
                + "-"
                + Long.toHexString(System.nanoTime())
                + "-"
                + Long.toHexString(Thread.currentThread().threadId()));
    try {
      FileChannel channel =
          FileChannel.open(
              path,
              Set.of(
                  StandardOpenOption.CREATE_NEW, StandardOpenOption.READ, StandardOpenOption.WRITE),
              PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
      try {
        fill(channel, bytes);
        return new SharedFile(path, channel, map(channel, bytes, arena));
      } catch (IOException e) {
        channel.close();
        Files.deleteIfExists(path);
        throw e;
      }
    } catch (IOException e) {
      throw new RendezvousException(
          "shared memory: "
              + bytes
              + " bytes are needed in "
              + folder
              + ", "
              + free(folder)
              + " are free ("
              + e.getMessage()
              + "): make it larger (containers: --shm-size), or take --transport tcp",
          e);
    }
  }

  /// Another rank's file.
  static SharedFile open(Path path, long bytes, Arena arena) throws IOException {
    FileChannel channel = FileChannel.open(path, StandardOpenOption.READ, StandardOpenOption.WRITE);
    try {
      return new SharedFile(path, channel, map(channel, bytes, arena));
    } catch (IOException e) {
      channel.close();
      throw e;
    }
  }

  Path path() {
    return path;
  }

  MemorySegment memory() {
    return memory;
  }

  /// Shows that this member lives, until its process ends or this is closed.
  void hold(int member) throws IOException {
    try {
      // Kept by the channel.
      FileLock lock = channel.tryLock(LOCKS + member, 1, false);
      if (lock == null) {
        throw new IOException("member " + member + " is there already");
      }
    } catch (OverlappingFileLockException e) {
      throw new IOException("member " + member + " is there already", e);
    }
  }

  /// Whether the process of a member that has called {@link #hold} has ended.
  boolean released(int member) {
    try (FileLock lock = channel.tryLock(LOCKS + member, 1, false)) {
      return lock != null;
    } catch (OverlappingFileLockException e) {
      // A rank of this very process.
      return false;
    } catch (IOException e) {
      return false;
    }
  }

  /// Takes the file's name away; the memory stays until the last rank has gone.
  void unlink() {
    try {
      Files.deleteIfExists(path);
    } catch (IOException e) {
      throw new RendezvousException("shared memory: cannot remove " + path + ": " + e, e);
    }
  }

  @Override
  public void close() {
    try {
      channel.close();
    } catch (IOException e) {
      throw new IllegalStateException("shared memory: " + path, e);
    }
  }

  private static Path folder() {
    return Files.isDirectory(IN_MEMORY) && Files.isWritable(IN_MEMORY)
        ? IN_MEMORY
        : Path.of(System.getProperty("java.io.tmpdir"));
  }

  private static MemorySegment map(FileChannel channel, long bytes, Arena arena)
      throws IOException {
    return channel.map(FileChannel.MapMode.READ_WRITE, 0, bytes, arena);
  }

  private static void fill(FileChannel channel, long bytes) throws IOException {
    ByteBuffer zeros = ByteBuffer.allocateDirect((int) Math.min(bytes, FILL_BYTES));
    for (long at = 0; at < bytes; ) {
      zeros.clear().limit((int) Math.min(zeros.capacity(), bytes - at));
      at += channel.write(zeros, at);
    }
  }

  private static String free(Path folder) {
    try {
      return "" + Files.getFileStore(folder).getUsableSpace();
    } catch (IOException e) {
      return "an unknown number";
    }
  }

  /// Removes files whose maker has ended before all ranks had opened them.
  private static void sweep(Path folder) {
    try (DirectoryStream<Path> files = Files.newDirectoryStream(folder, PREFIX + "*-*-*")) {
      for (Path file : files) {
        if (Files.isRegularFile(file, LinkOption.NOFOLLOW_LINKS) && !makerLives(file)) {
          Files.deleteIfExists(file);
        }
      }
    } catch (IOException e) {
      // Somebody else's, or swept by another rank at the same time: not ours to complain about.
      return;
    }
  }

  private static boolean makerLives(Path file) {
    String name = file.getFileName().toString();
    String pid = name.substring(PREFIX.length(), name.indexOf('-', PREFIX.length()));
    try {
      Optional<ProcessHandle> maker = ProcessHandle.of(Long.parseLong(pid));
      return maker.isPresent() && maker.get().isAlive();
    } catch (NumberFormatException e) {
      return true;
    }
  }
}
