package org.strait.engine.data;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.strait.memory.HostMemory;

class RealDataTest {
  private final HostMemory memory = HostMemory.unlimited("test");

  @AfterEach
  void close() {
    memory.close();
  }

  private static int positives(Dataset data) {
    int count = 0;
    for (int r = 0; r < data.rows(); r++) {
      count += data.labels().get(r) > 0 ? 1 : 0;
    }
    return count;
  }

  @Test
  void a9aHasTheKnownCounts() {
    Dataset data = LibSvmReader.read(SharedData.file("a9a/a9a.gz"), memory);
    assertEquals("{-1, 1}", Labels.auto().apply(data).toString());
    assertEquals(32561, data.rows());
    assertEquals(123, data.features());
    assertEquals(451592, data.entries());
    assertEquals(7841, positives(data));
    Dataset test = LibSvmReader.read(SharedData.file("a9a/a9a.t.gz"), memory);
    assertEquals(16281, test.rows());
    assertEquals(3846, positives(test));
    assertEquals(123, test.withFeatures(123).features());
  }

  @Test
  void flightsHaveTheKnownCountsAndSites() {
    Dataset data = LibSvmReader.read(SharedData.file("derived/nycflights13.libsvm.gz"), memory);
    assertEquals(261877, data.rows());
    assertEquals(8391, data.features());
    assertEquals(3142524, data.entries());
    assertEquals(61894, positives(data));
    SiteFile sites = SiteFile.read(SharedData.file("derived/nycflights13.sites.gz"));
    List<String> dcs = List.of("EWR", "LGA", "JFK");
    RowAssignment rows =
        RowAssignment.of(data, RowSplits.choose("sites", 0, sites), dcs, new int[] {2, 2, 2});
    assertEquals(93629, rows.count(0));
    assertEquals(80927, rows.count(1));
    assertEquals(87321, rows.count(2));
    Dataset first = data.select(rows.rows(0), memory);
    assertEquals(25.5, 100.0 * positives(first) / first.rows(), 0.05);
  }

  @Test
  void hospitalsDifferInTheirShareOfPositives() {
    Dataset data =
        LibSvmReader.read(SharedData.file("derived/heart-4-hospitals.libsvm.gz"), memory);
    SiteFile sites = SiteFile.read(SharedData.file("derived/heart-4-hospitals.sites.gz"));
    RowAssignment rows =
        RowAssignment.of(
            data, RowSplits.choose("sites", 0, sites), sites.names(), new int[] {1, 1, 1, 1});
    int switzerland = sites.names().indexOf("switzerland");
    assertEquals(98, rows.count(switzerland));
    Dataset swiss = data.select(rows.rows(switzerland), memory);
    assertEquals(93.9, 100.0 * positives(swiss) / 98, 0.05);
  }
}
