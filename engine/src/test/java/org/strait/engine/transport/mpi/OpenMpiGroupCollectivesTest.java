package org.strait.engine.transport.mpi;

import org.junit.jupiter.api.extension.RegisterExtension;
import org.strait.engine.transport.Fabric;
import org.strait.engine.transport.GroupCollectivesContract;

class OpenMpiGroupCollectivesTest extends GroupCollectivesContract {
  @RegisterExtension static final ClassRanks RANKS = new ClassRanks(MpiStarter.OPEN_MPI, 3);

  @Override
  protected Fabric fabric() {
    return RANKS.fabric();
  }
}
