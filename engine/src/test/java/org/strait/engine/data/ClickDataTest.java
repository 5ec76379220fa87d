package org.strait.engine.data;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.HashSet;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.strait.memory.HostMemory;

class ClickDataTest {
  private final HostMemory memory = HostMemory.unlimited("test");
  private final ClickData clicks = new ClickData(1);

  @AfterEach
  void close() {
    memory.close();
  }

  private static double positives(Dataset data) {
    int count = 0;
    for (int r = 0; r < data.rows(); r++) {
      count += data.labels().get(r) > 0 ? 1 : 0;
    }
    return (double) count / data.rows();
  }

  /// Categorical features that at least one row in a hundred has.
  private static Set<Integer> popular(Dataset data) {
    int[] counts = new int[data.features()];
    for (long i = 0; i < data.entries(); i++) {
      counts[data.matrix().index().get(i)]++;
    }
    Set<Integer> popular = new HashSet<>();
    for (int f = 13; f < counts.length; f++) {
      if (counts[f] * 100L >= data.rows()) {
        popular.add(f);
      }
    }
    return popular;
  }

  @Test
  void rowsDependOnSeedDataCentreAndNumberAlone() {
    Dataset some = clicks.rows(2, 100, 300, memory);
    assertEquals(some.slice(50, 20).hash(), clicks.rows(2, 150, 20, memory).hash());
    assertNotEquals(some.hash(), clicks.rows(1, 100, 300, memory).hash());
    assertNotEquals(some.hash(), new ClickData(2).rows(2, 100, 300, memory).hash());
    // Pins the bits: they must be the same on every machine and in every version.
    assertEquals("77d096520c6484f9", clicks.rows(0, 0, 100, memory).hash().substring(0, 16));
  }

  @Test
  void rowsLookLikeClicks() {
    for (int dc = 0; dc < 3; dc++) {
      Dataset data = clicks.rows(dc, 0, 20_000, memory);
      assertEquals(ClickData.FEATURES, data.features());
      double entries = (double) data.entries() / data.rows();
      assertTrue(entries > 38 && entries <= 39, "entries per row " + entries);
      double rate = positives(data);
      assertTrue(rate > 0.18 && rate < 0.32, "share of +1: " + rate);
      double test = positives(clicks.rows(dc, ClickData.FIRST_TEST_ROW, 20_000, memory));
      assertEquals(rate, test, 0.02);
      double squares = 0;
      for (long i = 0; i < data.entries(); i++) {
        squares += Math.pow(data.matrix().value().get(i), 2);
      }
      assertTrue(squares / data.rows() < 40, "mean squared norm " + squares / data.rows());
      assertTrue(clicks.trainRows(dc) >= 60_000 && clicks.trainRows(dc) <= 100_000);
    }
  }

  @Test
  void dataCentresShareSomePopularValuesAndHaveOthersOfTheirOwn() {
    Set<Integer> one = popular(clicks.rows(0, 0, 20_000, memory));
    Set<Integer> two = popular(clicks.rows(1, 0, 20_000, memory));
    Set<Integer> both = new HashSet<>(one);
    both.retainAll(two);
    assertTrue(both.size() > 20, both.size() + " popular in both");
    assertTrue(one.size() - both.size() > 20, one.size() + " popular, " + both.size() + " in both");
  }

  @Test
  void impossibleRangesAreRefused() {
    assertThrows(IllegalArgumentException.class, () -> clicks.rows(-1, 0, 1, memory));
    assertThrows(IllegalArgumentException.class, () -> clicks.rows(0, -1, 1, memory));
    assertThrows(
        IllegalArgumentException.class, () -> clicks.rows(0, Integer.MAX_VALUE, 1, memory));
  }
}
