package org.strait.engine.data;

import java.util.ArrayList;
import java.util.List;
import org.strait.kernels.Csr;
import org.strait.memory.Floats;
import org.strait.memory.HostMemory;
import org.strait.memory.Ints;
import org.strait.memory.Longs;

/// Collects rows whose number is not known beforehand, in native chunks, and makes a {@link
/// Dataset} of exact size. Entries come in ascending order of the feature within a row. Needs twice
/// the memory of the rows for the time of {@link #build}. Close it afterwards.
public final class DatasetBuilder implements AutoCloseable {
  private static final long FIRST_CHUNK = 1L << 12;
  private static final long LARGEST_CHUNK = 1L << 20;

  private final HostMemory chunkMemory;
  private final List<Ints> indexChunks = new ArrayList<>();
  private final List<Floats> valueChunks = new ArrayList<>();
  private final List<Longs> rowEndChunks = new ArrayList<>();
  private final List<Floats> labelChunks = new ArrayList<>();
  private Ints index;
  private Floats value;
  private Longs rowEnd;
  private Floats label;
  private long entryAt;
  private long rowAt;
  private long entries;
  private int rows;
  private int lastIndex = -1;
  private int largestIndex = -1;

  /// @param memory owner that the chunks count against
  public DatasetBuilder(HostMemory memory) {
    chunkMemory = memory.child("rows being read");
    addEntryChunk(FIRST_CHUNK);
    addRowChunk(FIRST_CHUNK);
  }

  /// Adds an entry to the row that is being built.
  ///
  /// @param feature number of the feature from 0, above the one before in this row
  /// @param x its value, finite
  /// @throws IllegalArgumentException if the feature is not above the one before
  public void entry(int feature, float x) {
    if (feature <= lastIndex || feature == Integer.MAX_VALUE) {
      throw new IllegalArgumentException("feature " + feature + " after feature " + lastIndex);
    }
    if (entryAt == index.length()) {
      addEntryChunk(Math.min(LARGEST_CHUNK, 2 * index.length()));
    }
    index.set(entryAt, feature);
    value.set(entryAt, x);
    entryAt++;
    entries++;
    lastIndex = feature;
  }

  /// Ends the row; it may have no entries.
  public void endRow(float rowLabel) {
    if (rowAt == label.length()) {
      if (rows > Integer.MAX_VALUE - 8) {
        throw new IllegalStateException("more than " + rows + " rows");
      }
      addRowChunk(Math.min(LARGEST_CHUNK, 2 * label.length()));
    }
    rowEnd.set(rowAt, entries);
    label.set(rowAt, rowLabel);
    rowAt++;
    rows++;
    largestIndex = Math.max(largestIndex, lastIndex);
    lastIndex = -1;
  }

  /// Rows ended so far.
  public int rows() {
    return rows;
  }

  /// The rows ended so far.
  ///
  /// @param source where the rows come from, for messages
  /// @param features number of features; 0 takes the largest that occurs
  /// @param memory owner of the rows
  /// @throws IllegalArgumentException if a row has a feature beyond
  public Dataset build(String source, int features, HostMemory memory) {
    int cols = features == 0 ? largestIndex + 1 : features;
    if (largestIndex >= cols) {
      throw new IllegalArgumentException(
          source + ": feature " + (largestIndex + 1) + " of " + features);
    }
    long total = rows == 0 ? 0 : rowEnd(rows - 1);
    Longs rowStart = memory.longs(rows + 1L);
    Ints indices = memory.ints(total);
    Floats values = memory.floats(total);
    Floats labels = memory.floats(rows);
    long at = 0;
    for (int i = 0; at < total; i++) {
      long count = Math.min(total - at, indexChunks.get(i).length());
      indices.slice(at, count).copyFrom(indexChunks.get(i).slice(0, count));
      values.slice(at, count).copyFrom(valueChunks.get(i).slice(0, count));
      at += count;
    }
    at = 0;
    for (int i = 0; at < rows; i++) {
      long count = Math.min(rows - at, labelChunks.get(i).length());
      rowStart.slice(at + 1, count).copyFrom(rowEndChunks.get(i).slice(0, count));
      labels.slice(at, count).copyFrom(labelChunks.get(i).slice(0, count));
      at += count;
    }
    return new Dataset(source, new Csr(rows, cols, rowStart, indices, values), labels);
  }

  @Override
  public void close() {
    chunkMemory.close();
  }

  private long rowEnd(int row) {
    long at = row;
    for (Longs chunk : rowEndChunks) {
      if (at < chunk.length()) {
        return chunk.get(at);
      }
      at -= chunk.length();
    }
    throw new IllegalStateException("row " + row + " of " + rows);
  }

  private void addEntryChunk(long length) {
    index = chunkMemory.ints(length);
    value = chunkMemory.floats(length);
    indexChunks.add(index);
    valueChunks.add(value);
    entryAt = 0;
  }

  private void addRowChunk(long length) {
    rowEnd = chunkMemory.longs(length);
    label = chunkMemory.floats(length);
    rowEndChunks.add(rowEnd);
    labelChunks.add(label);
    rowAt = 0;
  }
}
