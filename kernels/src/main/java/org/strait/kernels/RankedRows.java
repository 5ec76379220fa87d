package org.strait.kernels;

import java.util.Arrays;
import org.strait.memory.Floats;
import org.strait.memory.HostMemory;
import org.strait.memory.Ints;
import org.strait.memory.Longs;

/// Sparse rows prepared once for many visits: a copy in which the features that occur are numbered
/// anew. The {@value #HOT} most frequent ones come first, most frequent first, so that their
/// weights and gradient lie together in the cache; then the others in ascending order, so that
/// weights are fetched and the gradient is brought back nearly in sequence. If the first {@value
/// RowLoops#DENSE} are frequent enough they stand apart as dense columns, which cost one vector
/// operation a row instead of one access an entry. Features that do not occur have no number.
public final class RankedRows {
  /// Features that are numbered by frequency: their float32 weights fill a quarter of a level 2
  /// cache of 1 MiB.
  private static final int HOT = 1 << 16;

  /// Features below which weights and gradient lie in the cache anyhow.
  private static final int LEAST_COLS = 1 << 18;

  /// Entries for each feature below which fetching weights costs what it saves.
  private static final int LEAST_ENTRIES = 4;

  /// Entries of a row in the dense columns, on average, from which these pay.
  private static final int LEAST_DENSE = 4;

  private final Csr given;
  private final Csr rows;
  private final Floats dense;
  private final Ints features;

  private RankedRows(Csr given, Csr rows, Floats dense, Ints features) {
    this.given = given;
    this.rows = rows;
    this.dense = dense;
    this.features = features;
  }

  /// Whether many visits of these rows would be faster for it: many features, and many entries for
  /// each. Measured in docs/benchmarks.md.
  public static boolean pays(Csr rows) {
    return rows.cols() >= LEAST_COLS && rows.entries() >= (long) LEAST_ENTRIES * rows.cols();
  }

  /// Most bytes that preparing rows allocates: 8 an entry and a row and 4 a feature. Dense columns
  /// take the place of at least {@value #LEAST_DENSE} entries a row, for twice the bytes.
  public static long mostBytes(Csr rows) {
    long dense = (RowLoops.DENSE * Floats.BYTES - LEAST_DENSE * 8L) * rows.rows();
    return 8 * rows.entries() + 8L * (rows.rows() + 1L) + 4L * rows.cols() + dense;
  }

  /// Prepares rows; costs about as much as ten visits.
  ///
  /// @param given rows, which must stay as they are
  /// @param memory owner of the copy, see {@link #mostBytes}
  public static RankedRows of(Csr given, HostMemory memory) {
    int[] counts = counts(given);
    int[] numbers = new int[counts.length];
    int used = number(counts, numbers);
    Ints features = memory.ints(used);
    long often = 0;
    for (int column = 0; column < counts.length; column++) {
      if (counts[column] > 0) {
        features.set(numbers[column], column);
        often += numbers[column] < RowLoops.DENSE ? counts[column] : 0;
      }
    }
    boolean apart = used >= RowLoops.DENSE && often >= (long) LEAST_DENSE * given.rows();
    long kept = given.entries() - (apart ? often : 0);
    Floats dense = apart ? memory.floats((long) given.rows() * RowLoops.DENSE) : null;
    Csr rows =
        new Csr(
            given.rows(),
            used,
            memory.longs(given.rows() + 1L),
            memory.ints(kept),
            memory.floats(kept));
    fill(given, numbers, rows, dense);
    return new RankedRows(given, rows, dense, features);
  }

  private static int[] counts(Csr rows) {
    int[] counts = new int[rows.cols()];
    Ints index = rows.index();
    long end = rows.rowStart().get(rows.rows());
    for (long e = rows.rowStart().get(0); e < end; e++) {
      counts[index.get(e)]++;
    }
    return counts;
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
    Arrays.sort(byFrequency, 0, used);
    int hot = Math.min(used, HOT);
    Arrays.fill(numbers, -1);
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

  private static void fill(Csr given, int[] numbers, Csr rows, Floats dense) {
    Longs from = given.rowStart();
    Longs to = rows.rowStart();
    Ints givenIndex = given.index();
    Floats givenValue = given.value();
    Ints index = rows.index();
    Floats value = rows.value();
    int apart = dense == null ? 0 : RowLoops.DENSE;
    long at = 0;
    for (int r = 0; r < given.rows(); r++) {
      long end = from.get(r + 1L);
      for (long e = from.get(r); e < end; e++) {
        int number = numbers[givenIndex.get(e)];
        if (number < apart) {
          dense.set((long) r * RowLoops.DENSE + number, givenValue.get(e));
        } else {
          index.set(at, number);
          value.set(at, givenValue.get(e));
          at++;
        }
      }
      to.set(r + 1L, at);
    }
  }

  /// The rows they were made from.
  public Csr given() {
    return given;
  }

  /// The same rows in the new numbering, without the dense columns. Their indices do not ascend
  /// within a row.
  public Csr rows() {
    return rows;
  }

  /// The first {@value RowLoops#DENSE} columns in the new numbering, row after row; null if they do
  /// not stand apart.
  public Floats dense() {
    return dense;
  }

  /// Column of the given rows that each new number stands for.
  public Ints features() {
    return features;
  }
}
