package org.strait.engine.collective;

import java.util.Arrays;
import org.strait.engine.topology.Group;
import org.strait.engine.transport.Deadline;
import org.strait.engine.transport.Fabric;
import org.strait.engine.transport.LinkShape;
import org.strait.engine.transport.Ranks;
import org.strait.engine.transport.mpj.MpjJars;
import org.strait.memory.Floats;
import org.strait.memory.HostMemory;

/// Times one allreduce with ranks as threads: {@code TRANSPORT RANKS ALGORITHM SEGMENT_BYTES
/// BYTES…}. Prints the median and the first and ninth decile of rank 0 in microseconds. Every rank
/// rewrites its vector before each call; a barrier comes before the clock starts.
final class AllReduceTiming {
  private static final Deadline SOON = Deadline.seconds("timing", 60);

  private AllReduceTiming() {}

  public static void main(String[] args) {
    int n = Integer.parseInt(args[1]);
    for (int i = 4; i < args.length; i++) {
      long bytes = Long.parseLong(args[i]);
      boolean few = bytes > 4_000_000 || args[0].equals("shaped");
      long[] nanos = new long[few ? 25 : bytes > 100_000 ? 151 : 1001];
      try (Fabric fabric = fabric(args[0])) {
        Ranks.run(n, me -> time(fabric, n, me, args[2], Long.parseLong(args[3]), bytes, nanos));
      }
      Arrays.sort(nanos);
      System.out.printf(
          "%s %d ranks %s segment %s: %d bytes: %.1f us (%.1f .. %.1f)%n",
          args[0],
          n,
          args[2],
          args[3],
          bytes,
          nanos[nanos.length / 2] / 1e3,
          nanos[nanos.length / 10] / 1e3,
          nanos[nanos.length * 9 / 10] / 1e3);
    }
  }

  private static void time(
      Fabric fabric, int n, int me, String name, long segmentBytes, long bytes, long[] nanos) {
    try (HostMemory memory = HostMemory.unlimited("rank");
        Collectives collectives =
            Collectives.over(
                fabric.join(Group.of("all", n, me)),
                name,
                memory,
                new PlainDense(),
                segmentBytes)) {
      Floats vector = memory.floats(bytes / Floats.BYTES);
      for (int i = -nanos.length / 2; i < nanos.length; i++) {
        vector.fill(me + 1);
        collectives.barrier(SOON);
        long start = System.nanoTime();
        collectives.sum(vector, SOON);
        if (me == 0 && i >= 0) {
          nanos[i] = System.nanoTime() - start;
        }
        for (long at = 0; at < vector.length(); at++) {
          if (vector.get(at) != n * (n + 1) / 2f) {
            throw new AssertionError("wrong sum at " + at);
          }
        }
      }
    }
  }

  private static Fabric fabric(String transport) {
    return switch (transport) {
      case "tcp" -> Fabric.tcp();
      case "unix" -> Fabric.unix();
      case "loopback" -> Fabric.loopback();
      case "mpj" -> Fabric.mpj(MpjJars.require());
      case "shaped" ->
          Fabric.shaped(Fabric.loopback(), new LinkShape(20_000_000L, 1_000_000_000L, 0, 0));
      default -> throw new IllegalArgumentException("tcp, unix, loopback, mpj or shaped");
    };
  }
}
