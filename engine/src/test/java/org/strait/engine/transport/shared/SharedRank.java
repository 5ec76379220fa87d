package org.strait.engine.transport.shared;

import java.nio.file.Path;
import org.strait.engine.collective.Collectives;
import org.strait.engine.rendezvous.FileStore;
import org.strait.engine.rendezvous.RendezvousException;
import org.strait.engine.rendezvous.Store;
import org.strait.engine.topology.Group;
import org.strait.engine.transport.ConnectOptions;
import org.strait.engine.transport.Deadline;
import org.strait.engine.transport.PeerLostException;
import org.strait.engine.transport.Transport;
import org.strait.engine.transport.Transports;
import org.strait.kernels.Backends;
import org.strait.memory.Floats;
import org.strait.memory.HostMemory;

/// A process that is one rank: {@code FOLDER RANK RANKS PHASE STEPS}. Joins with transport auto,
/// says {@code ready}, and does what the phase is called after, so many times or until somebody is
/// lost. The last rank is the one that the test ends or stops; in the phase {@code late} it never
/// joins, in {@code sum} it comes to every sum, in the others it stays away after it is ready.
final class SharedRank {
  private static final int USER = 2;
  private static final int PEER_LOST = 30;
  private static final long LENGTH = 100_000;

  private SharedRank() {}

  public static void main(String[] args) throws Exception {
    int me = Integer.parseInt(args[1]);
    int n = Integer.parseInt(args[2]);
    Deadline deadline = Deadline.seconds(args[3], 120);
    boolean victim = me == n - 1;
    ConnectOptions options =
        ConnectOptions.defaults().withTimeoutSeconds(args[3].equals("late") ? 2 : 60);
    try (Store store = new FileStore(Path.of(args[0]));
        HostMemory memory = HostMemory.unlimited("rank");
        Transport transport = Transports.connect("auto", Group.of("all", n, me), store, options);
        Collectives collectives =
            Collectives.over(
                transport, "auto", memory, Backends.choose("auto").backend().dense())) {
      Floats shared = collectives.floats(LENGTH);
      Floats other = memory.floats(LENGTH);
      collectives.barrier(deadline);
      System.out.println("ready " + collectives.choice());
      if (victim && !args[3].equals("sum")) {
        int _ = System.in.read();
        return;
      }
      for (long step = 0; step < Long.parseLong(args[4]); step++) {
        shared.fill(1);
        switch (args[3]) {
          case "sum", "late" -> collectives.sum(shared, deadline);
          case "staged sum" -> collectives.sum(other, deadline);
          case "broadcast" -> collectives.broadcast(shared.segment(), n - 1, deadline);
          case "gather" -> collectives.gather(shared.segment(), other.segment(), n - 1, deadline);
          case "receive" ->
              transport.receive(n - 1, other.segment(), 0, other.segment().byteSize(), deadline);
          case "barrier" -> collectives.barrier(deadline);
          default -> throw new IllegalArgumentException(args[3]);
        }
      }
      System.out.println("sum " + shared.get(LENGTH - 1));
    } catch (PeerLostException e) {
      System.out.println(e.getMessage());
      Runtime.getRuntime().halt(PEER_LOST);
    } catch (RendezvousException e) {
      System.out.println(e.getMessage());
      Runtime.getRuntime().halt(USER);
    }
  }
}
