package org.strait.kernels;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Arrays;
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
          rows(memory, 9, new int[] {8}, new int[] {1, 4}, new int[] {1, 4, 5}, new int[] {4});
      RankedRows ranked = RankedRows.of(given.slice(1, 3), memory);
      assertArrayEquals(new int[] {4, 1, 5}, ranked.features().toArray());
      assertNull(ranked.dense());
      assertEquals(1, ranked.blocks());
      assertEquals(3, ranked.rowsOf(0));
      assertArrayEquals(new int[] {1, 0, 2}, ranked.order().slice(0, 3).toArray());
      assertEquals(3L * RankedRows.LANES, ranked.sliceStart().get(1));
      assertEquals(3L * RankedRows.LANES, ranked.sliceStart().get(RankedRows.SLICES));
      int[][] numbers = {{1, 1, 0}, {0, 0, 0}, {2, 0, 0}};
      float[][] values = {{21, 11, 34}, {24, 14, 0}, {25, 0, 0}};
      for (int entry = 0; entry < 3; entry++) {
        long at = (long) entry * RankedRows.LANES;
        assertArrayEquals(numbers[entry], ranked.index().slice(at, 3).toArray());
        assertArrayEquals(values[entry], ranked.value().slice(at, 3).toArray());
        assertEquals(0, ranked.value().get(at + 3), "a place that nothing stands at");
      }
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
      assertEquals(4L * RankedRows.LANES, ranked.sliceStart().get(RankedRows.SLICES));
      assertEquals(0, ranked.features().get(0));
      assertEquals(19, ranked.features().get(1));
      long second = RankedRows.LANES;
      assertArrayEquals(new float[] {0, 10, 20}, ranked.dense().slice(0, 3).toArray());
      assertArrayEquals(new float[] {19, 29, 39}, ranked.dense().slice(second, 3).toArray());
      assertArrayEquals(new float[] {1, 11, 0}, ranked.dense().slice(2 * second, 3).toArray());
      assertTrue(RankedRows.mostBytes(given) >= 8L * 4 * RankedRows.LANES);
    }
  }

  @Test
  void whatPreparingAllocatesIsWithinItsBound() {
    try (HostMemory memory = HostMemory.unlimited("test")) {
      int[] row = new int[40];
      for (int c = 0; c < row.length; c++) {
        row[c] = c;
      }
      Csr given = rows(memory, 40, row, new int[] {}, row, new int[] {3});
      try (HostMemory limited = new HostMemory("limited", RankedRows.mostBytes(given))) {
        assertEquals(40, RankedRows.of(given, limited).features().length());
      }
    }
  }

  @Test
  void aRowTooLongForFloat32IsRefused() {
    try (HostMemory memory = HostMemory.unlimited("test")) {
      int[] row = new int[RankedRows.LONGEST + 1];
      for (int c = 0; c < row.length; c++) {
        row[c] = c;
      }
      Csr given = rows(memory, row.length, row);
      assertEquals(
          "a row has 1025 entries, expected at most 1024",
          assertThrows(IllegalArgumentException.class, () -> RankedRows.of(given, memory))
              .getMessage());
    }
  }

  @Test
  void paysForManyFeaturesWithManyEntriesEachInRowsOfAboutOneLength() {
    try (HostMemory memory = HostMemory.unlimited("test")) {
      assertFalse(RankedRows.pays(rows(memory, 1 << 20, new int[] {0, 1})));
      assertTrue(RankedRows.pays(alike(memory, 1 << 13, 512)));
      assertFalse(RankedRows.pays(alike(memory, (1 << 13) - 1, 512)), "too few entries");
      assertFalse(RankedRows.pays(alike(memory, 1 << 12, 1025)), "rows too long");
      int[][] uneven = new int[1 << 16][];
      for (int r = 0; r < uneven.length; r++) {
        uneven[r] = new int[r % 32 == 0 ? 1024 : 64];
        for (int c = 0; c < uneven[r].length; c++) {
          uneven[r][c] = c;
        }
      }
      assertFalse(RankedRows.pays(rows(memory, 1 << 20, uneven)), "a third is filled up");
    }
  }

  private static Csr alike(HostMemory memory, int rows, int length) {
    int[] row = new int[length];
    for (int c = 0; c < length; c++) {
      row[c] = c;
    }
    int[][] all = new int[rows][];
    Arrays.fill(all, row);
    return rows(memory, 1 << 20, all);
  }
}
