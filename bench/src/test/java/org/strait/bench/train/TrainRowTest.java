package org.strait.bench.train;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.gson.JsonObject;
import java.util.List;
import java.util.OptionalDouble;
import org.junit.jupiter.api.Test;
import org.strait.bench.run.Timing;

class TrainRowTest {
  private static final TrainRow ROW =
      new TrainRow(
          "a9a",
          1e-4,
          "strait",
          false,
          2,
          "--target",
          1000,
          new Timing(0.5, 0.4, 0.6),
          1e-7,
          OptionalDouble.empty());

  @Test
  void jsonIsThatOfTheContract() {
    JsonObject row = ROW.against(2).json();
    assertEquals("train", row.get("bench").getAsString());
    assertEquals("a9a, l2 0.000100", row.get("case").getAsString());
    assertEquals(4, row.get("ratioToBestPeer").getAsDouble());
    assertEquals(2e-6, row.get("gbPerSecond").getAsDouble(), 1e-18);
    assertEquals(1e-7, row.get("gap").getAsDouble());
    for (String name : List.of("who", "peer", "threads", "ranks", "bytes", "low", "high")) {
      assertTrue(row.has(name), name);
    }
    assertFalse(ROW.against(Double.POSITIVE_INFINITY).json().has("ratioToBestPeer"));
  }

  @Test
  void tableHasALineForEachRow() {
    List<String> lines = TrainRow.table(List.of(ROW, ROW.against(1)));
    assertEquals(3, lines.size());
    assertTrue(lines.get(2).endsWith("2.00"), lines.get(2));
  }
}
