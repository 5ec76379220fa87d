package org.strait.engine.transport.mpi;

import java.io.IOException;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.io.TempDir;
import org.strait.engine.transport.Fabric;
import org.strait.engine.transport.GroupCollectivesContract;

class MpichGroupCollectivesTest extends GroupCollectivesContract {
  @TempDir static Path folder;
  private static RemoteRanks ranks;

  @BeforeAll
  static void start() throws IOException {
    ranks = new RemoteRanks(MpiStarter.MPICH.require(), 3, folder);
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
}
