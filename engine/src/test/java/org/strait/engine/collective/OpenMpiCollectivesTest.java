package org.strait.engine.collective;

import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.strait.engine.transport.Fabric;
import org.strait.engine.transport.mpi.ClassRanks;
import org.strait.engine.transport.mpi.MpiStarter;

class OpenMpiCollectivesTest extends CollectivesContract {
  @RegisterExtension static final ClassRanks RANKS = new ClassRanks(MpiStarter.OPEN_MPI, 5);

  @Override
  protected Fabric fabric() {
    return RANKS.fabric();
  }

  @Override
  protected IntStream sizes() {
    return IntStream.of(1, 2, 3, 4);
  }

  @Override
  protected List<String> names() {
    return List.of("auto", "ring", "direct", "doubling", "transport");
  }
}
