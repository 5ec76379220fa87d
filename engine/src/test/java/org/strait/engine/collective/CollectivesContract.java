package org.strait.engine.collective;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.strait.engine.topology.Group;
import org.strait.engine.transport.Deadline;
import org.strait.engine.transport.Fabric;
import org.strait.engine.transport.GroupCollectives.Element;
import org.strait.engine.transport.GroupCollectives.Reduction;
import org.strait.engine.transport.PeerLostException;
import org.strait.engine.transport.Ranks;
import org.strait.memory.Bytes;
import org.strait.memory.Doubles;
import org.strait.memory.Floats;
import org.strait.memory.HostMemory;

/// What collectives must do, whatever the transport: every member of the transport family runs all
/// of it, with every algorithm. Expected values are closed forms that float32 holds exactly.
@Timeout(120)
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
abstract class CollectivesContract {
  protected static final Deadline SOON = Deadline.seconds("test", 30);
  private static final long SEED = 20261121;

  protected abstract Fabric fabric();

  /// Group sizes to try.
  protected IntStream sizes() {
    return IntStream.rangeClosed(1, 16);
  }

  /// Longest vector in floats for large groups.
  protected long longest() {
    return 10_007;
  }

  /// Algorithms that this transport can run.
  protected List<String> names() {
    List<String> names = new ArrayList<>(Collectives.names());
    names.removeAll(List.of("transport", "hierarchical"));
    return names;
  }

  private interface Body {
    void run(int me, Collectives collectives, HostMemory memory) throws Exception;
  }

  private void everywhere(int n, String name, long segmentBytes, Body body) {
    try (Fabric fabric = fabric()) {
      Ranks.run(
          n,
          me -> {
            try (HostMemory memory = HostMemory.unlimited("rank" + me);
                Collectives collectives =
                    Collectives.over(
                        fabric.join(Group.of("all", n, me)),
                        name,
                        memory,
                        new PlainDense(),
                        segmentBytes)) {
              body.run(me, collectives, memory);
            }
          });
    }
  }

  private static float term(int rank, long i) {
    return (rank + 1) * (float) (i % 1021 + 1);
  }

  private static void checkSum(
      Collectives collectives, HostMemory memory, int me, int n, long length) {
    Floats vector = memory.floats(length);
    for (long i = 0; i < length; i++) {
      vector.set(i, term(me, i));
    }
    collectives.sum(vector, SOON);
    for (long i = 0; i < length; i++) {
      float expected = n * (n + 1) / 2f * (i % 1021 + 1);
      if (vector.get(i) != expected) {
        assertEquals(expected, vector.get(i), "n " + n + " length " + length + " element " + i);
      }
    }
  }

  @ParameterizedTest
  @MethodSource("sizes")
  void sumsAreExactForEveryAlgorithmAndLength(int n) {
    for (String name : names()) {
      everywhere(
          n,
          name,
          Collectives.SEGMENT_BYTES,
          (me, collectives, memory) -> {
            assertEquals(name, collectives.name());
            for (long length : new long[] {0, 1, 4, 100, 1000, 10_007}) {
              if (length <= longest()) {
                checkSum(collectives, memory, me, n, length);
              }
            }
          });
    }
  }

  @ParameterizedTest
  @MethodSource("sizes")
  void tinySegmentsReachTheManySegmentBranches(int n) {
    for (String name : names()) {
      everywhere(
          n,
          name,
          64,
          (me, collectives, memory) -> {
            for (long length : new long[] {15, 16, 17, 16L * n, 16L * n + 1, 1000}) {
              checkSum(collectives, memory, me, n, length);
            }
            Bytes bytes = memory.bytes(1001);
            bytes.fill((byte) (me == n - 1 ? 42 : 1));
            collectives.broadcast(bytes.segment(), n - 1, SOON);
            for (long i = 0; i < bytes.length(); i++) {
              assertEquals(42, bytes.get(i));
            }
          });
    }
  }

  @Test
  void longVectors() {
    for (String name : names()) {
      for (int n : new int[] {2, 3}) {
        everywhere(
            n,
            name,
            Collectives.SEGMENT_BYTES,
            (me, collectives, memory) -> checkSum(collectives, memory, me, n, 1_000_003));
      }
    }
  }

  @Test
  void roundedSumsHaveTheSameBitsOnEveryMemberAndInEveryRun() {
    int n = 5;
    int length = 3001;
    for (String name : names()) {
      float[][][] results = new float[2][n][];
      for (int run = 0; run < 2; run++) {
        float[][] result = results[run];
        everywhere(
            n,
            name,
            256,
            (me, collectives, memory) -> {
              SplittableRandom random = new SplittableRandom(SEED + me);
              Floats vector = memory.floats(length);
              for (int i = 0; i < length; i++) {
                vector.set(i, (float) (random.nextDouble() - 0.5));
              }
              vector.set(7, me == 3 ? Float.NaN : me);
              vector.set(8, me == 1 ? Float.POSITIVE_INFINITY : me);
              collectives.sum(vector, SOON);
              result[me] = vector.toArray();
            });
      }
      for (int i = 0; i < length; i++) {
        int bits = Float.floatToRawIntBits(results[0][0][i]);
        for (int run = 0; run < 2; run++) {
          for (int r = 0; r < n; r++) {
            assertEquals(bits, Float.floatToRawIntBits(results[run][r][i]), name + " " + i);
          }
        }
      }
      assertTrue(Float.isNaN(results[0][0][7]) && Float.isInfinite(results[0][0][8]));
    }
  }

  @ParameterizedTest
  @MethodSource("sizes")
  void doublesAreAddedInMemberOrder(int n) {
    everywhere(
        n,
        "auto",
        Collectives.SEGMENT_BYTES,
        (me, collectives, memory) -> {
          for (int length : new int[] {0, 1, 3, 511, 512, 513, 2000}) {
            Doubles vector = memory.doubles(length);
            for (int i = 0; i < length; i++) {
              vector.set(i, value(me, i));
            }
            collectives.sum(vector, SOON);
            for (int i = 0; i < length; i++) {
              double expected = value(0, i);
              for (int r = 1; r < n; r++) {
                expected += value(r, i);
              }
              assertEquals(expected, vector.get(i));
            }
          }
        });
  }

  // Of very different sizes, so that another order gives other bits.
  private static double value(int rank, int i) {
    return Math.scalb(1.0 / (3 + i), (rank * 7 + i) % 23 - 11);
  }

  @ParameterizedTest
  @MethodSource("sizes")
  void broadcastGatherAllGatherFromEveryRoot(int n) {
    everywhere(
        n,
        "ring",
        Collectives.SEGMENT_BYTES,
        (me, collectives, memory) -> {
          for (int root = 0; root < n; root++) {
            for (int length : new int[] {0, 1, 24, 1000}) {
              Bytes mine = memory.bytes(length);
              Bytes all = memory.bytes((long) n * length);
              mine.fill((byte) (10 * root + me + 1));
              collectives.gather(mine.segment(), all.segment(), root, SOON);
              for (int r = 0; me == root && r < n; r++) {
                assertFilled(all.slice((long) r * length, length), 10 * root + r + 1);
              }
              collectives.allGather(mine.segment(), all.segment(), SOON);
              for (int r = 0; r < n; r++) {
                assertFilled(all.slice((long) r * length, length), 10 * root + r + 1);
              }
              collectives.broadcast(mine.segment(), root, SOON);
              assertFilled(mine, 10 * root + root + 1);
            }
          }
        });
  }

  private static void assertFilled(Bytes bytes, int value) {
    byte[] expected = new byte[(int) bytes.length()];
    java.util.Arrays.fill(expected, (byte) value);
    assertArrayEquals(expected, bytes.toArray());
  }

  @ParameterizedTest
  @MethodSource("sizes")
  void everyTypeIsAddedAndCompared(int n) {
    for (String name : names()) {
      everywhere(
          n,
          name,
          64,
          (me, collectives, memory) -> {
            for (Element element : Element.values()) {
              for (Reduction reduction : Reduction.values()) {
                for (long length : new long[] {0, 1, 40, 333}) {
                  MemorySegment data = memory.longs(length).segment();
                  data = data.asSlice(0, length * element.bytes());
                  for (long i = 0; i < length; i++) {
                    set(data, element, i, whole(me, i));
                  }
                  collectives.allReduce(data, element, reduction, SOON);
                  for (long i = 0; i < length; i++) {
                    assertEquals(
                        expected(reduction, n, i),
                        get(data, element, i),
                        name + " " + element + " " + reduction + " element " + i);
                  }
                }
              }
            }
          });
    }
  }

  // Negative ones too, so that a maximum that begins with 0 shows.
  private static long whole(int rank, long i) {
    return (rank + 1) * (i % 97 - 60);
  }

  private static double expected(Reduction reduction, int n, long i) {
    long sum = 0;
    long max = Long.MIN_VALUE;
    for (int r = 0; r < n; r++) {
      sum += whole(r, i);
      max = Math.max(max, whole(r, i));
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
  @MethodSource("sizes")
  void everybodyGetsItsBlockOfTheReductionAndAllBlocksBack(int n) {
    for (String name : names()) {
      everywhere(
          n,
          name,
          64,
          (me, collectives, memory) -> {
            for (int length : new int[] {0, 1, 16, 17, 300}) {
              Floats all = memory.floats((long) n * length);
              Floats mine = memory.floats(length);
              for (long i = 0; i < all.length(); i++) {
                all.set(i, (float) whole(me, i));
              }
              collectives.reduceScatter(
                  all.segment(), mine.segment(), Element.FLOAT32, Reduction.SUM, SOON);
              for (int i = 0; i < length; i++) {
                assertEquals(expected(Reduction.SUM, n, (long) me * length + i), mine.get(i));
              }
              collectives.allGather(mine.segment(), all.segment(), SOON);
              for (long i = 0; i < all.length(); i++) {
                assertEquals(expected(Reduction.SUM, n, i), all.get(i), name + " element " + i);
              }
            }
          });
    }
  }

  @ParameterizedTest
  @MethodSource("sizes")
  void aMeanIsTheSumDividedAndTheBackendScales(int n) {
    everywhere(
        n,
        "auto",
        Collectives.SEGMENT_BYTES,
        (me, collectives, memory) -> {
          Floats vector = memory.floats(100);
          for (long i = 0; i < 100; i++) {
            vector.set(i, (float) whole(me, i));
          }
          collectives.mean(vector, SOON);
          for (long i = 0; i < 100; i++) {
            float sum = (float) expected(Reduction.SUM, n, i);
            assertEquals(n == 1 ? sum : sum * (1f / n), vector.get(i));
          }
        });
  }

  @ParameterizedTest
  @MethodSource("sizes")
  void groupsSplitAndWorkSideBySide(int n) {
    everywhere(
        n,
        "auto",
        Collectives.SEGMENT_BYTES,
        (me, collectives, memory) -> {
          // Odd and even members, each in descending order.
          try (Collectives part = collectives.split(me % 2, -me, memory, SOON)) {
            int members = (n + 1 - me % 2) / 2;
            Group group = part.transport().group();
            assertEquals(members, group.size());
            for (int i = 0; i < members; i++) {
              int wanted = me % 2 + 2 * (members - 1 - i);
              assertEquals(
                  collectives.transport().group().members().get(wanted), group.members().get(i));
            }
            Floats vector = memory.floats(1000);
            vector.fill(me);
            part.sum(vector, SOON);
            float sum = 0;
            for (int r = me % 2; r < n; r += 2) {
              sum += r;
            }
            assertEquals(sum, vector.get(999));
            Bytes token = memory.bytes(8);
            token.fill((byte) me);
            part.broadcast(token.segment(), members - 1, SOON);
            assertFilled(token, me % 2);
            part.barrier(SOON);
          }
          checkSum(collectives, memory, me, n, 1000);
        });
  }

  @ParameterizedTest
  @MethodSource("sizes")
  void nobodyLeavesABarrierBeforeAllHaveCome(int n) {
    AtomicInteger arrived = new AtomicInteger();
    everywhere(
        n,
        "auto",
        Collectives.SEGMENT_BYTES,
        (me, collectives, memory) -> {
          for (int round = 1; round <= 5; round++) {
            arrived.incrementAndGet();
            collectives.barrier(SOON);
            assertTrue(arrived.get() >= round * n, "round " + round);
          }
        });
  }

  @Test
  void aMemberThatLeavesEndsTheOthersInEveryOperation() {
    int n = 3;
    List<String> operations = new ArrayList<>(names());
    operations.addAll(List.of("doubles", "broadcast", "barrier"));
    for (String operation : operations) {
      everywhere(
          n,
          names().contains(operation) ? operation : "auto",
          Collectives.SEGMENT_BYTES,
          (me, collectives, memory) -> {
            Floats vector = memory.floats(200_000);
            collectives.sum(vector, SOON);
            if (me == 0) {
              return; // closes
            }
            Deadline deadline = Deadline.seconds(operation, 20);
            PeerLostException e =
                assertThrows(
                    PeerLostException.class,
                    () -> {
                      switch (operation) {
                        case "doubles" -> collectives.sum(memory.doubles(10), deadline);
                        case "broadcast" -> collectives.broadcast(vector.segment(), 0, deadline);
                        case "barrier" -> collectives.barrier(deadline);
                        default -> collectives.sum(vector, deadline);
                      }
                    });
            assertEquals(operation, e.phase());
          });
    }
  }

  @Test
  void wrongArgumentsAreRefused() {
    everywhere(
        2,
        "auto",
        Collectives.SEGMENT_BYTES,
        (me, collectives, memory) -> {
          Bytes four = memory.bytes(4);
          assertThrows(
              IndexOutOfBoundsException.class,
              () -> collectives.broadcast(four.segment(), 2, SOON));
          assertThrows(
              IllegalArgumentException.class,
              () -> collectives.allGather(four.segment(), four.segment(), SOON));
          assertThrows(
              IllegalArgumentException.class,
              () -> Collectives.over(collectives.transport(), "magic", memory, new PlainDense()));
          four.segment().set(ValueLayout.JAVA_BYTE, 0, (byte) me);
          collectives.barrier(SOON);
        });
  }
}
