package org.strait.engine.data;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.ArrayList;
import java.util.List;
import org.strait.memory.Floats;
import org.strait.memory.HostMemory;
import org.strait.memory.Ints;
import org.strait.memory.Longs;

/// The rows that one thread has scanned, block by block, in native slabs. Entries pass through two
/// arrays that stay in the cache. A slab is given back as soon as its rows are copied to their
/// final place. Not thread-safe.
final class RowPieces implements AutoCloseable {
  private static final int SCRATCH = 1 << 13;
  private static final long SLAB_ENTRIES = 1L << 20;
  private static final long SLAB_ROWS = 1L << 18;
  private static final int LEAST_ENTRY_BYTES = 2;
  private static final int LEAST_ROW_BYTES = 2;

  /// Features of the entries that are not in a slab yet.
  final int[] index = new int[SCRATCH];

  /// Values of the entries that are not in a slab yet.
  final float[] value = new float[SCRATCH];

  /// Number of entries that are not in a slab yet.
  int filled;

  private final int[] rowEnd = new int[SCRATCH];
  private final float[] label = new float[SCRATCH];
  private int rowsFilled;
  private final HostMemory memory;
  private final List<Piece> pieces = new ArrayList<>();
  private EntrySlab entries;
  private RowSlab rows;
  private Piece piece;

  /// @param memory owner that the slabs count against
  RowPieces(HostMemory memory) {
    this.memory = memory;
  }

  /// Begins the rows of a block.
  void begin(int block, int blockBytes) {
    long mostEntries = blockBytes / LEAST_ENTRY_BYTES + 1L;
    if (entries == null || entries.index.length() - entries.used < mostEntries) {
      entries = new EntrySlab(memory.child("entries"), Math.max(SLAB_ENTRIES, mostEntries));
    }
    long mostRows = blockBytes / LEAST_ROW_BYTES + 1L;
    if (rows == null || rows.label.length() - rows.used < mostRows) {
      rows = new RowSlab(memory.child("rows"), Math.max(SLAB_ROWS, mostRows));
    }
    piece = new Piece(block, entries, rows);
    pieces.add(piece);
    filled = 0;
    rowsFilled = 0;
  }

  /// Makes room in {@link #index} and {@link #value}: what is there goes to the slab.
  void flush() {
    long at = entries.used;
    MemorySegment.copy(
        index, 0, entries.index.segment(), ValueLayout.JAVA_INT, at * Ints.BYTES, filled);
    MemorySegment.copy(
        value, 0, entries.value.segment(), ValueLayout.JAVA_FLOAT, at * Floats.BYTES, filled);
    entries.used += filled;
    piece.entries += filled;
    filled = 0;
  }

  /// Ends a row.
  ///
  /// @param features index of the row's last entry + 1
  void endRow(float rowLabel, int features) {
    if (rowsFilled == SCRATCH) {
      flushRows();
    }
    rowEnd[rowsFilled] = (int) piece.entries + filled;
    label[rowsFilled++] = rowLabel;
    piece.features = Math.max(piece.features, features);
  }

  /// Ends the rows of a block.
  void end(long lines) {
    flush();
    flushRows();
    piece.lines = lines;
  }

  /// The blocks scanned so far.
  List<Piece> pieces() {
    return pieces;
  }

  /// Copies all rows to their place and gives the slabs back.
  void moveTo(Longs rowStart, Ints indices, Floats values, Floats labels) {
    for (int i = 0; i < pieces.size(); i++) {
      Piece p = pieces.get(i);
      indices.slice(p.entriesBefore, p.entries).copyFrom(p.slab.index.slice(p.from, p.entries));
      values.slice(p.entriesBefore, p.entries).copyFrom(p.slab.value.slice(p.from, p.entries));
      labels.slice(p.rowsBefore, p.rows).copyFrom(p.rowSlab.label.slice(p.rowFrom, p.rows));
      for (long r = 0; r < p.rows; r++) {
        rowStart.set(p.rowsBefore + r + 1, p.entriesBefore + p.rowSlab.rowEnd.get(p.rowFrom + r));
      }
      boolean last = i + 1 == pieces.size();
      if (last || pieces.get(i + 1).slab != p.slab) {
        p.slab.memory.close();
      }
      if (last || pieces.get(i + 1).rowSlab != p.rowSlab) {
        p.rowSlab.memory.close();
      }
    }
  }

  /// Gives back what is left.
  @Override
  public void close() {
    for (Piece p : pieces) {
      p.slab.memory.close();
      p.rowSlab.memory.close();
    }
  }

  private void flushRows() {
    long at = rows.used;
    MemorySegment.copy(
        rowEnd, 0, rows.rowEnd.segment(), ValueLayout.JAVA_INT, at * Ints.BYTES, rowsFilled);
    MemorySegment.copy(
        label, 0, rows.label.segment(), ValueLayout.JAVA_FLOAT, at * Floats.BYTES, rowsFilled);
    rows.used += rowsFilled;
    piece.rows += rowsFilled;
    rowsFilled = 0;
  }

  /// The rows of one block.
  static final class Piece {
    final int block;
    private final EntrySlab slab;
    private final RowSlab rowSlab;
    private final long from;
    private final long rowFrom;
    long entries;
    long rows;
    long lines;
    int features;

    /// Entries of the blocks before.
    long entriesBefore;

    /// Rows of the blocks before.
    long rowsBefore;

    Piece(int block, EntrySlab slab, RowSlab rowSlab) {
      this.block = block;
      this.slab = slab;
      this.rowSlab = rowSlab;
      from = slab.used;
      rowFrom = rowSlab.used;
    }
  }

  private static final class EntrySlab {
    final HostMemory memory;
    final Ints index;
    final Floats value;
    long used;

    EntrySlab(HostMemory memory, long length) {
      this.memory = memory;
      index = memory.ints(length);
      value = memory.floats(length);
    }
  }

  private static final class RowSlab {
    final HostMemory memory;
    final Ints rowEnd;
    final Floats label;
    long used;

    RowSlab(HostMemory memory, long length) {
      this.memory = memory;
      rowEnd = memory.ints(length);
      label = memory.floats(length);
    }
  }
}
