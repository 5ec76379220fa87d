package org.strait.engine.solver;

import static java.lang.foreign.ValueLayout.JAVA_INT;

import java.lang.foreign.MemorySegment;
import org.strait.engine.data.Dataset;
import org.strait.kernels.Csr;
import org.strait.memory.Doubles;
import org.strait.memory.Floats;
import org.strait.memory.HostMemory;
import org.strait.memory.Ints;

/// Features numbered by how often they occur, so that weights that are read often lie together in
/// the cache: of a million float64 weights most accesses else miss it. Only roughly by frequency,
/// in steps of a factor of √2: within a step features keep their order.
///
/// Entries of a row keep their places, so their new numbers do not ascend: passes in float64 do not
/// ask for that.
public final class FrequentFirst {
  /// Weights below which all lie in a level 2 cache of 1 MiB anyway.
  private static final int LEAST_FEATURES = 1 << 17;

  /// Entries to a feature below which numbering costs what it saves.
  private static final int LEAST_ENTRIES = 4;

  private static final int BLOCK = 1 << 16;
  private static final int STEPS = 64;

  private final int[] place;

  private FrequentFirst(int[] place) {
    this.place = place;
  }

  /// Whether some twenty passes over the rows make numbering good.
  public static boolean pays(Dataset data) {
    return data.features() >= LEAST_FEATURES
        && data.matrix().rowStart().get(0) == 0
        && data.entries() >= (long) LEAST_ENTRIES * data.features();
  }

  /// Counts.
  public static FrequentFirst of(Dataset data) {
    int[] counts = new int[data.features()];
    int[] block = new int[BLOCK];
    Csr matrix = data.matrix();
    long first = matrix.rowStart().get(0);
    for (long from = 0; from < data.entries(); from += BLOCK) {
      count(block, load(matrix.index(), first + from, data.entries() - from, block), counts);
    }
    int[] next = new int[STEPS + 1];
    for (int count : counts) {
      next[step(count) + 1]++;
    }
    for (int s = 0; s < STEPS; s++) {
      next[s + 1] += next[s];
    }
    for (int j = 0; j < counts.length; j++) {
      counts[j] = next[step(counts[j])]++;
    }
    return new FrequentFirst(counts);
  }

  private static int load(Ints index, long from, long left, int[] block) {
    int count = (int) Math.min(left, BLOCK);
    MemorySegment.copy(index.segment(), JAVA_INT, from * Ints.BYTES, block, 0, count);
    return count;
  }

  private static void count(int[] block, int length, int[] counts) {
    for (int e = 0; e < length; e++) {
      counts[block[e]]++;
    }
  }

  /// Two steps for each power of two, the largest counts first.
  private static int step(int count) {
    if (count < 2) {
      return STEPS - 1 - count;
    }
    int power = 31 - Integer.numberOfLeadingZeros(count);
    return STEPS - 1 - 2 * power - (count >> (power - 1) & 1);
  }

  /// The same rows with new numbers; values and labels are shared.
  ///
  /// @param memory owner of the new indices
  public Dataset rows(Dataset data, HostMemory memory) {
    Csr matrix = data.matrix();
    long first = matrix.rowStart().get(0);
    if (first != 0) {
      throw new IllegalArgumentException("rows begin at entry " + first + ", expected 0");
    }
    Ints index = memory.ints(matrix.index().length());
    int[] block = new int[BLOCK];
    for (long from = 0; from < data.entries(); from += BLOCK) {
      int count = load(matrix.index(), from, data.entries() - from, block);
      renumber(block, count, place);
      MemorySegment.copy(block, 0, index.segment(), JAVA_INT, from * Ints.BYTES, count);
    }
    return new Dataset(
        data.source(),
        new Csr(data.rows(), data.features(), matrix.rowStart(), index, matrix.value()),
        data.labels(),
        data.weights());
  }

  private static void renumber(int[] block, int length, int[] place) {
    for (int e = 0; e < length; e++) {
      block[e] = place[block[e]];
    }
  }

  /// weights(place of j) ← given(j). Modified: weights.
  public void toPlaces(Floats given, Doubles weights) {
    for (int j = 0; j < place.length; j++) {
      weights.set(place[j], given.get(j));
    }
  }

  /// result(j) ← weights(place of j), rounded to float32. Modified: result.
  public void fromPlaces(Doubles weights, Floats result) {
    for (int j = 0; j < place.length; j++) {
      result.set(j, (float) weights.get(place[j]));
    }
  }
}
