package org.strait.engine.transport.mpi;

import org.junit.jupiter.api.extension.RegisterExtension;
import org.strait.engine.transport.Fabric;
import org.strait.engine.transport.TransportContract;

class MpichTransportTest extends TransportContract {
  @RegisterExtension static final ClassRanks RANKS = new ClassRanks(MpiStarter.MPICH, 3);

  @Override
  protected Fabric fabric() {
    return RANKS.fabric();
  }
}
