package org.strait.kernels;

import org.strait.memory.HostMemory;
import org.strait.memory.Ints;
import org.strait.memory.Longs;

/// Sparse rows prepared once for many visits. Features that occur are numbered anew: the {@value
/// #HOT} most frequent ones first, most frequent first, so that their weights and gradient lie
/// together in the cache; then the others in ascending order, so that weights are fetched and the
/// gradient is brought back nearly in sequence. Features that do not occur have no number. Entries
/// keep their order in the row, and values are those of the given rows: 4 bytes an entry and 4 a
/// feature are added.
public final class RankedRows {
  /// Features that are numbered by frequency: their float32 weights fill a quarter of a level 2
  /// cache of 1 MiB.
  private static final int HOT = 1 << 16;

  /// Features below which weights and gradient lie in the cache anyhow.
  private static final int LEAST_COLS = 1 << 18;

  /// Entries for each feature below which copying weights and gradient costs what it saves.
  private static final int LEAST_ENTRIES = 4;

  private final Csr given;
  private final Csr rows;
  private final Ints features;

  private RankedRows(Csr given, Csr rows, Ints features) {
    this.given = given;
    this.rows = rows;
    this.features = features;
  }

  /// Whether many visits of these rows would be faster for it: many features, and many entries for
  /// each. Measured in docs/benchmarks.md.
  public static boolean pays(Csr rows) {
    return rows.cols() >= LEAST_COLS && rows.entries() >= (long) LEAST_ENTRIES * rows.cols();
  }

  /// Prepares rows; costs about as much as four visits.
  ///
  /// @param given rows, which must stay as they are
  /// @param memory owner of the new numbers
  public static RankedRows of(Csr given, HostMemory memory) {
    int cols = given.cols();
    long first = given.rowStart().get(0);
    long end = given.rowStart().get(given.rows());
    int[] counts = new int[cols];
    Ints index = given.index();
    for (long e = first; e < end; e++) {
      int column = index.get(e);
      counts[column] += counts[column] < Integer.MAX_VALUE ? 1 : 0;
    }
    int[] numbers = new int[cols];
    int used = number(counts, numbers);
    Ints features = memory.ints(used);
    for (int column = 0; column < cols; column++) {
      if (counts[column] > 0) {
        features.set(numbers[column], column);
      }
    }
    Ints renumbered = memory.ints(end - first);
    for (long e = first; e < end; e++) {
      renumbered.set(e - first, numbers[index.get(e)]);
    }
    Longs rowStart = memory.longs(given.rows() + 1L);
    for (int r = 0; r <= given.rows(); r++) {
      rowStart.set(r, given.rowStart().get(r) - first);
    }
    Csr rows =
        new Csr(
            given.rows(), used, rowStart, renumbered, given.value().slice(first, end - first));
    return new RankedRows(given, rows, features);
  }

  /// Gives every feature that occurs its number; returns how many there are.
  private static int number(int[] counts, int[] numbers) {
    long[] byFrequency = new long[counts.length];
    int used = 0;
    for (int column = 0; column < counts.length; column++) {
      if (counts[column] > 0) {
        byFrequency[used++] = (long) -counts[column] << Integer.SIZE | column;
      }
    }
    java.util.Arrays.parallelSort(byFrequency, 0, used);
    int hot = Math.min(used, HOT);
    java.util.Arrays.fill(numbers, -1);
    for (int rank = 0; rank < hot; rank++) {
      numbers[(int) byFrequency[rank]] = rank;
    }
    int next = hot;
    for (int column = 0; column < counts.length; column++) {
      if (counts[column] > 0 && numbers[column] < 0) {
        numbers[column] = next++;
      }
    }
    return used;
  }

  /// The rows they were made from.
  public Csr given() {
    return given;
  }

  /// The same rows in the new numbering. Their indices do not ascend within a row.
  public Csr rows() {
    return rows;
  }

  /// Column of the given rows that each new number stands for.
  public Ints features() {
    return features;
  }
}
