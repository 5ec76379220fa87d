package org.strait.engine.data;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLongArray;
import java.util.zip.CRC32C;
import org.strait.kernels.Csr;
import org.strait.memory.Floats;
import org.strait.memory.Ints;
import org.strait.memory.Longs;

/// The bytes of a cache of scanned rows. A header of {@link #HEADER_BYTES}, then four sections,
/// each from a multiple of {@link #ALIGNMENT}: starts of rows (int64, rows + 1), labels (float32),
/// features of entries (int32, from 0), values (float32). All numbers are in the byte order of the
/// machine that wrote them; a machine of the other order does not know the magic.
///
///     0 magic            8 version            16 bytes of the whole file    24 meaning (hash)
///     32 stamp of the data: bytes, content ns, attribute ns, identity       64 SHA-256 of the data
///     96 rows            104 features         112 entries                   120 check of the
/// sections
///     128 check of bytes 0 to 127
///
/// @param meaning hash of what the rows depend on besides the content of the file
/// @param stamp the data file when it was scanned
/// @param content SHA-256 of the data file, 64 hexadecimal digits
/// @param rows number of rows
/// @param features number of features
/// @param entries number of entries
/// @param check {@link #check} over the sections
record RowCacheLayout(
    long meaning,
    FileStamp stamp,
    String content,
    long rows,
    long features,
    long entries,
    long check) {
  static final int HEADER_BYTES = 4096;
  static final int ALIGNMENT = 64;
  private static final int CHECKED_BYTES = 128;
  private static final int CONTENT_BYTES = 32;
  private static final long MAGIC = 0x53776F7274695253L; // SRitrowS in a file of a little-endian
  private static final long VERSION = 1;
  private static final long CHECK_BLOCK = 1L << 24;

  /// Size of the whole file.
  long bytes() {
    return valuesAt() + aligned(entries * Floats.BYTES);
  }

  long labelsAt() {
    return HEADER_BYTES + aligned((rows + 1) * Longs.BYTES);
  }

  long indicesAt() {
    return labelsAt() + aligned(rows * Floats.BYTES);
  }

  long valuesAt() {
    return indicesAt() + aligned(entries * Ints.BYTES);
  }

  /// The same for another stamp: the file was copied or touched.
  RowCacheLayout restamped(FileStamp now) {
    return new RowCacheLayout(meaning, now, content, rows, features, entries, check);
  }

  /// Writes the header to the front of a segment.
  void write(MemorySegment to) {
    long[] words = {
      MAGIC,
      VERSION,
      bytes(),
      meaning,
      stamp.bytes(),
      stamp.contentNanos(),
      stamp.attributeNanos(),
      stamp.identity()
    };
    MemorySegment.copy(words, 0, to, ValueLayout.JAVA_LONG_UNALIGNED, 0, words.length);
    MemorySegment.copy(
        HexFormat.of().parseHex(content), 0, to, ValueLayout.JAVA_BYTE, 64, CONTENT_BYTES);
    long[] more = {rows, features, entries, check};
    MemorySegment.copy(more, 0, to, ValueLayout.JAVA_LONG_UNALIGNED, 96, more.length);
    to.set(ValueLayout.JAVA_LONG_UNALIGNED, CHECKED_BYTES, check(to.asSlice(0, CHECKED_BYTES)));
  }

  /// Reads a header.
  ///
  /// @param from at least {@link #HEADER_BYTES}
  /// @return null if it is none of this version and machine, or damaged
  static RowCacheLayout read(MemorySegment from) {
    long[] words = new long[8];
    MemorySegment.copy(from, ValueLayout.JAVA_LONG_UNALIGNED, 0, words, 0, words.length);
    long[] more = new long[5];
    MemorySegment.copy(from, ValueLayout.JAVA_LONG_UNALIGNED, 96, more, 0, more.length);
    byte[] content = new byte[CONTENT_BYTES];
    MemorySegment.copy(from, ValueLayout.JAVA_BYTE, 64, content, 0, content.length);
    if (words[0] != MAGIC
        || words[1] != VERSION
        || more[4] != check(from.asSlice(0, CHECKED_BYTES))) {
      return null;
    }
    RowCacheLayout layout =
        new RowCacheLayout(
            words[3],
            new FileStamp(words[4], words[5], words[6], words[7]),
            HexFormat.of().formatHex(content),
            more[0],
            more[1],
            more[2],
            more[3]);
    return layout.bytes() == words[2] ? layout : null;
  }

  /// The rows of a mapped cache.
  ///
  /// @param labels where labels are copied to: they are changed later
  Dataset rows(String source, MemorySegment all, Floats labels) {
    labels.copyFrom(Floats.over(all.asSlice(labelsAt(), rows * Floats.BYTES)));
    return new Dataset(
        source,
        new Csr(
            Math.toIntExact(rows),
            Math.toIntExact(features),
            Longs.over(all.asSlice(HEADER_BYTES, (rows + 1) * Longs.BYTES)),
            Ints.over(all.asSlice(indicesAt(), entries * Ints.BYTES)),
            Floats.over(all.asSlice(valuesAt(), entries * Floats.BYTES))),
        labels);
  }

  /// A checksum against accidents: CRC-32C of blocks, and over those.
  static long check(MemorySegment run) {
    return check(run, 1);
  }

  /// The same by several threads, the caller included, each taking the next block. The number of
  /// threads does not show in it.
  static long check(MemorySegment run, int threads) {
    AtomicLongArray blocks = new AtomicLongArray((int) Math.ceilDiv(run.byteSize(), CHECK_BLOCK));
    Checker checker = new Checker(run, blocks, new AtomicInteger());
    List<FutureTask<Void>> helpers = new ArrayList<>();
    for (int t = 1; t < Math.min(threads, blocks.length()); t++) {
      FutureTask<Void> helper = new FutureTask<>(checker, null);
      helpers.add(helper);
      Thread.ofPlatform().daemon().name("check").start(helper);
    }
    checker.run();
    for (FutureTask<Void> helper : helpers) {
      await(helper);
    }
    long sum = 0;
    for (int b = 0; b < blocks.length(); b++) {
      sum = sum * 0x9E3779B97F4A7C15L + blocks.get(b) + 1;
    }
    return sum;
  }

  /// Takes block after block. (A class, not a lambda: a process that has just started maps a cache
  /// in less time than its first lambda and its first joined strings take.)
  private record Checker(MemorySegment all, AtomicLongArray blocks, AtomicInteger next)
      implements Runnable {
    @Override
    public void run() {
      for (int b = next.getAndIncrement(); b < blocks.length(); b = next.getAndIncrement()) {
        long at = b * CHECK_BLOCK;
        CRC32C crc = new CRC32C();
        crc.update(all.asSlice(at, Math.min(CHECK_BLOCK, all.byteSize() - at)).asByteBuffer());
        blocks.set(b, crc.getValue());
      }
    }
  }

  /// Waits to the end even if interrupted: the mapping must not be closed under a helper.
  private static void await(FutureTask<Void> helper) {
    boolean interrupted = false;
    while (true) {
      try {
        helper.get();
        break;
      } catch (InterruptedException e) {
        interrupted = true;
      } catch (ExecutionException e) {
        throw new IllegalStateException("a cache of rows cannot be read to its end", e.getCause());
      }
    }
    if (interrupted) {
      Thread.currentThread().interrupt();
    }
  }

  /// A hash of a text.
  static long meaning(String text) {
    long hash = 0;
    for (byte b : text.getBytes(StandardCharsets.UTF_8)) {
      hash = (hash + b + 1) * 0x9E3779B97F4A7C15L;
    }
    return hash;
  }

  static long aligned(long bytes) {
    return Math.ceilDiv(bytes, ALIGNMENT) * ALIGNMENT;
  }
}
