package org.strait.engine.data;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.sun.management.ThreadMXBean;
import java.lang.management.ManagementFactory;
import java.lang.reflect.Proxy;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeSet;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.strait.kernels.SparseOps;
import org.strait.memory.HostMemory;

class ShardTest {
  private final HostMemory memory = HostMemory.unlimited("test");

  @AfterEach
  void close() {
    memory.close();
  }

  /// Row r has label r and the entry r:r.
  private Dataset numbered(int rows) {
    try (DatasetBuilder builder = new DatasetBuilder(memory)) {
      for (int r = 0; r < rows; r++) {
        builder.entry(r, r);
        builder.endRow(r);
      }
      return builder.build("numbered", Math.max(1, rows), memory);
    }
  }

  private static List<Float> epoch(Shard shard) {
    List<Float> labels = new ArrayList<>();
    for (int i = 0; i < shard.batchesPerEpoch(); i++) {
      Batch batch = shard.next();
      for (int r = 0; r < batch.rows(); r++) {
        long entry = batch.matrix().rowStart().get(r);
        assertEquals(batch.labels().get(r), batch.matrix().value().get(entry));
        labels.add(batch.labels().get(r));
      }
    }
    return labels;
  }

  @Test
  void everyEpochVisitsEveryRowOnceInAFreshOrder() {
    Shard shard = Shard.miniBatches(numbered(103), 10, 1, memory);
    assertEquals(11, shard.batchesPerEpoch());
    List<Float> first = epoch(shard);
    List<Float> second = epoch(shard);
    assertEquals(103, first.size());
    assertEquals(103, new TreeSet<>(first).size());
    assertEquals(103, new TreeSet<>(second).size());
    assertNotEquals(first, second);
    assertNotEquals(first, first.stream().sorted().toList());
    assertEquals(103, shard.all().rows());
    assertEquals(22, shard.position());
  }

  @Test
  void theSeedDecidesTheOrderAndAPositionCanBeSought() {
    Dataset data = numbered(103);
    Shard shard = Shard.miniBatches(data, 10, 1, memory);
    epoch(shard);
    shard.next();
    List<Float> onwards = epoch(shard);
    Shard again = Shard.miniBatches(data, 10, 1, memory);
    again.seek(12);
    assertEquals(onwards, epoch(again));
    Shard other = Shard.miniBatches(data, 10, 2, memory);
    other.seek(12);
    assertNotEquals(onwards, epoch(other));
    assertThrows(IllegalArgumentException.class, () -> other.seek(-1));
  }

  @Test
  void fullBatchesAreAllRows() {
    Dataset data = numbered(7);
    Shard shard = Shard.full(data);
    Batch batch = shard.next();
    assertSame(batch, shard.next());
    assertEquals(7, batch.rows());
    assertEquals(1, shard.batchesPerEpoch());
  }

  @Test
  void shardsWithoutRowsGiveEmptyBatches() {
    Dataset none = numbered(5).slice(2, 0);
    for (Shard shard : List.of(Shard.full(none), Shard.miniBatches(none, 4, 1, memory))) {
      for (int i = 0; i < 3; i++) {
        assertEquals(0, shard.next().rows());
      }
      assertEquals(0, shard.rows());
    }
  }

  @Test
  void batchesLargerThanTheShardAreAllRows() {
    Shard shard = Shard.miniBatches(numbered(5), Integer.MAX_VALUE, 1, memory);
    assertEquals(1, shard.batchesPerEpoch());
    assertEquals(5, shard.next().rows());
    assertThrows(
        IllegalArgumentException.class, () -> Shard.miniBatches(numbered(5), 0, 1, memory));
  }

  @Test
  void stepsAllocateNothing() {
    Shard shard = Shard.miniBatches(numbered(1000), 32, 1, memory);
    long rows = 0;
    for (int i = 0; i < 5000; i++) {
      rows += shard.next().rows();
    }
    ThreadMXBean thread = (ThreadMXBean) ManagementFactory.getThreadMXBean();
    long before = thread.getCurrentThreadAllocatedBytes();
    for (int i = 0; i < 5000; i++) {
      rows += shard.next().rows();
    }
    long allocated = thread.getCurrentThreadAllocatedBytes() - before;
    assertTrue(rows > 0);
    assertTrue(allocated < 5000, allocated + " bytes in 5000 steps");
  }

  /// Operations of which only the wish for prepared rows matters.
  private static SparseOps wishing(boolean ranked) {
    return (SparseOps)
        Proxy.newProxyInstance(
            ShardTest.class.getClassLoader(),
            new Class<?>[] {SparseOps.class},
            (proxy, method, arguments) -> ranked);
  }

  @Test
  void rowsAreOnlyPreparedForManyVisitsWhereThatPaysAndFits() {
    SparseOps ops = wishing(true);
    assertNull(Shard.full(numbered(5), ops, memory).next().ranked());
    try (DatasetBuilder builder = new DatasetBuilder(memory)) {
      for (int r = 0; r < 1 << 13; r++) {
        for (int f = r % 5; f < 2560; f += 5) {
          builder.entry(f, f);
        }
        builder.endRow(r);
      }
      Dataset many = builder.build("many", 2560, memory);
      Shard shard = Shard.full(many, ops, memory);
      assertSame(many.matrix(), shard.next().ranked().given());
      assertSame(shard.next().ranked(), shard.all().ranked());
      assertNull(Shard.full(many).next().ranked());
      assertNull(Shard.full(many, wishing(false), memory).next().ranked());
      assertNull(Shard.miniBatches(many, 1 << 12, 1, memory).next().ranked());
      try (HostMemory small = new HostMemory("small", 1 << 20)) {
        assertNull(Shard.full(many, ops, small).next().ranked());
        assertEquals(0, small.usedBytes());
      }
    }
  }

  @Test
  void rowsWithFewGapsAreKeptAsAMatrixThatEveryBatchIsASliceOf() {
    try (DatasetBuilder builder = new DatasetBuilder(memory)) {
      for (int r = 0; r < 7; r++) {
        builder.entry(r % 3, r + 1);
        builder.endRow(r);
      }
      Dataset narrow = builder.build("narrow", 3, memory);
      Shard full = Shard.full(narrow, wishing(true), memory);
      for (int r = 0; r < 7; r++) {
        for (int f = 0; f < 3; f++) {
          float expected = f == r % 3 ? r + 1 : 0;
          assertEquals(expected, full.next().dense().values().get(3L * r + f));
        }
      }
      assertEquals(full.next().dense().values().address(), full.all().dense().values().address());
      Shard batches = Shard.miniBatches(narrow, 3, 5, memory);
      for (int step = 0; step < 3; step++) {
        Batch batch = batches.next();
        for (int r = 0; r < batch.rows(); r++) {
          long entry = batch.matrix().rowStart().get(r);
          int feature = batch.matrix().index().get(entry);
          assertEquals(
              batch.matrix().value().get(entry), batch.dense().values().get(3L * r + feature));
        }
      }
      assertNull(Shard.full(narrow).next().dense());
      try (HostMemory small = new HostMemory("small", 100)) {
        assertNull(Shard.full(narrow, wishing(true), small).next().dense());
      }
    }
  }
}
