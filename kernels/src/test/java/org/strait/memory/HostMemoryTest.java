package org.strait.memory;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;

class HostMemoryTest {
  private static final Path SMAPS = Path.of("/proc/self/smaps");

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

  /// Above and below the length from which runs lie on large pages.
  @Test
  void largeRunsAreZeroedCountedAndGone() {
    try (HostMemory memory = HostMemory.unlimited("test")) {
      long used = 0;
      for (long n : new long[] {(1 << 20) - 1, 1 << 20, 3_000_001, 10_000_003}) {
        Floats run = memory.floats(n);
        used += n * Floats.BYTES;
        assertEquals(n, run.length());
        assertEquals(used, memory.usedBytes());
        assertEquals(0, run.address() % 64);
        for (long i = 0; i < n; i += 1021) {
          assertEquals(0, run.get(i));
          run.set(i, 1);
        }
        run.set(n - 1, 1);
        assertThrows(IndexOutOfBoundsException.class, () -> run.get(n));
      }
    }
  }

  @Test
  void largeRunsLieOnLargePagesAndAreGivenBack() throws Exception {
    assumeTrue(Files.exists(SMAPS), "no /proc: cannot see what is mapped");
    HostMemory memory = HostMemory.unlimited("test");
    Floats run = memory.floats(10_000_003);
    run.set(0, 1);
    assertTrue(mapping(run.address()).contains(" hg"), "not marked for large pages");
    assertEquals(0, run.address() % (1 << 21));
    memory.close();
    assertEquals("", mapping(run.address()), "still mapped");
    assertThrows(IllegalStateException.class, () -> run.get(0));
  }

  /// The flags of the mapping that an address lies in; empty if nothing is mapped there.
  private static String mapping(long address) throws IOException {
    boolean inside = false;
    for (String line : Files.readAllLines(SMAPS)) {
      int dash = line.indexOf('-');
      int space = line.indexOf(' ');
      if (dash > 0 && space > dash && line.charAt(space - 1) != ':') {
        long start = Long.parseUnsignedLong(line.substring(0, dash), 16);
        long end = Long.parseUnsignedLong(line.substring(dash + 1, space), 16);
        inside =
            Long.compareUnsigned(start, address) <= 0 && Long.compareUnsigned(address, end) < 0;
      } else if (inside && line.startsWith("VmFlags:")) {
        return line;
      }
    }
    return "";
  }

  @Test
  void whatTheSystemHasNotIsRefusedWithoutCounting() {
    try (HostMemory memory = HostMemory.unlimited("test")) {
      MemoryLimitException refused =
          assertThrows(MemoryLimitException.class, () -> memory.bytes(1L << 60));
      assertEquals(
          "memory test: the system has no " + (1L << 60) + " bytes left", refused.getMessage());
      assertEquals(0, memory.usedBytes());
      assertEquals(8, memory.bytes(8).length());
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
