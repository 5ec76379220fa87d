package org.strait.engine.collective;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.io.TempDir;
import org.strait.engine.transport.Fabric;
import org.strait.engine.transport.mpi.MpiStarter;
import org.strait.engine.transport.mpi.RemoteRanks;

class MpichCollectivesTest extends CollectivesContract {
  @TempDir static Path folder;
  private static RemoteRanks ranks;

  @BeforeAll
  static void start() throws IOException {
    ranks = new RemoteRanks(MpiStarter.MPICH.require(), 5, folder);
  }

  @AfterAll
  static void end() throws IOException {
    if (ranks != null) {
      ranks.close();
    }
  }

  @Override
  protected Fabric fabric() {
    return ranks.fabric();
  }

  @Override
  protected IntStream sizes() {
    return IntStream.of(1, 2, 3);
  }

  @Override
  protected List<String> names() {
    return List.of("auto", "ring", "direct", "doubling", "transport");
  }
}
