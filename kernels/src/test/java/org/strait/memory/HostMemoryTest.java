package org.strait.memory;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;

class HostMemoryTest {
  @Test
  void runsAreZeroedAndStartOnACacheLine() {
    try (HostMemory memory = HostMemory.unlimited("test")) {
      Floats first = memory.floats(3);
      Floats second = memory.floats(1000);
      assertEquals(0, first.address() % 64);
      assertEquals(0, second.address() % 64);
      assertArrayEquals(new float[1000], second.toArray());
    }
  }

  @Test
  void limitHoldsAndIsReportedWithNumbers() {
    try (HostMemory memory = new HostMemory("replica", 100)) {
      Floats kept = memory.floats(20);
      String message =
          assertThrows(IllegalStateException.class, () -> memory.bytes(21)).getMessage();
      assertEquals("memory replica: 21 bytes asked, 80 of 100 in use", message);
      assertEquals(80, memory.usedBytes());
      assertEquals(20, memory.bytes(20).length());
      assertEquals(100, memory.usedBytes());
      assertEquals(20, kept.length());
    }
  }

  @Test
  void childCountsAgainstItsParentUntilClosed() {
    try (HostMemory parent = new HostMemory("rank", 100)) {
      try (HostMemory child = parent.child("batch")) {
        assertEquals("rank/batch", child.name());
        assertEquals(15, child.ints(15).length());
        assertEquals(60, parent.usedBytes());
        assertThrows(IllegalStateException.class, () -> child.ints(11));
        assertEquals(60, child.usedBytes(), "a refused run is not counted");
        assertThrows(IllegalStateException.class, () -> parent.ints(11));
      }
      assertEquals(0, parent.usedBytes());
      assertEquals(25, parent.ints(25).length());
    }
  }

  @Test
  void closeIsRefusedWithTheNamesOfOpenChildren() {
    HostMemory parent = HostMemory.unlimited("rank");
    HostMemory batch = parent.child("batch");
    HostMemory model = parent.child("model");
    String message = assertThrows(IllegalStateException.class, parent::close).getMessage();
    assertTrue(message.contains("rank/batch") && message.contains("rank/model"), message);
    Floats alive = parent.floats(1);
    alive.set(0, 1);
    assertEquals(1, alive.get(0));
    batch.close();
    model.close();
    parent.close();
    parent.close();
    assertThrows(IllegalStateException.class, () -> alive.get(0));
    assertThrows(IllegalStateException.class, () -> parent.floats(1));
    assertThrows(IllegalStateException.class, () -> parent.child("late"));
  }

  @Test
  void wrongSizesAreRefused() {
    assertThrows(IllegalArgumentException.class, () -> new HostMemory("negative", -1));
    try (HostMemory memory = HostMemory.unlimited("test")) {
      assertThrows(IllegalArgumentException.class, () -> memory.floats(-1));
      assertThrows(ArithmeticException.class, () -> memory.longs(Long.MAX_VALUE));
      assertEquals(0, memory.usedBytes());
      assertEquals(0, memory.floats(0).length());
    }
  }

  @Test
  void roomEndsAtTheNearestLimit() {
    assertEquals(Long.MAX_VALUE, HostMemory.unlimited("wide").roomBytes());
    try (HostMemory parent = new HostMemory("parent", 100)) {
      parent.bytes(30);
      try (HostMemory child = parent.child("child")) {
        assertEquals(70, child.roomBytes());
        child.bytes(20);
        assertEquals(50, child.roomBytes());
        assertEquals(50, parent.roomBytes());
      }
    }
  }
}
