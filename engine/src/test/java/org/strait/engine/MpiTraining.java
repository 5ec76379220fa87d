package org.strait.engine;

import java.nio.file.Path;
import org.strait.engine.rendezvous.FileStore;
import org.strait.engine.topology.Topology;
import org.strait.engine.transport.mpi.MpiEnvironment;

/// One rank of {@link MpiTrainingTest}: {@code STORE DCS RANKS_PER_DC}. Prints the model's hash.
final class MpiTraining {
  private MpiTraining() {}

  public static void main(String[] args) throws Exception {
    int rank = MpiEnvironment.of(System.getenv()).orElseThrow().rank();
    Topology topology = Topology.uniform(Integer.parseInt(args[1]), Integer.parseInt(args[2]));
    SessionSettings settings =
        SessionSettings.defaults().withBackend("scalar").withTransport("mpi");
    SmallJob.Result result =
        new SmallJob(
                topology,
                new FileStore(Path.of(args[0])),
                settings,
                "lbfgs",
                "dense",
                MpiTrainingTest.CONFIG)
            .run(rank, step -> {});
    System.out.print("hash " + result.hash() + System.lineSeparator());
  }
}
