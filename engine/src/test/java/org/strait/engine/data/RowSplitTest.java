package org.strait.engine.data;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.strait.memory.HostMemory;

class RowSplitTest {
  private final HostMemory memory = HostMemory.unlimited("test");
  @TempDir Path folder;

  @AfterEach
  void close() {
    memory.close();
  }

  private Dataset labelled(String labels) {
    byte[] text = labels.replace(' ', '\n').getBytes(StandardCharsets.UTF_8);
    return LibSvmReader.read("f", new ByteArrayInputStream(text), memory);
  }

  private SiteFile sites(String lines) throws IOException {
    return SiteFile.read(Files.writeString(folder.resolve("sites"), lines));
  }

  @ParameterizedTest
  @ValueSource(strings = {"contiguous", "random", "label"})
  void everyRowGoesToOneRankAndSizesDifferByOne(String name) {
    Dataset data = labelled("1 -1 ".repeat(51) + "1");
    List<String> dcs = List.of("a", "b", "c");
    int[] ranks = {2, 3, 1};
    RowAssignment rows = RowAssignment.of(data, RowSplits.choose(name, 7, null), dcs, ranks);
    int[] all = new int[0];
    for (int dc = 0; dc < 3; dc++) {
      assertTrue(rows.count(dc) == 34 || rows.count(dc) == 35);
      int[] ofRanks = new int[0];
      for (int rank = 0; rank < ranks[dc]; rank++) {
        int[] mine = rows.rows(dc, rank);
        assertTrue(Math.abs(mine.length - rows.count(dc) / ranks[dc]) <= 1);
        ofRanks = concatenate(ofRanks, mine);
      }
      assertArrayEquals(rows.rows(dc), ofRanks);
      all = concatenate(all, ofRanks);
    }
    Arrays.sort(all);
    for (int row = 0; row < 103; row++) {
      assertEquals(row, all[row]);
    }
    assertEquals(name, RowSplits.choose(name, 7, null).name());
  }

  private static int[] concatenate(int[] a, int[] b) {
    int[] both = Arrays.copyOf(a, a.length + b.length);
    System.arraycopy(b, 0, both, a.length, b.length);
    return both;
  }

  @Test
  void labelsAreSeparatedByTheLabelSplit() {
    Dataset data = labelled("1 -1 1 -1 1 -1");
    RowSplit split = RowSplits.choose("label", 0, null);
    assertArrayEquals(new int[] {1, 0, 1, 0, 1, 0}, split.dcOfRow(data, List.of("a", "b")));
  }

  @Test
  void theSeedDecidesTheRandomSplit() {
    Dataset data = labelled("1 ".repeat(200) + "1");
    List<String> dcs = List.of("a", "b");
    int[] one = RowSplits.choose("random", 1, null).dcOfRow(data, dcs);
    assertArrayEquals(one, RowSplits.choose("random", 1, null).dcOfRow(data, dcs));
    assertFalse(Arrays.equals(one, RowSplits.choose("random", 2, null).dcOfRow(data, dcs)));
  }

  @Test
  void sitesAreDataCentres() throws IOException {
    Dataset data = labelled("1 1 1 1");
    SiteFile sites = sites("EWR\nJFK\r\nEWR\nLGA");
    assertEquals(List.of("EWR", "JFK", "LGA"), sites.names());
    RowSplit split = RowSplits.choose("sites", 0, sites);
    assertArrayEquals(new int[] {0, 1, 0, 2}, split.dcOfRow(data, sites.names()));
    assertArrayEquals(new int[] {1, 2, 1, 0}, split.dcOfRow(data, List.of("LGA", "EWR", "JFK")));
    DataException unknown =
        assertThrows(DataException.class, () -> split.dcOfRow(data, List.of("EWR", "JFK")));
    assertTrue(
        unknown.getMessage().contains("sites [EWR, JFK, LGA], but the data centres are [EWR, JFK]"),
        unknown.getMessage());
    DataException rows =
        assertThrows(
            DataException.class,
            () -> split.dcOfRow(labelled("1 1"), List.of("EWR", "JFK", "LGA")));
    assertTrue(rows.getMessage().contains("4 lines, but f has 2 rows"), rows.getMessage());
  }

  @Test
  void siteFilesWithoutNamesAreRefused() {
    assertTrue(
        assertThrows(DataException.class, () -> sites("a\n\nb\n")).getMessage().contains(":2:1: "));
    assertThrows(DataException.class, () -> sites(""));
    assertThrows(DataException.class, () -> sites("a\u0000\n"));
    assertThrows(DataException.class, () -> SiteFile.read(folder.resolve("none")));
  }

  @Test
  void emptyDataCentresAndRanksAreRefused() throws IOException {
    Dataset data = labelled("1 1 1");
    RowSplit even = RowSplits.choose("contiguous", 0, null);
    DataException dc =
        assertThrows(
            DataException.class,
            () ->
                RowAssignment.of(data, even, List.of("a", "b", "c", "d"), new int[] {1, 1, 1, 1}));
    assertTrue(dc.getMessage().contains("data centre d gets no row"), dc.getMessage());
    DataException rank =
        assertThrows(
            DataException.class,
            () -> RowAssignment.of(data, even, List.of("a", "b"), new int[] {1, 2}));
    assertTrue(
        rank.getMessage().contains("data centre b gets 1 rows for 2 ranks"), rank.getMessage());
    SiteFile sites = sites("a\na\na\n");
    assertThrows(
        DataException.class,
        () ->
            RowAssignment.of(
                data, RowSplits.choose("sites", 0, sites), List.of("a", "b"), new int[] {1, 1}));
    assertThrows(
        IllegalArgumentException.class,
        () -> RowAssignment.of(data, even, List.of("a"), new int[] {1, 1}));
  }

  @Test
  void unknownSplitsAreRefusedWithTheNearestName() {
    IllegalArgumentException e =
        assertThrows(IllegalArgumentException.class, () -> RowSplits.choose("contigous", 0, null));
    assertEquals(
        "unknown split \"contigous\"; did you mean \"contiguous\"? known: contiguous, random,"
            + " label, sites, users, dirichlet:ALPHA",
        e.getMessage());
    assertThrows(IllegalArgumentException.class, () -> RowSplits.choose("sites", 0, null));
  }

  @Test
  void dirichletSkewsLabelsTheMoreTheSmallerAlphaIs() {
    Dataset data = labelled("0 1 2 3 ".repeat(500) + "0");
    List<String> dcs = List.of("a", "b", "c", "d");
    double even = skew(data, "dirichlet:100", dcs);
    double uneven = skew(data, "dirichlet:0.3", dcs);
    assertTrue(even < 0.2, "even " + even);
    assertTrue(uneven > 0.35, "uneven " + uneven);
    int[] one = RowSplits.choose("dirichlet:0.5", 1, null).dcOfRow(data, dcs);
    assertArrayEquals(one, RowSplits.choose("dirichlet:0.5", 1, null).dcOfRow(data, dcs));
    int[] other = RowSplits.choose("dirichlet:0.5", 2, null).dcOfRow(data, dcs);
    assertFalse(Arrays.equals(one, other));
    for (String wrong : List.of("dirichlet:0", "dirichlet:x", "dirichlet:-1", "dirichlet:")) {
      assertThrows(IllegalArgumentException.class, () -> RowSplits.choose(wrong, 1, null));
    }
  }

  /// Mean over data centres of half the sum of |share of label there - share everywhere|.
  private static double skew(Dataset data, String split, List<String> dcs) {
    int[] dcOfRow = RowSplits.choose(split, 3, null).dcOfRow(data, dcs);
    double[][] counts = new double[dcs.size()][4];
    double[] rows = new double[dcs.size()];
    for (int row = 0; row < dcOfRow.length; row++) {
      counts[dcOfRow[row]][(int) data.labels().get(row)]++;
      rows[dcOfRow[row]]++;
    }
    double sum = 0;
    for (int dc = 0; dc < dcs.size(); dc++) {
      assertTrue(rows[dc] >= 62, rows[dc] + " rows");
      for (int label = 0; label < 4; label++) {
        sum += Math.abs(counts[dc][label] / rows[dc] - 0.25) / 2 / dcs.size();
      }
    }
    return sum;
  }

  @Test
  void dirichletSplitsDealTestRowsAsTrainingRows() {
    List<String> dcs = List.of("a", "b", "c");
    RowSplit split = RowSplits.choose("dirichlet:0.5", 4, null);
    int[] train = split.dcOfRow(labelled("0 1 ".repeat(600) + "0"), dcs);
    int[] test = split.dcOfRow(labelled("0 1 ".repeat(60) + "0"), dcs);
    for (int label = 0; label < 2; label++) {
      for (int dc = 0; dc < 3; dc++) {
        assertEquals(share(train, label, dc), share(test, label, dc), 0.02);
      }
    }
  }

  private static double share(int[] dcOfRow, int label, int dc) {
    double all = 0;
    double there = 0;
    for (int row = label; row < dcOfRow.length; row += 2) {
      all++;
      there += dcOfRow[row] == dc ? 1 : 0;
    }
    return there / all;
  }
}
