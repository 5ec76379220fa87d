package org.strait.engine.transport.mpi;

import java.io.IOException;
import java.util.Optional;
import org.strait.engine.rendezvous.RendezvousException;
import org.strait.engine.rendezvous.Store;
import org.strait.engine.topology.Group;
import org.strait.engine.topology.Member;
import org.strait.engine.transport.ConnectOptions;
import org.strait.engine.transport.PipedTransport;
import org.strait.engine.transport.Traffic;
import org.strait.engine.transport.Transport;

/// MPI as a transport. Members find each other's number in MPI's world through the store, so a
/// group may be any part of what mpirun started; each has a communicator of its own, which lives as
/// long as the process (freeing takes all members, and one may be gone; MPICH has room for about
/// 2000). Traffic counts the bytes handed to MPI point to point. A killed peer shows as silence
/// unless mpirun ends the job first, as it does by default; a closed one shows at once.
public final class MpiTransport {
  private static final int TAGS = 1 << 14;

  private MpiTransport() {}

  /// Joins a group; every member calls this. Initialises MPI in this process the first time.
  ///
  /// @throws RendezvousException if this process was not started by mpirun, MPI's world is not the
  ///     job's, MPI has too low a thread level, or members are missing when the time is over
  /// @throws IllegalArgumentException if there is no MPI library, or none that we know
  public static Transport join(Group group, Store store, ConnectOptions options) {
    Optional<MpiEnvironment> environment = MpiEnvironment.of(System.getenv());
    // Whoever names a library may have a starter that we do not know.
    if (environment.isEmpty() && options.mpiLibrary().isEmpty()) {
      throw new RendezvousException(
          "transport mpi: "
              + group.members().get(group.me())
              + " was not started by mpirun, mpiexec or srun; start all ranks of group "
              + group.name()
              + " with one of them");
    }
    long startNanos = System.nanoTime();
    MpiProcess process =
        MpiProcess.start(options.mpiLibrary(), environment, options.timeoutNanos());
    checkWorld(process, environment, group);
    int[] ranks = ranks(process, group, store, options.timeoutNanos());
    try {
      int tag = Math.floorMod(group.name().hashCode(), TAGS);
      long leftNanos = options.timeoutNanos() - (System.nanoTime() - startNanos);
      long communicator = process.communicator(ranks, tag, leftNanos);
      MpiGroup joined = new MpiGroup(process, group, communicator);
      Traffic traffic = new Traffic(group.size());
      return new PipedTransport(
          group,
          traffic,
          new MpiPipes(joined, traffic),
          System::nanoTime,
          new MpiCollectives(joined, System::nanoTime, MpiCollectives.PIECE));
    } catch (IOException e) {
      throw new RendezvousException("group " + group.name() + ": " + e.getMessage(), e);
    }
  }

  /// MPI and whoever started this process must agree on who it is.
  private static void checkWorld(
      MpiProcess process, Optional<MpiEnvironment> environment, Group group) {
    if (environment.isPresent()
        && (environment.get().size() != process.size()
            || environment.get().rank() != process.rank())) {
      throw new RendezvousException(
          String.format(
              "transport mpi: %s says that this is process %d of %d, but %s sees process %d of %d:"
                  + " the library is not that of the starter; give the right one's path",
              environment.get().starter(),
              environment.get().rank(),
              environment.get().size(),
              process,
              process.rank(),
              process.size()));
    }
    if (group.size() > process.size()) {
      throw new RendezvousException(
          String.format(
              "transport mpi: group %s has %d ranks, but only %d processes were started",
              group.name(), group.size(), process.size()));
    }
  }

  /// The members' numbers in MPI's world, in member order.
  private static int[] ranks(MpiProcess process, Group group, Store store, long timeoutNanos) {
    String key = "group/" + group.name() + "/mpi/";
    String world = Long.toHexString(process.worldId());
    store.set(key + group.me(), world + " " + process.rank());
    long startNanos = System.nanoTime();
    int[] ranks = new int[group.size()];
    for (int i = 0; i < ranks.length; i++) {
      Member member = group.members().get(i);
      String[] said;
      try {
        long leftNanos = timeoutNanos - (System.nanoTime() - startNanos);
        said = store.get(key + i, Math.max(1, leftNanos)).split(" ", 2);
      } catch (RendezvousException e) {
        throw new RendezvousException(
            String.format(
                "group %s: after %.1f s %s still misses %s",
                group.name(), timeoutNanos / 1e9, group.members().get(group.me()), member),
            e);
      }
      if (!said[0].equals(world)) {
        throw new RendezvousException(
            "transport mpi: "
                + member
                + " was not started together with "
                + group.members().get(group.me())
                + "; one mpirun or srun must start all ranks of group "
                + group.name());
      }
      ranks[i] = Integer.parseInt(said[1]);
      int shift = ranks[0] - group.members().getFirst().rank();
      if (ranks[i] != member.rank() + shift) {
        throw new RendezvousException(
            String.format(
                "transport mpi: %s is MPI's process %d, but should be %d: the job's ranks and MPI's"
                    + " must have the same order",
                member, ranks[i], member.rank() + shift));
      }
    }
    return ranks;
  }
}
