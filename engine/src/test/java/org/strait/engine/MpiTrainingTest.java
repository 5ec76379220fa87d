package org.strait.engine;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.Callable;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.strait.engine.rendezvous.MemoryStore;
import org.strait.engine.topology.Topology;
import org.strait.engine.transport.LoopbackNetwork;
import org.strait.engine.transport.mpi.MpiStarter;
import org.strait.memory.HostMemory;

/// Training whose ranks were started by mpirun, two data centres in one job.
@Timeout(150)
class MpiTrainingTest {
  static final TrainingConfig CONFIG =
      new TrainingConfig(SmallJob.L2, 8, Double.NaN, 0, 0.2, false);

  @TempDir Path folder;

  @ParameterizedTest
  @EnumSource
  void theModelIsThatOfThreadsOfOneJvm(MpiStarter starter) throws Exception {
    // Two ranks to a data centre: a sum of two numbers has no order.
    Topology topology = Topology.uniform(2, 2);
    Path store = Files.createDirectory(folder.resolve("store"));
    MpiStarter.Ended job =
        starter.require().run(4, folder.resolve("job.log"), MpiTraining.class, store, 2, 2);
    assertEquals(0, job.status(), job.out());
    try (MemoryStore memory = new MemoryStore();
        HostMemory rings = HostMemory.unlimited("loopback");
        LoopbackNetwork network = new LoopbackNetwork(rings)) {
      SessionSettings settings = SessionSettings.threadsOf(network).withBackend("scalar");
      SmallJob threads = new SmallJob(topology, memory, settings, "lbfgs", "dense", CONFIG);
      List<SmallJob.Result> results =
          Ranks.run(4, rank -> (Callable<SmallJob.Result>) () -> threads.run(rank, step -> {}));
      assertEquals(Collections.nCopies(4, results.getFirst().hash()), job.after("hash"), job.out());
    }
  }
}
