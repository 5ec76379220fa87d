package org.strait.engine.collective;

import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.strait.engine.transport.Fabric;
import org.strait.engine.transport.mpi.ClassRanks;
import org.strait.engine.transport.mpi.MpiStarter;

class MpichCollectivesTest extends CollectivesContract {
  @RegisterExtension static final ClassRanks RANKS = new ClassRanks(MpiStarter.MPICH, 5);

  @Override
  protected Fabric fabric() {
    return RANKS.fabric();
  }

  /// Its ranks wait without yielding: no more of them than cores.
  @Override
  protected IntStream sizes() {
    int cores = Runtime.getRuntime().availableProcessors();
    return IntStream.rangeClosed(1, Math.clamp(cores, 2, 3));
  }

  @Override
  protected List<String> names() {
    return List.of("auto", "ring", "direct", "doubling", "transport");
  }
}
