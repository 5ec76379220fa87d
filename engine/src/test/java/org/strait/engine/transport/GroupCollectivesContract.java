package org.strait.engine.transport;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.strait.engine.topology.Group;
import org.strait.engine.transport.GroupCollectives.Element;
import org.strait.engine.transport.GroupCollectives.Reduction;
import org.strait.memory.HostMemory;

/// What collectives of a transport's own must do. Expected values are small whole numbers, which
/// every element type holds exactly.
@Timeout(90)
public abstract class GroupCollectivesContract {
  private static final Deadline SOON = Deadline.seconds("test", 20);
  private static final Deadline SHORT = new Deadline("allreduce", 200_000_000L);
  private static final long[] LENGTHS = {0, 1, 3, 64, 1000, 70_001};

  protected abstract Fabric fabric();

  /// Largest group to try.
  protected int most() {
    return 3;
  }

  @FunctionalInterface
  private interface Body {
    void run(int n, int me, GroupCollectives whole, HostMemory memory) throws Exception;
  }

  private void everywhere(Body body) {
    for (int n = 1; n <= most(); n++) {
      int size = n;
      try (Fabric fabric = fabric()) {
        Ranks.run(
            n,
            me -> {
              try (HostMemory memory = HostMemory.unlimited("rank");
                  Transport transport = fabric.join(Group.of("whole", size, me))) {
                body.run(size, me, transport.groupCollectives().orElseThrow(), memory);
              }
            });
      }
    }
  }

  private static long term(int rank, long i) {
    return (rank + 1) * (i % 97 - 40);
  }

  private static long expected(Reduction reduction, int n, long i) {
    long sum = 0;
    long max = Long.MIN_VALUE;
    for (int r = 0; r < n; r++) {
      sum += term(r, i);
      max = Math.max(max, term(r, i));
    }
    return reduction == Reduction.SUM ? sum : max;
  }

  private static void set(MemorySegment data, Element element, long i, long value) {
    switch (element) {
      case FLOAT32 -> data.setAtIndex(ValueLayout.JAVA_FLOAT, i, (float) value);
      case FLOAT64 -> data.setAtIndex(ValueLayout.JAVA_DOUBLE, i, (double) value);
      case INT32 -> data.setAtIndex(ValueLayout.JAVA_INT, i, (int) value);
    }
  }

  private static double get(MemorySegment data, Element element, long i) {
    return switch (element) {
      case FLOAT32 -> data.getAtIndex(ValueLayout.JAVA_FLOAT, i);
      case FLOAT64 -> data.getAtIndex(ValueLayout.JAVA_DOUBLE, i);
      case INT32 -> data.getAtIndex(ValueLayout.JAVA_INT, i);
    };
  }

  @ParameterizedTest
  @EnumSource
  void everybodyGetsTheReduction(Element element) {
    everywhere(
        (n, me, whole, memory) -> {
          for (Reduction reduction : Reduction.values()) {
            for (long length : LENGTHS) {
              MemorySegment data = memory.bytes(length * element.bytes()).segment();
              for (long i = 0; i < length; i++) {
                set(data, element, i, term(me, i));
              }
              whole.allReduce(data, element, reduction, SOON);
              for (long i = 0; i < length; i++) {
                assertEquals(
                    (double) expected(reduction, n, i), get(data, element, i), "element " + i);
              }
            }
          }
        });
  }

  @ParameterizedTest
  @EnumSource
  void everybodyGetsItsBlockOfTheReduction(Element element) {
    everywhere(
        (n, me, whole, memory) -> {
          for (Reduction reduction : Reduction.values()) {
            for (long length : LENGTHS) {
              MemorySegment all = memory.bytes(n * length * element.bytes()).segment();
              MemorySegment mine = memory.bytes(length * element.bytes()).segment();
              for (long i = 0; i < n * length; i++) {
                set(all, element, i, term(me, i));
              }
              whole.reduceScatter(all, mine, element, reduction, SOON);
              for (long i = 0; i < length; i++) {
                assertEquals(
                    (double) expected(reduction, n, me * length + i),
                    get(mine, element, i),
                    "element " + i);
              }
            }
          }
        });
  }

  @Test
  void blocksAreGatheredFromApartAndInPlace() {
    everywhere(
        (n, me, whole, memory) -> {
          for (long length : LENGTHS) {
            MemorySegment all = memory.bytes(n * length).segment();
            MemorySegment mine = memory.bytes(length).segment();
            mine.fill((byte) (me + 1));
            whole.allGather(mine, all, SOON);
            checkBlocks(all, n, length, 0);
            MemorySegment block = all.asSlice(me * length, length);
            block.fill((byte) (me + 11));
            whole.allGather(block, all, SOON);
            checkBlocks(all, n, length, 10);
          }
        });
  }

  private static void checkBlocks(MemorySegment all, int n, long length, int add) {
    for (int r = 0; r < n; r++) {
      for (long i = 0; i < length; i++) {
        assertEquals(r + 1 + add, all.get(ValueLayout.JAVA_BYTE, r * length + i));
      }
    }
  }

  @Test
  void everyRootTellsEverybody() {
    everywhere(
        (n, me, whole, memory) -> {
          for (int root = 0; root < n; root++) {
            for (long length : LENGTHS) {
              MemorySegment data = memory.bytes(length).segment();
              data.fill((byte) (me + 1));
              whole.broadcast(data, root, SOON);
              for (long i = 0; i < length; i++) {
                assertEquals(root + 1, data.get(ValueLayout.JAVA_BYTE, i));
              }
              whole.barrier(SOON);
            }
          }
        });
  }

  @Test
  void whoDoesNotComeIsNamedByAllOthers() {
    int n = most();
    CountDownLatch seen = new CountDownLatch(n - 1);
    try (Fabric fabric = fabric()) {
      Ranks.run(
          n,
          me -> {
            try (HostMemory memory = HostMemory.unlimited("rank");
                Transport transport = fabric.join(Group.of("late", n, me))) {
              GroupCollectives whole = transport.groupCollectives().orElseThrow();
              MemorySegment data = memory.bytes(4000).segment();
              whole.allReduce(data, Element.FLOAT32, Reduction.SUM, SOON);
              if (me == n - 1) {
                seen.await();
                return;
              }
              PeerLostException e =
                  assertThrows(
                      PeerLostException.class,
                      () -> whole.allReduce(data, Element.FLOAT32, Reduction.SUM, SHORT));
              seen.countDown();
              assertEquals(n - 1, e.peer().rank(), e.getMessage());
              assertEquals("allreduce", e.phase());
              assertTrue(e.waitedNanos() >= SHORT.idleNanos(), e.getMessage());
              assertTrue(e.why().startsWith("silent"), e.why());
              assertThrows(PeerLostException.class, () -> whole.barrier(SOON));
            }
          });
    }
  }

  @Test
  void whoHasClosedIsNamedAtOnce() {
    int n = most();
    try (Fabric fabric = fabric()) {
      Ranks.run(
          n,
          me -> {
            try (HostMemory memory = HostMemory.unlimited("rank");
                Transport transport = fabric.join(Group.of("leaves", n, me))) {
              GroupCollectives whole = transport.groupCollectives().orElseThrow();
              whole.barrier(SOON);
              if (me == 0) {
                return; // closes
              }
              MemorySegment data = memory.bytes(4000).segment();
              PeerLostException e =
                  assertThrows(PeerLostException.class, () -> whole.broadcast(data, 0, SOON));
              assertEquals(0, e.peer().rank(), e.getMessage());
              assertEquals("connection closed", e.why());
            }
          });
    }
  }

  @Test
  void wrongArgumentsAreRefused() {
    everywhere(
        (n, me, whole, memory) -> {
          MemorySegment five = memory.bytes(5).segment();
          MemorySegment odd = memory.bytes(5L * n + 1).segment();
          assertThrows(
              IllegalArgumentException.class,
              () -> whole.allReduce(five, Element.FLOAT32, Reduction.SUM, SOON));
          assertThrows(IllegalArgumentException.class, () -> whole.allGather(five, odd, SOON));
          assertThrows(IndexOutOfBoundsException.class, () -> whole.broadcast(five, n, SOON));
          whole.barrier(SOON);
        });
  }

  @Test
  void aClosedTransportDoesNothing() {
    try (Fabric fabric = fabric()) {
      Ranks.run(
          2,
          me -> {
            Transport transport = fabric.join(Group.of("closed", 2, me));
            GroupCollectives whole = transport.groupCollectives().orElseThrow();
            transport.close();
            assertThrows(IllegalStateException.class, () -> whole.barrier(SOON));
          });
    }
  }
}
