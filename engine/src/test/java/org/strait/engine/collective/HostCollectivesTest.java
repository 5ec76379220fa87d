package org.strait.engine.collective;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.strait.engine.topology.Group;
import org.strait.engine.transport.Deadline;
import org.strait.engine.transport.Fabric;
import org.strait.engine.transport.Hosts;
import org.strait.engine.transport.PeerLostException;
import org.strait.engine.transport.Ranks;
import org.strait.engine.transport.Transport;
import org.strait.memory.Floats;
import org.strait.memory.HostMemory;

/// Hosts of one, two and three members and more, which do not follow each other.
class HostCollectivesTest extends CollectivesContract {
  private static final int[] HOSTS = {0, 1, 1, 0, 2, 2, 2, 0, 1, 3, 3, 3, 3, 0, 1, 2};

  @Override
  protected Fabric fabric() {
    return Fabric.hosted(i -> HOSTS[i]);
  }

  @Override
  protected IntStream sizes() {
    return IntStream.of(1, 2, 3, 4, 5, 7, 10, 16);
  }

  @Override
  protected List<String> names() {
    return List.of("auto", "hierarchical", "hierarchical:1", "hierarchical:2", "ring");
  }

  @Test
  void hostsAreFoundAndLeadersChosen() {
    int n = 5;
    try (Fabric fabric = Fabric.hosted(i -> i < 2 ? 0 : 1)) {
      Ranks.run(
          n,
          me -> {
            try (HostMemory memory = HostMemory.unlimited("rank");
                Transport transport = fabric.join(Group.of("all", n, me));
                Collectives collectives =
                    Collectives.over(transport, "auto", memory, new PlainDense())) {
              Hosts hosts = transport.hosted().orElseThrow().hosts();
              assertEquals(List.of("node0", "node1"), hosts.names());
              assertEquals(List.of(2, 3, 4), hosts.members(1));
              assertEquals(
                  "below 512 KiB doubling below 128 KiB, then direct; else shared memory inside 2"
                      + " hosts, 2 leaders of each between them",
                  collectives.choice());
              collectives.barrier(SOON);
            }
          });
    }
  }

  /// Member 1 waits for its leader, which lives: the leader alone knows who is silent.
  @Test
  void whoIsSilentOnAnotherHostIsNamedByAll() {
    CountDownLatch told = new CountDownLatch(2);
    Deadline brief = Deadline.seconds("allreduce", 0.4);
    try (Fabric fabric = Fabric.hosted(i -> i < 2 ? 0 : 1)) {
      Ranks.run(
          3,
          me -> {
            try (HostMemory memory = HostMemory.unlimited("rank");
                Transport transport = fabric.join(Group.of("all", 3, me));
                Collectives collectives =
                    Collectives.over(transport, "hierarchical", memory, new PlainDense())) {
              collectives.barrier(SOON);
              if (me == 2) {
                assertTrue(told.await(50, TimeUnit.SECONDS));
                return;
              }
              Floats vector = collectives.floats(1 << 18);
              try {
                PeerLostException lost =
                    assertThrows(PeerLostException.class, () -> collectives.sum(vector, brief));
                assertEquals(2, lost.peer().rank(), lost.getMessage());
              } finally {
                told.countDown();
              }
            }
          });
    }
  }

  @Test
  void aNumberOfLeadersThatIsNoneIsRefused() {
    try (Fabric fabric = Fabric.hosted(i -> 0);
        HostMemory memory = HostMemory.unlimited("test");
        Transport transport = fabric.join(Group.of("g", 1, 0))) {
      for (String name : List.of("hierarchical:0", "hierarchical:x", "hierarchical:")) {
        IllegalArgumentException e =
            assertThrows(
                IllegalArgumentException.class,
                () -> Collectives.over(transport, name, memory, new PlainDense()));
        assertTrue(e.getMessage().contains("leaders per host"), e.getMessage());
      }
    }
  }

  @Test
  void aTransportWithoutHostsCannotBeHierarchical() {
    try (Fabric fabric = Fabric.loopback();
        HostMemory memory = HostMemory.unlimited("test");
        Transport transport = fabric.join(Group.of("g", 1, 0))) {
      IllegalArgumentException e =
          assertThrows(
              IllegalArgumentException.class,
              () -> Collectives.over(transport, "hierarchical", memory, new PlainDense()));
      assertTrue(e.getMessage().contains("tcp+shared-memory"), e.getMessage());
    }
  }
}
