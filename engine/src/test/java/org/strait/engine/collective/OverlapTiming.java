package org.strait.engine.collective;

import java.util.Arrays;
import org.strait.engine.topology.Group;
import org.strait.engine.transport.Deadline;
import org.strait.engine.transport.Fabric;
import org.strait.engine.transport.LinkShape;
import org.strait.engine.transport.Ranks;
import org.strait.memory.Floats;
import org.strait.memory.HostMemory;

/// Times a round of {@link Buckets} with and without overlap, two ranks as threads: {@code
/// BITS_PER_SECOND BYTES BUCKET_BYTES LAYERS PASSES}. A layer is computed by rewriting its part of
/// the vector so many times; the link between the ranks has that bandwidth, 0 for memory's own.
/// Rounds of both kinds take turns; prints the medians.
final class OverlapTiming {
  private static final Deadline SOON = Deadline.seconds("overlap", 60);
  private static final int RANKS = 2;
  private static final int WARM = 10;
  private static final int ROUNDS = 41;

  private OverlapTiming() {}

  public static void main(String[] args) {
    LinkShape link = new LinkShape(50_000L, Long.parseLong(args[0]), 0, 0);
    Fabric memory = Fabric.loopback();
    long[][] nanos = new long[2][ROUNDS];
    try (Fabric fabric = args[0].equals("0") ? memory : Fabric.shaped(memory, link)) {
      Ranks.run(
          RANKS,
          me -> {
            try (HostMemory own = HostMemory.unlimited("rank");
                Collectives collectives =
                    Collectives.over(
                        fabric.join(Group.of("all", RANKS, me)), "auto", own, new PlainDense())) {
              Floats vector = collectives.floats(Long.parseLong(args[1]) / Floats.BYTES);
              time(collectives, vector, args, me == 0 ? nanos : new long[2][ROUNDS]);
            }
          });
    }
    for (int overlap = 0; overlap < 2; overlap++) {
      Arrays.sort(nanos[overlap]);
      System.out.printf(
          "overlap %b: %.2f ms a round%n", overlap == 1, nanos[overlap][ROUNDS / 2] / 1e6);
    }
  }

  private static void time(Collectives collectives, Floats vector, String[] args, long[][] nanos) {
    long bucketBytes = Long.parseLong(args[2]);
    try (Buckets after = new Buckets(collectives, vector, bucketBytes, false);
        Buckets during = new Buckets(collectives, vector, bucketBytes, true)) {
      for (int round = -WARM; round < ROUNDS; round++) {
        for (int overlap = 0; overlap < 2; overlap++) {
          collectives.barrier(SOON);
          long start = System.nanoTime();
          round(overlap == 1 ? during : after, vector, args);
          if (round >= 0) {
            nanos[overlap][round] = System.nanoTime() - start;
          }
        }
      }
    }
  }

  private static void round(Buckets buckets, Floats vector, String[] args) {
    int layers = Integer.parseInt(args[3]);
    buckets.begin(SOON);
    for (int layer = layers - 1; layer >= 0; layer--) {
      long from = vector.length() * layer / layers;
      Floats part = vector.slice(from, vector.length() * (layer + 1) / layers - from);
      for (int pass = 0; pass < Integer.parseInt(args[4]); pass++) {
        part.fill(pass);
      }
      buckets.ready(from);
    }
    buckets.finish();
  }
}
