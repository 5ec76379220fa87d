package org.strait.engine.data;

import java.io.IOException;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.strait.kernels.Csr;
import org.strait.memory.Floats;
import org.strait.memory.HostMemory;
import org.strait.memory.Ints;
import org.strait.memory.Longs;

/// Reads a text of rows by several threads: each takes blocks of whole lines, scans them into slabs
/// of its own, and, once the sizes are known, copies its rows to their final place. Rows, and the
/// complaint about the first bad line, are the same for any number of threads. The slabs take as
/// much memory as the rows do, and are given back one by one while the rows move; a first pass that
/// only counts rows and entries would spare them, but took 120 ms for 317 MB where slabs and
/// copying take 70, and a compressed text cannot be read twice.
final class RowText {
  private final String source;
  private final TextBlocks blocks;
  private final Supplier<RowScanner> scanners;
  private final int threads;
  private final List<RowPieces> parts = new ArrayList<>();
  private final AtomicReference<Failure> failure = new AtomicReference<>();

  /// @param block number of the block that could not be read
  private record Failure(int block, Throwable cause) {}

  private RowText(String source, TextBlocks blocks, Supplier<RowScanner> scanners, int threads) {
    this.source = source;
    this.blocks = blocks;
    this.scanners = scanners;
    this.threads = threads;
  }

  /// All rows; features is the largest index that occurs.
  ///
  /// @param source where the text comes from, for messages
  /// @param blocks the text; not closed
  /// @param scanners makes a scanner for each thread
  /// @param threads how many scan, the caller included
  /// @param memory owner of the rows
  static Dataset read(
      String source,
      TextBlocks blocks,
      Supplier<RowScanner> scanners,
      int threads,
      HostMemory memory) {
    if (threads < 1) {
      throw new IllegalArgumentException(threads + " threads");
    }
    try (HostMemory slabs = memory.child("rows being read")) {
      return new RowText(source, blocks, scanners, threads).read(memory, slabs);
    }
  }

  private Dataset read(HostMemory memory, HostMemory slabs) {
    for (int i = 0; i < threads; i++) {
      parts.add(new RowPieces(slabs));
    }
    try {
      onAllThreads(this::scan);
      List<RowPieces.Piece> pieces = new ArrayList<>();
      parts.forEach(part -> pieces.addAll(part.pieces()));
      pieces.sort(Comparator.comparingInt(piece -> piece.block));
      complain(pieces);
      long rows = 0;
      long entries = 0;
      int features = 0;
      for (RowPieces.Piece piece : pieces) {
        piece.rowsBefore = rows;
        piece.entriesBefore = entries;
        rows += piece.rows;
        entries += piece.entries;
        features = Math.max(features, piece.features);
      }
      if (rows == 0) {
        throw new DataException(source, "no rows", scanners.get().form());
      }
      if (rows > Integer.MAX_VALUE - 8) {
        throw new DataException(source, rows + " rows", "a file holds up to 2147483639: cut it");
      }
      Longs rowStart = memory.longs(rows + 1);
      Ints index = memory.ints(entries);
      Floats value = memory.floats(entries);
      Floats labels = memory.floats(rows);
      onAllThreads(part -> part.moveTo(rowStart, index, value, labels));
      if (failure.get() != null) {
        rethrow(failure.get().cause);
      }
      return new Dataset(source, new Csr((int) rows, features, rowStart, index, value), labels);
    } finally {
      parts.forEach(RowPieces::close);
    }
  }

  /// Takes and scans blocks until there are none, or one before has failed.
  private void scan(RowPieces rows) {
    RowScanner scanner = scanners.get();
    TextBlock block = null;
    int number = 0;
    try {
      while (true) {
        number = Integer.MAX_VALUE; // after all blocks
        block = blocks.next(block);
        if (block == null) {
          return;
        }
        number = block.number;
        Failure failed = failure.get();
        if (failed != null && failed.block < number) {
          return;
        }
        scanner.scan(block, rows);
      }
    } catch (IOException | RuntimeException | Error e) {
      fail(new Failure(number, e));
    }
  }

  private void fail(Failure mine) {
    failure.accumulateAndGet(
        mine, (first, second) -> first == null || second.block < first.block ? second : first);
  }

  /// Throws what was wrong with the first bad block.
  private void complain(List<RowPieces.Piece> pieces) {
    Failure first = failure.get();
    if (first == null) {
      return;
    }
    long lines = 0;
    for (RowPieces.Piece piece : pieces) {
      lines += piece.block < first.block ? piece.lines : 0;
    }
    switch (first.cause) {
      case BadText bad -> throw bad.at(source, lines);
      case IOException e -> throw FileSource.unreadable(source + ":" + (lines + 1), e);
      default -> rethrow(first.cause);
    }
  }

  private static void rethrow(Throwable cause) {
    switch (cause) {
      case RuntimeException e -> throw e;
      case Error e -> throw e;
      default -> throw new IllegalStateException(cause);
    }
  }

  /// Runs the work of every part, the first one's by the caller.
  private void onAllThreads(Consumer<RowPieces> work) {
    List<Thread> others = new ArrayList<>();
    for (RowPieces part : parts.subList(1, threads)) {
      others.add(
          Thread.ofPlatform()
              .name("strait-rows-" + (others.size() + 1))
              .daemon()
              .start(() -> guarded(work, part)));
    }
    guarded(work, parts.getFirst());
    boolean interrupted = false;
    for (Thread other : others) {
      while (other.isAlive()) {
        try {
          other.join();
        } catch (InterruptedException e) {
          interrupted = true;
        }
      }
    }
    if (interrupted) {
      Thread.currentThread().interrupt();
    }
  }

  private void guarded(Consumer<RowPieces> work, RowPieces part) {
    try {
      work.accept(part);
    } catch (RuntimeException | Error e) {
      fail(new Failure(Integer.MAX_VALUE, e));
    }
  }
}
