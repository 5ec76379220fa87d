package org.strait.engine.data;

import java.lang.foreign.Arena;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import org.strait.kernels.UnknownName;
import org.strait.memory.HostMemory;

/// The rows of a file while it is open, in the format that its settings say: scanned into memory,
/// or mapped from the cache that an earlier run left beside it ({@link RowCache}). Mapped rows
/// belong to the system's file cache and do not count as memory; they may be read only. Labels may
/// be changed either way.
public final class RowFile implements AutoCloseable {
  private final Arena mapping;
  private final HostMemory memory;
  private final Dataset data;
  private final boolean mapped;

  private RowFile(Arena mapping, HostMemory memory, Dataset data, boolean mapped) {
    this.mapping = mapping;
    this.memory = memory;
    this.data = data;
    this.mapped = mapped;
  }

  /// Opens a file.
  ///
  /// @param file what to read
  /// @param settings how
  /// @param tell takes a line if the cache is unusable or cannot be written
  /// @throws DataException if the file is not what it should be; names file, line and column
  public static RowFile open(Path file, RowSettings settings, Consumer<String> tell) {
    return open(file, settings, InstantSource.system(), RowCache.LEAST_BYTES, tell);
  }

  /// Opens a file with another clock and least size of a cache.
  static RowFile open(
      Path file,
      RowSettings settings,
      InstantSource clock,
      long leastCacheBytes,
      Consumer<String> tell) {
    HostMemory memory = HostMemory.unlimited(file.toString());
    Arena mapping = Arena.ofShared();
    boolean opened = false;
    try {
      RowFile rows;
      if (settings.caches(file)) {
        rows = cached(file, settings, clock, leastCacheBytes, tell, mapping, memory);
      } else {
        rows = new RowFile(mapping, memory, scan(file, settings, memory, tell), false);
      }
      opened = true;
      return rows;
    } finally {
      if (!opened) {
        memory.close();
        mapping.close();
      }
    }
  }

  /// Names of a file's features, if it is CSV with a header; else none.
  ///
  /// @throws DataException if the first line is not what it should be
  public static List<String> columns(Path file, RowSettings settings) {
    return settings.formatOf(file).equals("csv")
        ? CsvColumns.of(file, settings).featureNames()
        : List.of();
  }

  /// The rows; until this is closed.
  public Dataset data() {
    return data;
  }

  /// Whether the rows are those of a cache.
  public boolean mapped() {
    return mapped;
  }

  @Override
  public void close() {
    memory.close();
    mapping.close();
  }

  private static RowFile cached(
      Path file,
      RowSettings settings,
      InstantSource clock,
      long leastCacheBytes,
      Consumer<String> tell,
      Arena mapping,
      HostMemory memory) {
    RowCache cache =
        new RowCache(
            file, settings.meaningOf(file), clock, leastCacheBytes, settings.threads(), tell);
    Optional<Dataset> found = cache.find(mapping, memory);
    if (found.isPresent()) {
      return new RowFile(mapping, memory, found.get(), true);
    }
    Optional<FileStamp> before = cache.stamp();
    Dataset data = scan(file, settings, memory, tell);
    before.ifPresent(stamp -> cache.write(data, stamp));
    return new RowFile(mapping, memory, data, false);
  }

  private static Dataset scan(
      Path file, RowSettings settings, HostMemory memory, Consumer<String> tell) {
    int threads = settings.threads();
    PixelScale scale = settings.images().scale();
    String format = settings.formatOf(file);
    return switch (format) {
      case "libsvm" -> LibSvmReader.read(file, threads, memory);
      case "csv" -> CsvReader.read(file, settings, memory);
      case "idx" -> IdxReader.read(file, settings.label(), scale, memory);
      case "npz" -> NpzReader.read(file, settings.part(), scale, memory);
      case "images" -> ImageFolder.read(file, settings.images(), threads, memory, tell);
      case "ratings" -> RatingsReader.read(file, settings.ids(), memory);
      default -> throw UnknownName.of("format", format, RowSettings.FORMATS);
    };
  }
}
