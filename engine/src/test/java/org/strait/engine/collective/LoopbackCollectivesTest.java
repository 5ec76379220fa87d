package org.strait.engine.collective;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import org.junit.jupiter.api.Test;
import org.strait.engine.topology.Group;
import org.strait.engine.transport.Fabric;
import org.strait.engine.transport.Transport;
import org.strait.memory.HostMemory;

class LoopbackCollectivesTest extends CollectivesContract {
  @Override
  protected Fabric fabric() {
    return Fabric.loopback();
  }

  @Test
  void theTransportsOwnCollectivesCannotBeHadWhereItHasNone() {
    try (Fabric fabric = fabric();
        HostMemory memory = HostMemory.unlimited("test");
        Transport transport = fabric.join(Group.of("g", 1, 0))) {
      IllegalArgumentException e =
          assertThrows(
              IllegalArgumentException.class,
              () -> Collectives.over(transport, "transport", memory, new PlainDense()));
      assertEquals(
          "allreduce \"transport\": the transport of group g has no collectives of its own"
              + " (shared-memory and mpi have); use auto, ring, direct, halving, doubling, tree",
          e.getMessage());
    }
  }
}
