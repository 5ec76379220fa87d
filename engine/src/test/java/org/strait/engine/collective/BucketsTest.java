package org.strait.engine.collective;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.strait.engine.topology.Group;
import org.strait.engine.transport.Deadline;
import org.strait.engine.transport.Fabric;
import org.strait.engine.transport.PeerLostException;
import org.strait.engine.transport.Ranks;
import org.strait.kernels.DenseOps;
import org.strait.memory.Floats;
import org.strait.memory.HostMemory;

@Timeout(60)
class BucketsTest {
  private static final Deadline SOON = Deadline.seconds("buckets", 20);
  private static final int N = 3;
  private static final int LENGTH = 50_021;
  private static final long BUCKET_BYTES = 40_000;

  private interface Body {
    void run(int me, Collectives collectives) throws Exception;
  }

  private static void everywhere(Fabric made, Body body) {
    everywhere(made, new PlainDense(), body);
  }

  private static void everywhere(Fabric made, DenseOps dense, Body body) {
    try (Fabric fabric = made) {
      Ranks.run(
          N,
          me -> {
            try (HostMemory memory = HostMemory.unlimited("rank");
                Collectives collectives =
                    Collectives.over(fabric.join(Group.of("all", N, me)), "auto", memory, dense)) {
              body.run(me, collectives);
            }
          });
    }
  }

  private static Fabric fabric(String name) {
    return switch (name) {
      case "loopback" -> Fabric.loopback();
      case "shared-memory" -> Fabric.sharedMemory();
      default -> Fabric.hosted(i -> i / 2);
    };
  }

  @ParameterizedTest
  @ValueSource(strings = {"loopback", "shared-memory", "hosted"})
  void theBitsAreThoseWithoutOverlap(String name) {
    everywhere(
        fabric(name),
        (me, collectives) -> {
          Floats vector = collectives.floats(LENGTH);
          float[][] results = new float[2][];
          for (int overlap = 0; overlap < 2; overlap++) {
            try (Buckets buckets = new Buckets(collectives, vector, BUCKET_BYTES, overlap == 1)) {
              for (int round = 0; round < 3; round++) {
                SplittableRandom random = new SplittableRandom(17 + me);
                buckets.begin(SOON);
                for (int layer = 4; layer >= 0; layer--) {
                  int from = LENGTH * layer / 5;
                  for (int i = from; i < LENGTH * (layer + 1) / 5; i++) {
                    vector.set(i, (float) (random.nextDouble() - 0.5));
                  }
                  buckets.ready(from);
                }
                buckets.finish();
              }
            }
            results[overlap] = vector.toArray();
          }
          assertArrayEquals(results[0], results[1]);
        });
  }

  /// The first bucket is summed while the caller still has to compute the others: it waits for
  /// that.
  @Test
  void aBucketIsSummedWhileTheNextIsComputed() {
    everywhere(
        Fabric.sharedMemory(),
        (me, collectives) -> {
          Floats vector = collectives.floats(LENGTH);
          try (Buckets buckets = new Buckets(collectives, vector, BUCKET_BYTES, true)) {
            buckets.begin(SOON);
            vector.fill(me + 1);
            buckets.ready(LENGTH - 10_000);
            while (buckets.summed() == 0) {
              Thread.onSpinWait();
            }
            assertEquals(6, vector.get(LENGTH - 1));
            assertEquals(6, vector.get(LENGTH - 10_000));
            assertEquals(me + 1, vector.get(LENGTH - 10_001));
            buckets.ready(0);
            buckets.finish();
            assertEquals(6, vector.get(0));
          }
        });
  }

  @ParameterizedTest
  @ValueSource(booleans = {true, false})
  void aLostMemberEndsTheRound(boolean overlap) {
    everywhere(
        Fabric.sharedMemory(),
        (me, collectives) -> {
          Floats vector = collectives.floats(LENGTH);
          collectives.barrier(SOON);
          if (me == 0) {
            return; // closes
          }
          try (Buckets buckets = new Buckets(collectives, vector, BUCKET_BYTES, overlap)) {
            buckets.begin(SOON);
            buckets.ready(0);
            PeerLostException e = assertThrows(PeerLostException.class, buckets::finish);
            assertEquals("buckets", e.phase());
          }
        });
  }

  @ParameterizedTest
  @ValueSource(booleans = {true, false})
  void anErrorIsTheCallersToo(boolean overlap) {
    everywhere(
        Fabric.sharedMemory(),
        new PlainDense() {
          @Override
          public void sumAll(Floats[] runs, long from, long to) {
            throw new StackOverflowError("of the one who adds");
          }
        },
        (me, collectives) -> {
          Floats vector = collectives.floats(LENGTH);
          try (Buckets buckets = new Buckets(collectives, vector, BUCKET_BYTES, overlap)) {
            buckets.begin(SOON);
            buckets.ready(0);
            StackOverflowError e = assertThrows(StackOverflowError.class, buckets::finish);
            assertEquals("of the one who adds", e.getMessage());
            assertThrows(Throwable.class, () -> buckets.begin(SOON), "it is over");
          }
        });
  }

  @Test
  void wrongUseIsRefused() {
    everywhere(
        Fabric.loopback(),
        (me, collectives) -> {
          Floats vector = collectives.floats(100);
          assertThrows(
              IllegalArgumentException.class, () -> new Buckets(collectives, vector, 3, false));
          try (Buckets buckets = new Buckets(collectives, vector, 40, true)) {
            buckets.begin(SOON);
            assertThrows(IllegalStateException.class, () -> buckets.begin(SOON));
            buckets.ready(50);
            assertThrows(IllegalStateException.class, buckets::finish);
            buckets.ready(0);
            buckets.finish();
          }
        });
  }
}
