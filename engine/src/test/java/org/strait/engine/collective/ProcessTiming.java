package org.strait.engine.collective;

import java.nio.file.Path;
import java.util.Arrays;
import org.strait.engine.rendezvous.FileStore;
import org.strait.engine.rendezvous.Store;
import org.strait.engine.topology.Group;
import org.strait.engine.transport.ConnectOptions;
import org.strait.engine.transport.Deadline;
import org.strait.engine.transport.Transport;
import org.strait.engine.transport.Transports;
import org.strait.kernels.Backends;
import org.strait.kernels.DenseOps;
import org.strait.memory.Floats;
import org.strait.memory.HostMemory;

/// Times one allreduce with a process per rank; this is one of them: {@code TRANSPORT[/ALLREDUCE]
/// RANK[@HOST@ADDRESS] RANKS FOLDER shared|private BYTES…}. Rank 0 prints the median and the first
/// and ninth decile. Every rank rewrites its vector before each call; a barrier comes before the
/// clock starts.
final class ProcessTiming {
  private static final Deadline SOON = Deadline.seconds("timing", 60);

  private ProcessTiming() {}

  public static void main(String[] args) throws Exception {
    String[] way = args[0].split("/", 2);
    String[] self = args[1].split("@", 3);
    int me = Integer.parseInt(self[0]);
    ConnectOptions options = ConnectOptions.defaults();
    if (self.length == 3) {
      options = options.withHost(self[1]).withBind(self[2], 0);
    }
    int n = Integer.parseInt(args[2]);
    DenseOps dense = Backends.choose("auto").backend().dense();
    try (Store store = new FileStore(Path.of(args[3]));
        HostMemory memory = HostMemory.unlimited("rank");
        Transport transport =
            Transports.connect(way[0], Group.of("timing", n, me), store, options);
        Collectives collectives =
            Collectives.over(transport, way.length == 2 ? way[1] : "auto", memory, dense)) {
      long most = 0;
      for (int i = 5; i < args.length; i++) {
        most = Math.max(most, Long.parseLong(args[i]));
      }
      Floats all =
          args[4].equals("shared")
              ? collectives.floats(most / Floats.BYTES)
              : memory.floats(most / Floats.BYTES);
      for (int i = 5; i < args.length; i++) {
        long bytes = Long.parseLong(args[i]);
        long[] nanos = time(collectives, all.slice(0, bytes / Floats.BYTES), me, n);
        if (me == 0) {
          System.out.printf(
              "%s-%s %d ranks %d bytes: %.2f us (%.2f .. %.2f)%n",
              args[0],
              args[4],
              n,
              bytes,
              nanos[nanos.length / 2] / 1e3,
              nanos[nanos.length / 10] / 1e3,
              nanos[nanos.length * 9 / 10] / 1e3);
        }
      }
    }
  }

  private static long[] time(Collectives collectives, Floats vector, int me, int n) {
    long bytes = vector.length() * Floats.BYTES;
    int samples = bytes >= 64 << 20 ? 7 : bytes > 4_000_000 ? 15 : bytes > 100_000 ? 101 : 501;
    int warm = bytes >= 16 << 20 ? 7 : bytes > 500_000 ? 300 : bytes > 50_000 ? 3_000 : 20_000;
    long[] nanos = new long[samples];
    for (int i = -warm; i < samples; i++) {
      vector.fill(me + 1);
      collectives.barrier(SOON);
      long start = System.nanoTime();
      collectives.sum(vector, SOON);
      if (i >= 0) {
        nanos[i] = System.nanoTime() - start;
      }
      check(vector, n);
    }
    Arrays.sort(nanos);
    return nanos;
  }

  private static void check(Floats vector, int n) {
    float expected = n * (n + 1) / 2f;
    for (long at = 0; at < vector.length(); at += 97) {
      if (vector.get(at) != expected) {
        throw new AssertionError(vector.get(at) + " at " + at);
      }
    }
  }
}
