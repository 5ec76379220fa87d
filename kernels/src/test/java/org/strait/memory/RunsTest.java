package org.strait.memory;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.lang.foreign.MemorySegment;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class RunsTest {
  private final HostMemory memory = HostMemory.unlimited("runs");

  @AfterEach
  void close() {
    memory.close();
  }

  @Test
  void heapSegmentsAreRefused() {
    MemorySegment heap = MemorySegment.ofArray(new byte[16]);
    assertThrows(IllegalArgumentException.class, () -> Floats.over(heap));
    assertThrows(IllegalArgumentException.class, () -> Doubles.over(heap));
    assertThrows(IllegalArgumentException.class, () -> Ints.over(heap));
    assertThrows(IllegalArgumentException.class, () -> Longs.over(heap));
    assertThrows(IllegalArgumentException.class, () -> Bytes.over(heap));
  }

  @Test
  void segmentsThatAreNoWholeNumberOfElementsAreRefused() {
    MemorySegment seven = memory.bytes(7).segment();
    assertThrows(IllegalArgumentException.class, () -> Floats.over(seven));
    assertThrows(IllegalArgumentException.class, () -> Doubles.over(seven));
    assertThrows(IllegalArgumentException.class, () -> Ints.over(seven));
    assertThrows(IllegalArgumentException.class, () -> Longs.over(seven));
    assertEquals(7, Bytes.over(seven).length());
  }

  @Test
  void slicesAreViewsCountedInElements() {
    Floats run = memory.floats(10);
    Floats slice = run.slice(3, 4);
    slice.fill(2);
    assertArrayEquals(new float[] {0, 0, 0, 2, 2, 2, 2, 0, 0, 0}, run.toArray());
    assertEquals(run.address() + 12, slice.address());
    assertEquals(0, run.slice(10, 0).length());
    assertThrows(IndexOutOfBoundsException.class, () -> run.slice(8, 3));
    assertThrows(IndexOutOfBoundsException.class, () -> run.slice(-1, 3));
    assertThrows(IndexOutOfBoundsException.class, () -> slice.get(4));
    assertThrows(IndexOutOfBoundsException.class, () -> slice.set(-1, 0));
    Longs longs = memory.longs(4);
    longs.slice(1, 2).fill(5);
    assertArrayEquals(new long[] {0, 5, 5, 0}, longs.toArray());
    Doubles doubles = memory.doubles(4);
    doubles.slice(1, 2).fill(5);
    assertArrayEquals(new double[] {0, 5, 5, 0}, doubles.toArray());
    Ints ints = memory.ints(4);
    ints.slice(1, 2).fill(5);
    assertArrayEquals(new int[] {0, 5, 5, 0}, ints.toArray());
    Bytes bytes = memory.bytes(4);
    bytes.slice(1, 2).fill((byte) 5);
    assertArrayEquals(new byte[] {0, 5, 5, 0}, bytes.toArray());
  }

  @Test
  void copiesNeedEqualLengths() {
    Floats run = memory.floats(3);
    run.copyFrom(new float[] {1, 2, 3});
    Floats other = memory.floats(3);
    other.copyFrom(run);
    float[] array = new float[3];
    other.copyTo(array);
    assertArrayEquals(new float[] {1, 2, 3}, array);
    assertThrows(IllegalArgumentException.class, () -> run.copyFrom(memory.floats(4)));
    assertThrows(IllegalArgumentException.class, () -> run.copyFrom(new float[2]));
    assertThrows(IllegalArgumentException.class, () -> run.copyTo(new float[4]));
  }
}
