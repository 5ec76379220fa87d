package org.strait.engine.collective;

import static org.junit.jupiter.api.Assertions.assertEquals;

import com.sun.management.ThreadMXBean;
import java.lang.management.ManagementFactory;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.strait.engine.topology.Group;
import org.strait.engine.transport.Deadline;
import org.strait.engine.transport.Fabric;
import org.strait.engine.transport.LinkShape;
import org.strait.engine.transport.Ranks;
import org.strait.memory.Doubles;
import org.strait.memory.Floats;
import org.strait.memory.HostMemory;

/// A step allocates nothing, read from the threads' own counters.
@Timeout(60)
class SteadyStateTest {
  private static final Deadline SOON = Deadline.seconds("test", 20);
  private static final int CALLS = 300;

  @ParameterizedTest
  @CsvSource({
    "loopback,ring,100000",
    "loopback,doubling,1000",
    "tcp,ring,100000",
    "tcp,doubling,1000",
    "tcp,direct,100000",
    "tcp,halving,100000",
    "tcp,tree,100000",
    "tcp,auto,300000",
    "streams,auto,300000",
    "unix,auto,300000",
    "unix,auto,1000",
    "shaped,ring,10000"
  })
  void sumBroadcastAndBarrierAllocateNothing(String transport, String name, long length) {
    ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
    int n = 3;
    try (Fabric fabric = fabric(transport)) {
      Ranks.run(
          n,
          me -> {
            try (HostMemory memory = HostMemory.unlimited("rank");
                Collectives collectives =
                    Collectives.over(
                        fabric.join(Group.of("all", n, me)), name, memory, new PlainDense())) {
              Floats vector = memory.floats(length);
              Doubles scalars = memory.doubles(4);
              run(collectives, vector, scalars);
              long before = threads.getCurrentThreadAllocatedBytes();
              run(collectives, vector, scalars);
              long bytes = threads.getCurrentThreadAllocatedBytes() - before;
              assertEquals(0, bytes / CALLS, "bytes per step; " + bytes + " in all");
            }
          });
    }
  }

  private static void run(Collectives collectives, Floats vector, Doubles scalars) {
    for (int i = 0; i < CALLS; i++) {
      collectives.sum(vector, SOON);
      collectives.sum(scalars, SOON);
      collectives.broadcast(vector.segment(), 1, SOON);
      collectives.barrier(SOON);
    }
  }

  private static Fabric fabric(String transport) {
    return switch (transport) {
      case "tcp" -> Fabric.tcp();
      case "streams" -> Fabric.tcp(3);
      case "unix" -> Fabric.unix();
      case "shaped" -> Fabric.shaped(Fabric.loopback(), new LinkShape(10_000L, 0, 0, 0));
      default -> Fabric.loopback();
    };
  }
}
