package org.strait.engine.collective;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.sun.management.ThreadMXBean;
import java.lang.management.ManagementFactory;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.strait.engine.topology.Group;
import org.strait.engine.transport.Deadline;
import org.strait.engine.transport.Fabric;
import org.strait.engine.transport.Ranks;
import org.strait.memory.Doubles;
import org.strait.memory.Floats;
import org.strait.memory.HostMemory;

/// Vectors that all members see: summed in place, with the bits of any other vector, and without
/// allocating.
@Timeout(60)
class SharedVectorsTest {
  private static final Deadline SOON = Deadline.seconds("test", 20);
  private static final int CALLS = 20;
  private static final int PASSES = 40;

  private interface Body {
    void run(int me, Collectives collectives, HostMemory memory);
  }

  private static void everywhere(Fabric made, int n, Body body) {
    try (Fabric fabric = made) {
      Ranks.run(
          n,
          me -> {
            try (HostMemory memory = HostMemory.unlimited("rank");
                Collectives collectives =
                    Collectives.over(
                        fabric.join(Group.of("all", n, me)), "auto", memory, new PlainDense())) {
              body.run(me, collectives, memory);
            }
          });
    }
  }

  /// The same numbers in shared and in other memory, with the whole and with slices, from short to
  /// long and on both sides of the stage's threshold.
  @ParameterizedTest
  @ValueSource(ints = {2, 3, 4, 6})
  void sumsInPlaceHaveTheBitsOfStagedOnes(int n) {
    everywhere(
        Fabric.sharedMemory(),
        n,
        (me, collectives, memory) -> {
          int most = 300_007;
          Floats shared = collectives.floats(most);
          Floats other = memory.floats(most);
          SplittableRandom random = new SplittableRandom(41 + me);
          for (int length : new int[] {1, 17, 1_023, 1_024, 4_096, 70_001, 299_990}) {
            int from = length % 13;
            for (int i = 0; i < most; i++) {
              shared.set(i, (float) Math.scalb(random.nextDouble() - 0.5, (7 * me) % 23));
            }
            other.copyFrom(shared);
            Floats slice = shared.slice(from, length);
            collectives.sum(slice, SOON);
            collectives.sum(other.slice(from, length), SOON);
            for (int i = 0; i < most; i++) {
              if (Float.floatToRawIntBits(shared.get(i)) != Float.floatToRawIntBits(other.get(i))) {
                assertEquals(other.get(i), shared.get(i), "length " + length + " element " + i);
              }
            }
            collectives.broadcast(slice.segment(), n - 1, SOON);
            assertEquals(other.get(from), shared.get(from));
          }
        });
  }

  @Test
  void longBroadcastsOfSharedVectorsReadTheRoots() {
    everywhere(
        Fabric.sharedMemory(),
        3,
        (me, collectives, memory) -> {
          Floats shared = collectives.floats(100_000);
          for (int root = 0; root < 3; root++) {
            shared.fill(10 * root + me);
            collectives.broadcast(shared.slice(5, 99_000).segment(), root, SOON);
            assertEquals(11f * root, shared.get(5));
            assertEquals(11f * root, shared.get(99_004));
            assertEquals(10f * root + me, shared.get(4));
            assertEquals(10f * root + me, shared.get(99_005));
          }
        });
  }

  @Test
  void membersThatSumDifferentStretchesAreToldSo() {
    everywhere(
        Fabric.sharedMemory(),
        2,
        (me, collectives, memory) -> {
          Floats shared = collectives.floats(100_000);
          IllegalStateException e =
              assertThrows(
                  IllegalStateException.class,
                  () -> collectives.sum(shared.slice(me, 50_000), SOON));
          assertTrue(e.getMessage().contains("sums another vector than"), e.getMessage());
        });
  }

  @ParameterizedTest
  @ValueSource(strings = {"one host", "two hosts"})
  void nothingIsAllocatedPerSum(String where) {
    ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
    Fabric fabric =
        where.equals("one host") ? Fabric.sharedMemory() : Fabric.hosted(i -> i == 0 ? 0 : 1);
    everywhere(
        fabric,
        3,
        (me, collectives, memory) -> {
          Floats shared = collectives.floats(80_000);
          Floats small = shared.slice(0, 500);
          Floats other = memory.floats(80_000);
          Doubles scalars = memory.doubles(4);
          // Compilation runs beside the test, and a wait of 0.2 s and more looks who lives, which
          // allocates: the best of many passes is what a step costs.
          long least = Long.MAX_VALUE;
          for (int pass = 0; pass < PASSES; pass++) {
            long before = threads.getCurrentThreadAllocatedBytes();
            for (int i = 0; i < CALLS; i++) {
              collectives.sum(shared, SOON);
              collectives.sum(small, SOON);
              collectives.sum(other, SOON);
              collectives.sum(scalars, SOON);
              collectives.broadcast(shared.segment(), 1, SOON);
              collectives.barrier(SOON);
            }
            least = Math.min(least, threads.getCurrentThreadAllocatedBytes() - before);
          }
          assertEquals(0, least, "bytes allocated by " + CALLS + " steps");
        });
  }
}
