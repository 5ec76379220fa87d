package org.strait.kernels;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;
import org.strait.memory.Floats;
import org.strait.memory.HostMemory;
import org.strait.memory.Ints;
import org.strait.memory.Longs;

class RankedRowsTest {
  /// Rows of the columns given; the value of an entry is 10·row + column.
  private static Csr rows(HostMemory memory, int cols, int[]... columns) {
    int entries = 0;
    for (int[] row : columns) {
      entries += row.length;
    }
    Longs rowStart = memory.longs(columns.length + 1L);
    Ints index = memory.ints(entries);
    Floats value = memory.floats(entries);
    long at = 0;
    for (int r = 0; r < columns.length; r++) {
      for (int column : columns[r]) {
        index.set(at, column);
        value.set(at++, 10f * r + column);
      }
      rowStart.set(r + 1L, at);
    }
    return new Csr(columns.length, cols, rowStart, index, value);
  }

  @Test
  void frequentFeaturesComeFirstAndUnusedOnesAreDropped() {
    try (HostMemory memory = HostMemory.unlimited("test")) {
      Csr given =
          rows(memory, 9, new int[] {8}, new int[] {1, 4, 8}, new int[] {4, 5}, new int[] {4});
      RankedRows ranked = RankedRows.of(given.slice(1, 3), memory);
      assertArrayEquals(new int[] {4, 1, 5, 8}, ranked.features().toArray());
      assertNull(ranked.dense());
      assertEquals(4, ranked.rows().cols());
      assertArrayEquals(new int[] {1, 0, 3, 0, 2, 0}, ranked.rows().index().toArray());
      assertArrayEquals(new float[] {11, 14, 18, 24, 25, 34}, ranked.rows().value().toArray());
      assertArrayEquals(new long[] {0, 3, 5, 6}, ranked.rows().rowStart().toArray());
    }
  }

  @Test
  void columnsOfMostRowsStandApart() {
    try (HostMemory memory = HostMemory.unlimited("test")) {
      int[] row = new int[20];
      for (int c = 0; c < row.length; c++) {
        row[c] = c;
      }
      Csr given = rows(memory, 20, row, row, new int[] {0, 19});
      RankedRows ranked = RankedRows.of(given, memory);
      assertEquals(2 * 20 + 2 - ranked.rows().entries(), 2 * RowLoops.DENSE + 2);
      assertEquals(0, ranked.features().get(0));
      assertEquals(19, ranked.features().get(1));
      assertEquals(20, ranked.dense().get(2L * RowLoops.DENSE));
      assertEquals(39, ranked.dense().get(2L * RowLoops.DENSE + 1));
      assertEquals(0, ranked.dense().get(2L * RowLoops.DENSE + 2));
    }
  }

  @Test
  void paysForManyFeaturesWithManyEntriesEach() {
    try (HostMemory memory = HostMemory.unlimited("test")) {
      assertFalse(RankedRows.pays(rows(memory, 1 << 20, new int[] {0, 1})));
      assertFalse(RankedRows.pays(rows(memory, 1, new int[] {0}, new int[] {0})));
      int[] all = new int[1 << 18];
      for (int c = 0; c < all.length; c++) {
        all[c] = c;
      }
      assertFalse(RankedRows.pays(rows(memory, 1 << 18, all, all, all)));
      assertTrue(RankedRows.pays(rows(memory, 1 << 18, all, all, all, all)));
    }
  }
}
