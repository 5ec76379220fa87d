package org.strait.kernels;

import static java.lang.foreign.ValueLayout.JAVA_FLOAT;
import static java.lang.foreign.ValueLayout.JAVA_INT;

import java.lang.foreign.MemorySegment;
import java.util.Arrays;
import org.strait.memory.Floats;
import org.strait.memory.HostMemory;
import org.strait.memory.Ints;
import org.strait.memory.Longs;

/// Sparse rows prepared once for many visits: a copy with features numbered anew and rows laid side
/// by side.
///
/// Numbers: the {@value #HOT} most frequent features come first, most frequent first, so that their
/// weights and gradient lie together in the cache; then the others that occur, in ascending order,
/// so that weights are fetched and the gradient is brought back nearly in sequence. If the first
/// {@value #LANES} are frequent enough they stand apart as dense columns, which cost one vector
/// operation a row instead of one access an entry.
///
/// Rows: a block is {@value #BLOCK} consecutive rows, sorted by length, longest first. A slice is
/// {@value #LANES} rows of that order, entry after entry: first the first entry of each row, then
/// the second of each; a row that has ended is filled up with its last feature and the value 0
/// (SELL-C-σ; Kreutzer et al. 2014). So a vector has an entry of each of {@value #LANES} rows, and
/// no row has a tail of its own or a sum over lanes. The last block is filled up with empty rows.
public final class RankedRows {
  /// Rows of a slice: the lanes of a vector of 512 bits.
  public static final int LANES = 16;

  /// Rows of a block, a multiple of {@link #LANES}.
  public static final int BLOCK = 256;

  /// Slices of a block.
  public static final int SLICES = BLOCK / LANES;

  /// Entries of the longest row that may be prepared: longer ones need sums in float64.
  public static final int LONGEST = 1024;

  /// Features that are numbered by frequency: their float32 weights fill a quarter of a level 2
  /// cache of 1 MiB.
  private static final int HOT = 1 << 16;

  /// Entries below which preparing, with methods that are not compiled yet, is not made good by
  /// some 30 visits.
  private static final int LEAST = 1 << 22;

  /// Entries for each feature below which fetching weights costs what it saves.
  private static final int LEAST_ENTRIES = 4;

  /// Entries of a row in the dense columns, on average, from which these pay.
  private static final int LEAST_DENSE = 4;

  private final Csr given;
  private final Ints features;
  private final Ints order;
  private final Longs sliceStart;
  private final Ints index;
  private final Floats value;
  private final Floats dense;

  private RankedRows(
      Csr given, Ints features, Ints order, Longs sliceStart, HostMemory memory, boolean apart) {
    this.given = given;
    this.features = features;
    this.order = order;
    this.sliceStart = sliceStart;
    long entries = sliceStart.get(sliceStart.length() - 1);
    index = memory.ints(entries);
    value = memory.floats(entries);
    dense = apart ? memory.floats(order.length() * LANES) : null;
  }

  /// Whether a training's visits of these rows make the preparation good: many entries, several for
  /// each feature, and rows whose lengths do not differ so much that a quarter would be added to
  /// fill them up.
  public static boolean pays(Csr rows) {
    long entries = rows.entries();
    return entries >= LEAST
        && entries >= (long) LEAST_ENTRIES * rows.cols()
        && longest(rows) <= LONGEST
        && filledUp(rows) <= entries + entries / 4;
  }

  /// Most bytes that preparing rows allocates.
  public static long mostBytes(Csr rows) {
    long padded = (long) blocks(rows) * BLOCK;
    return (Ints.BYTES + Floats.BYTES) * filledUp(rows)
        + (Ints.BYTES + Floats.BYTES * LANES) * padded
        + Longs.BYTES * (padded / LANES + 1)
        + Ints.BYTES * rows.cols();
  }

  /// Prepares rows; costs about as much as ten visits.
  ///
  /// @param given rows, which must stay as they are
  /// @param memory owner of the copy, see {@link #mostBytes}
  /// @throws IllegalArgumentException if a row has more than {@link #LONGEST} entries
  public static RankedRows of(Csr given, HostMemory memory) {
    if (longest(given) > LONGEST) {
      throw new IllegalArgumentException(
          "a row has " + longest(given) + " entries, expected at most " + LONGEST);
    }
    int[] counts = counts(given);
    int[] numbers = new int[counts.length];
    int used = number(counts, numbers);
    Ints features = memory.ints(used);
    long often = 0;
    for (int column = 0; column < counts.length; column++) {
      if (counts[column] > 0) {
        features.set(numbers[column], column);
        often += numbers[column] < LANES ? counts[column] : 0;
      }
    }
    boolean apart = used >= LANES && often >= (long) LEAST_DENSE * given.rows();
    int[] lengths = lengths(given, numbers, apart ? LANES : 0);
    Ints order = memory.ints((long) blocks(given) * BLOCK);
    Longs sliceStart = memory.longs(order.length() / LANES + 1);
    arrange(lengths, order, sliceStart);
    RankedRows ranked = new RankedRows(given, features, order, sliceStart, memory, apart);
    ranked.fill(numbers);
    return ranked;
  }

  private static int blocks(Csr rows) {
    return Math.ceilDiv(rows.rows(), BLOCK);
  }

  private static long longest(Csr rows) {
    long longest = 0;
    for (long r = 0; r < rows.rows(); r++) {
      longest = Math.max(longest, rows.rowStart().get(r + 1) - rows.rowStart().get(r));
    }
    return longest;
  }

  /// Entries of all slices if no column stands apart.
  private static long filledUp(Csr rows) {
    long[] lengths = new long[BLOCK];
    long sum = 0;
    for (int from = 0; from < rows.rows(); from += BLOCK) {
      int count = Math.min(BLOCK, rows.rows() - from);
      for (int i = 0; i < count; i++) {
        lengths[i] = rows.rowStart().get(from + i + 1L) - rows.rowStart().get((long) from + i);
      }
      Arrays.sort(lengths, 0, count);
      for (int last = count - 1; last >= 0; last -= LANES) {
        sum += LANES * lengths[last];
      }
    }
    return sum;
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

  private static int[] counts(Csr rows) {
    int[] counts = new int[rows.cols()];
    RowBlock block = new RowBlock();
    for (int from = 0; from < rows.rows(); ) {
      int end = RowBlock.end(rows, from, rows.rows());
      block.load(rows, from, end);
      int entries = block.rowStart()[end - from];
      int[] index = block.index();
      for (int e = 0; e < entries; e++) {
        counts[index[e]]++;
      }
      from = end;
    }
    return counts;
  }

  /// Entries of each row that do not stand apart.
  private static int[] lengths(Csr rows, int[] numbers, int apart) {
    int[] lengths = new int[rows.rows()];
    RowBlock block = new RowBlock();
    for (int from = 0; from < lengths.length; ) {
      int end = RowBlock.end(rows, from, lengths.length);
      block.load(rows, from, end);
      int[] start = block.rowStart();
      int[] index = block.index();
      for (int r = from; r < end; r++) {
        int length = 0;
        for (int e = start[r - from]; e < start[r - from + 1]; e++) {
          length += numbers[index[e]] >= apart ? 1 : 0;
        }
        lengths[r] = length;
      }
      from = end;
    }
    return lengths;
  }

  /// Sorts the rows of every block and gives every slice its place.
  private static void arrange(int[] lengths, Ints order, Longs sliceStart) {
    long[] keys = new long[BLOCK];
    long at = 0;
    for (int from = 0; from < lengths.length; from += BLOCK) {
      int count = Math.min(BLOCK, lengths.length - from);
      for (int i = 0; i < count; i++) {
        keys[i] = (long) -lengths[from + i] << Integer.SIZE | (from + i);
      }
      Arrays.sort(keys, 0, count);
      for (int i = 0; i < count; i++) {
        order.set((long) from + i, (int) keys[i]);
      }
      for (int i = 0; i < BLOCK; i += LANES) {
        at += i < count ? LANES * (long) lengths[(int) keys[i]] : 0;
        sliceStart.set((from + i) / LANES + 1L, at);
      }
    }
  }

  private void fill(int[] numbers) {
    int apart = dense == null ? 0 : LANES;
    RowBlock rows = new RowBlock();
    int[] number = new int[0];
    float[] entry = new float[0];
    float[] columns = new float[apart * BLOCK];
    for (int b = 0; b < blocks(); b++) {
      int from = b * BLOCK;
      int slice = from / LANES;
      long first = sliceStart.get(slice);
      int entries = (int) (sliceStart.get((long) slice + SLICES) - first);
      if (entries > number.length) {
        number = new int[entries];
        entry = new float[entries];
      }
      Arrays.fill(entry, 0, entries, 0);
      Arrays.fill(columns, 0);
      rows.load(given, from, from + rowsOf(b));
      for (int place = 0; place < BLOCK; place++) {
        int at = (int) (sliceStart.get((long) slice + place / LANES) - first) + place % LANES;
        int end = (int) (sliceStart.get((long) slice + place / LANES + 1) - first);
        int row = place < rowsOf(b) ? order.get((long) from + place) - from : -1;
        int last = 0;
        int to = row < 0 ? 0 : rows.rowStart()[row + 1];
        for (int e = row < 0 ? 0 : rows.rowStart()[row]; e < to; e++) {
          int column = numbers[rows.index()[e]];
          if (column < apart) {
            columns[(place / LANES * LANES + column) * LANES + place % LANES] = rows.value()[e];
          } else {
            last = column;
            number[at] = column;
            entry[at] = rows.value()[e];
            at += LANES;
          }
        }
        for (; at < end; at += LANES) {
          number[at] = last;
        }
      }
      long bytes = first * Floats.BYTES;
      MemorySegment.copy(number, 0, index.segment(), JAVA_INT, bytes, entries);
      MemorySegment.copy(entry, 0, value.segment(), JAVA_FLOAT, bytes, entries);
      if (dense != null) {
        bytes = (long) from * LANES * Floats.BYTES;
        MemorySegment.copy(columns, 0, dense.segment(), JAVA_FLOAT, bytes, columns.length);
      }
    }
  }

  /// The rows they were made from.
  public Csr given() {
    return given;
  }

  /// Column of the given rows that each new number stands for.
  public Ints features() {
    return features;
  }

  /// Number of blocks.
  public int blocks() {
    return blocks(given);
  }

  /// Rows of a block, fewer than {@link #BLOCK} in the last one.
  public int rowsOf(int block) {
    return Math.min(BLOCK, given.rows() - block * BLOCK);
  }

  /// Row at each place; rows() places, then places that nothing stands at.
  public Ints order() {
    return order;
  }

  /// Start of each slice, and end of the last one, in {@link #index} and {@link #value}.
  public Longs sliceStart() {
    return sliceStart;
  }

  /// New number of the feature of each entry.
  public Ints index() {
    return index;
  }

  /// Value of each entry.
  public Floats value() {
    return value;
  }

  /// For each slice the first {@link #LANES} features, one after another, a value for each row of
  /// the slice; null if they do not stand apart.
  public Floats dense() {
    return dense;
  }
}
