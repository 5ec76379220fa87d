package org.strait.engine.collective;

import java.nio.file.Path;
import org.strait.engine.rendezvous.FileStore;
import org.strait.engine.rendezvous.Store;
import org.strait.engine.topology.Group;
import org.strait.engine.transport.ConnectOptions;
import org.strait.engine.transport.Deadline;
import org.strait.engine.transport.PeerLostException;
import org.strait.engine.transport.Transports;
import org.strait.memory.Floats;
import org.strait.memory.HostMemory;

/// One rank of a job over sockets, a process: {@code TRANSPORT[/ALLREDUCE] RANK RANKS FOLDER
/// [HOST@]BIND IDLE_SECONDS ROUNDS [gather]}. Sums every round in several lengths and checks, or
/// only gathers at rank 0; says {@code up} after the first round and {@code right} at the end, or
/// {@code lost}, the rank, the phase and the reason.
final class SocketRank {
  private SocketRank() {}

  public static void main(String[] args) {
    int me = Integer.parseInt(args[1]);
    int n = Integer.parseInt(args[2]);
    boolean gathers = args.length == 8;
    Deadline deadline =
        Deadline.seconds(gathers ? args[7] : "allreduce", Double.parseDouble(args[5]));
    String[] way = args[0].split("/", 2);
    int hostEnd = args[4].indexOf('@');
    ConnectOptions options =
        ConnectOptions.defaults()
            .withBind(args[4].substring(hostEnd + 1), 0)
            .withHost(args[4].substring(0, Math.max(0, hostEnd)))
            .withStreams(2)
            .withToken("t");
    try (Store store = new FileStore(Path.of(args[3]));
        HostMemory memory = HostMemory.unlimited("rank");
        Collectives collectives =
            Collectives.over(
                Transports.connect(way[0], Group.of("hosts", n, me), store, options),
                way.length == 2 ? way[1] : "auto",
                memory,
                new PlainDense())) {
      Floats[] vectors = {memory.floats(1000), memory.floats(300_007)};
      Floats gathered = memory.floats(300_007L * (gathers && me == 0 ? n : 0));
      long rounds = Long.parseLong(args[6]);
      for (long round = 0; round < rounds; round++) {
        if (gathers) {
          collectives.gather(vectors[1].segment(), gathered.segment(), 0, deadline);
        }
        for (Floats vector : gathers ? new Floats[0] : vectors) {
          check(collectives, vector, me, n, deadline);
        }
        if (round == 0) {
          System.out.println("up");
        }
      }
      collectives.barrier(deadline);
      System.out.println("right");
    } catch (PeerLostException e) {
      System.out.println("lost " + e.peer().rank() + " " + e.phase() + " " + e.why());
    }
  }

  private static void check(
      Collectives collectives, Floats vector, int me, int n, Deadline deadline) {
    for (long i = 0; i < vector.length(); i++) {
      vector.set(i, (me + 1) * (float) (i % 1021 + 1));
    }
    collectives.sum(vector, deadline);
    for (long i = 0; i < vector.length(); i++) {
      if (vector.get(i) != n * (n + 1) / 2f * (i % 1021 + 1)) {
        throw new IllegalStateException("element " + i + " is " + vector.get(i));
      }
    }
  }
}
