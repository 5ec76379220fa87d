package org.strait.engine.data;

import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.FileChannel.MapMode;
import java.nio.charset.StandardCharsets;
import java.nio.file.AccessDeniedException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.ReadOnlyFileSystemException;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFileAttributeView;
import java.nio.file.attribute.PosixFileAttributes;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.strait.kernels.Csr;
import org.strait.memory.HostMemory;

/// Scanned rows beside the file they came from, in {@code NAME.<16 hex digits>.strait-rows}, mapped
/// by later runs. The digits begin the SHA-256 of the data file's content (and, for CSV, of the
/// label setting).
///
/// What is guaranteed: a cache is used only if the data file has the size, the times of its last
/// change and the identity it had when it was scanned, or else if its whole content has the SHA-256
/// it had (a copied or touched file). A file that changed less than {@link #SETTLED_NANOS} before
/// scanning began is not cached, so that an edit within the resolution of a time stamp cannot go
/// unseen. What is not guarded against: somebody who may write to the folder and forges a cache,
/// and clocks that are set back. Sections carry a checksum that is verified on every use.
///
/// Any number of processes may read and write the same cache: a new one is written aside, made
/// durable and renamed.
final class RowCache {
  static final String SUFFIX = ".strait-rows";

  /// How long a file must have been left alone before its rows are cached: more than the resolution
  /// of time stamps on any usual file system.
  static final long SETTLED_NANOS = 2_000_000_000L;

  /// Rows that take less are not worth a file.
  static final long LEAST_BYTES = 8L << 20;

  private static final String ASIDE = ".strait-aside";
  private static final long ABANDONED_NANOS = 86_400_000_000_000L;
  private static final int NAME_DIGITS = 16;
  private static final int BLOCK_BYTES = 1 << 20;

  private final Path file;
  private final String meaning;
  private final InstantSource clock;
  private final long leastBytes;
  private final int threads;
  private final Consumer<String> tell;

  /// @param file the data
  /// @param meaning what the rows depend on besides the content of the file
  /// @param clock wall clock, the one that files are stamped by
  /// @param leastBytes rows that take less are not cached
  /// @param threads threads that verify a cache, the caller included
  /// @param tell takes a line if something is unusual
  RowCache(
      Path file,
      String meaning,
      InstantSource clock,
      long leastBytes,
      int threads,
      Consumer<String> tell) {
    this.file = file;
    this.meaning = meaning;
    this.clock = clock;
    this.leastBytes = leastBytes;
    this.threads = threads;
    this.tell = tell;
  }

  /// The rows, if there is a cache of the file as it is now.
  ///
  /// @param arena what the mapping lives in
  /// @param memory owner of the labels, which are copied
  Optional<Dataset> find(Arena arena, HostMemory memory) {
    try {
      FileStamp stamp = FileStamp.of(file);
      String content = null;
      for (Path cache : caches()) {
        RowCacheLayout layout = header(cache);
        if (layout == null || Files.size(cache) != layout.bytes()) {
          tell.accept(cache + ": damaged or of another version; the rows are read anew");
          continue;
        }
        if (layout.meaning() != RowCacheLayout.meaning(meaning)
            || layout.stamp().bytes() != stamp.bytes()) {
          continue;
        }
        boolean same = layout.stamp().equals(stamp);
        if (!same) {
          content = content == null ? sha256() : content;
          if (!layout.content().equals(content) || !FileStamp.of(file).equals(stamp)) {
            continue;
          }
        }
        MemorySegment all = map(cache, layout.bytes(), arena);
        if (layout.check() != RowCacheLayout.check(sections(all), threads)) {
          tell.accept(cache + ": damaged; the rows are read anew");
          continue;
        }
        if (!same && settled(stamp)) {
          restamp(cache, layout.restamped(stamp));
        }
        return Optional.of(layout.rows(file.toString(), all, memory.floats(layout.rows())));
      }
    } catch (IOException e) {
      tell.accept(file + ": its cache cannot be read (" + e + ")");
    }
    return Optional.empty();
  }

  /// What the file is now; take it before scanning and give it to {@link #write}.
  ///
  /// @return empty if rows of this file will not be cached
  Optional<FileStamp> stamp() {
    try {
      FileStamp stamp = FileStamp.of(file);
      return Files.isRegularFile(file) && settled(stamp) ? Optional.of(stamp) : Optional.empty();
    } catch (IOException e) {
      return Optional.empty();
    }
  }

  /// Writes a cache, unless the rows are few, the folder is not to be written to, the file has
  /// changed meanwhile or another process was faster.
  ///
  /// @param rows rows of the file, labels as they are in it
  /// @param before the file before it was scanned
  void write(Dataset rows, FileStamp before) {
    RowCacheLayout layout =
        new RowCacheLayout(
            RowCacheLayout.meaning(meaning),
            before,
            "0".repeat(64),
            rows.rows(),
            rows.features(),
            rows.entries(),
            0);
    if (layout.bytes() < leastBytes) {
      return;
    }
    Path folder = folder();
    try {
      if (!writable(folder)) {
        tell.accept(file + ": rows are not cached, " + folder + " may not be written to");
        return;
      }
      String content = sha256();
      Path cache = folder.resolve(file.getFileName() + "." + digits(content) + SUFFIX);
      if (written(cache, before)) {
        return;
      }
      Path aside = Files.createTempFile(folder, "." + file.getFileName() + ".", ASIDE);
      try {
        writeAside(aside, layout, content, rows);
        if (FileStamp.of(file).equals(before)) {
          copyPermissions(aside);
          Files.move(
              aside, cache, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
          forceFolder(folder);
          removeOld(cache, content);
        }
      } finally {
        Files.deleteIfExists(aside);
      }
    } catch (AccessDeniedException | ReadOnlyFileSystemException e) {
      tell.accept(file + ": rows are not cached, " + folder + " may not be written to");
    } catch (IOException e) {
      tell.accept(file + ": rows are not cached (" + e + ")");
    }
  }

  private boolean settled(FileStamp stamp) {
    long now = TimeUnit.MILLISECONDS.toNanos(clock.millis());
    return now - stamp.changedNanos() >= SETTLED_NANOS;
  }

  private Path folder() {
    return file.toAbsolutePath().getParent();
  }

  /// Files that look like caches of this data file.
  private List<Path> caches() throws IOException {
    String begin = file.getFileName().toString().concat(".");
    int length = begin.length() + NAME_DIGITS + SUFFIX.length();
    List<Path> found = listed(begin, SUFFIX);
    List<Path> caches = new ArrayList<>();
    for (Path path : found) {
      if (path.getFileName().toString().length() == length) {
        caches.add(path);
      }
    }
    return caches;
  }

  private List<Path> listed(String begin, String end) throws IOException {
    List<Path> found = new ArrayList<>();
    try (DirectoryStream<Path> stream = Files.newDirectoryStream(folder())) {
      for (Path path : stream) {
        String name = path.getFileName().toString();
        if (name.startsWith(begin) && name.endsWith(end)) {
          found.add(path);
        }
      }
    }
    found.sort(null);
    return found;
  }

  private static RowCacheLayout header(Path cache) throws IOException {
    try (FileChannel channel = FileChannel.open(cache, StandardOpenOption.READ);
        Arena arena = Arena.ofConfined()) {
      MemorySegment header = arena.allocate(RowCacheLayout.HEADER_BYTES);
      ByteBuffer buffer = header.asByteBuffer();
      while (buffer.hasRemaining()) {
        if (channel.read(buffer) < 0) {
          return null;
        }
      }
      return RowCacheLayout.read(header);
    }
  }

  private static MemorySegment map(Path cache, long bytes, Arena arena) throws IOException {
    try (FileChannel channel = FileChannel.open(cache, StandardOpenOption.READ)) {
      return channel.map(MapMode.READ_ONLY, 0, bytes, arena);
    }
  }

  private static MemorySegment sections(MemorySegment all) {
    return all.asSlice(RowCacheLayout.HEADER_BYTES);
  }

  /// Whether another process has written this cache meanwhile.
  private static boolean written(Path cache, FileStamp stamp) throws IOException {
    if (!Files.exists(cache)) {
      return false;
    }
    RowCacheLayout layout = header(cache);
    if (layout == null || !layout.stamp().equals(stamp) || layout.bytes() != Files.size(cache)) {
      return false;
    }
    try (Arena arena = Arena.ofConfined()) {
      return layout.check() == RowCacheLayout.check(sections(map(cache, layout.bytes(), arena)));
    }
  }

  private static void writeAside(Path aside, RowCacheLayout sizes, String content, Dataset rows)
      throws IOException {
    Csr matrix = rows.matrix();
    try (FileChannel channel =
            FileChannel.open(aside, StandardOpenOption.READ, StandardOpenOption.WRITE);
        Arena arena = Arena.ofConfined()) {
      write(channel, RowCacheLayout.HEADER_BYTES, matrix.rowStart().segment());
      write(channel, sizes.labelsAt(), rows.labels().segment());
      write(channel, sizes.indicesAt(), matrix.index().segment());
      write(channel, sizes.valuesAt(), matrix.value().segment());
      if (channel.size() < sizes.bytes()) {
        channel.write(ByteBuffer.allocate(1), sizes.bytes() - 1);
      }
      MemorySegment all = channel.map(MapMode.READ_ONLY, 0, sizes.bytes(), arena);
      MemorySegment header = arena.allocate(RowCacheLayout.HEADER_BYTES);
      new RowCacheLayout(
              sizes.meaning(),
              sizes.stamp(),
              content,
              sizes.rows(),
              sizes.features(),
              sizes.entries(),
              RowCacheLayout.check(sections(all)))
          .write(header);
      write(channel, 0, header);
      channel.force(true);
    }
  }

  private static void write(FileChannel channel, long position, MemorySegment run)
      throws IOException {
    for (long at = 0; at < run.byteSize(); at += BLOCK_BYTES) {
      ByteBuffer block = run.asSlice(at, Math.min(BLOCK_BYTES, run.byteSize() - at)).asByteBuffer();
      while (block.hasRemaining()) {
        channel.write(block, position + at + block.position());
      }
    }
  }

  /// Writes the header of a cache again. Whoever reads it half-written finds it damaged.
  private static void restamp(Path cache, RowCacheLayout layout) {
    try (FileChannel channel = FileChannel.open(cache, StandardOpenOption.WRITE);
        Arena arena = Arena.ofConfined()) {
      MemorySegment header = arena.allocate(RowCacheLayout.HEADER_BYTES);
      layout.write(header);
      write(channel, 0, header);
    } catch (IOException e) {
      // The next run compares the content again: slower, and right.
    }
  }

  private String sha256() throws IOException {
    MessageDigest digest = digest();
    try (FileChannel channel = FileChannel.open(file, StandardOpenOption.READ)) {
      ByteBuffer block = ByteBuffer.allocate(BLOCK_BYTES);
      while (channel.read(block) >= 0) {
        digest.update(block.flip());
        block.clear();
      }
    }
    return HexFormat.of().formatHex(digest.digest());
  }

  private static MessageDigest digest() {
    try {
      return MessageDigest.getInstance("SHA-256");
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every JDK has SHA-256", e);
    }
  }

  /// The digits in the name of the cache of this content.
  private String digits(String content) {
    String hash = content;
    if (!meaning.isEmpty()) {
      byte[] both = (content + " " + meaning).getBytes(StandardCharsets.UTF_8);
      hash = HexFormat.of().formatHex(digest().digest(both));
    }
    return hash.substring(0, NAME_DIGITS);
  }

  /// Whether the folder may be written to; one that has been closed to everybody stays as it is,
  /// also for a user who may do anything.
  private static boolean writable(Path folder) throws IOException {
    PosixFileAttributeView view = posix(folder);
    if (view != null) {
      Set<PosixFilePermission> permissions = view.readAttributes().permissions();
      if (!permissions.contains(PosixFilePermission.OWNER_WRITE)
          && !permissions.contains(PosixFilePermission.GROUP_WRITE)
          && !permissions.contains(PosixFilePermission.OTHERS_WRITE)) {
        return false;
      }
    }
    return Files.isWritable(folder);
  }

  /// Nobody may read the cache who may not read the data: the same group and permissions, or only
  /// the owner's if the group cannot be the same.
  private void copyPermissions(Path aside) throws IOException {
    PosixFileAttributeView to = posix(aside);
    if (to == null) {
      return;
    }
    PosixFileAttributes from = posix(file).readAttributes();
    Set<PosixFilePermission> permissions = EnumSet.noneOf(PosixFilePermission.class);
    permissions.addAll(PosixFilePermissions.fromString("rw-r--r--"));
    permissions.retainAll(from.permissions());
    permissions.add(PosixFilePermission.OWNER_READ);
    permissions.add(PosixFilePermission.OWNER_WRITE);
    if (!to.readAttributes().group().equals(from.group())) {
      try {
        to.setGroup(from.group());
      } catch (IOException e) {
        permissions.remove(PosixFilePermission.GROUP_READ);
        permissions.remove(PosixFilePermission.OTHERS_READ);
      }
    }
    to.setPermissions(permissions);
  }

  private static PosixFileAttributeView posix(Path path) {
    return Files.getFileAttributeView(path, PosixFileAttributeView.class);
  }

  private static void forceFolder(Path folder) {
    try (FileChannel channel = FileChannel.open(folder, StandardOpenOption.READ)) {
      channel.force(true);
    } catch (IOException e) {
      // Not every system can; then a crash may lose the cache, not the data.
    }
  }

  /// Removes caches of what the file was before, and what crashed writers have left.
  private void removeOld(Path keep, String content) throws IOException {
    for (Path other : caches()) {
      RowCacheLayout layout = header(other);
      if (!other.equals(keep) && (layout == null || !layout.content().equals(content))) {
        Files.deleteIfExists(other);
      }
    }
    String begin = "." + file.getFileName() + ".";
    long now = TimeUnit.MILLISECONDS.toNanos(clock.millis());
    for (Path left : listed(begin, ASIDE)) {
      long changed = Files.getLastModifiedTime(left).to(TimeUnit.NANOSECONDS);
      if (now - changed > ABANDONED_NANOS) {
        Files.deleteIfExists(left);
      }
    }
  }
}
