package org.strait.examples;

import java.util.Arrays;
import java.util.List;
import org.strait.engine.Averager;
import org.strait.engine.Session;
import org.strait.engine.SessionSettings;
import org.strait.engine.rendezvous.MemoryStore;
import org.strait.engine.rendezvous.Store;
import org.strait.engine.topology.Topology;
import org.strait.kernels.BackendUnavailableException;

/// A trainer with a model, rows and an update of its own, in plain Java arrays, that lets Strait
/// average its gradients over two data centres of two ranks. Here the ranks are threads that speak
/// TCP; as processes they would differ in nothing but the store.
public final class ForeignTrainer {
  private static final int STEPS = 300;
  private static final float RATE = 0.3f;

  private ForeignTrainer() {}

  /// Trains as one rank; returns its weights.
  static float[] train(Topology topology, int rank, Store store, LinearRows rows)
      throws BackendUnavailableException {
    float[] weights = new float[LinearRows.FEATURES];
    try (Session session = Session.open(topology, rank, store, SessionSettings.defaults());
        Averager averager = session.averager(weights.length, "dense")) {
      for (int step = 0; step < STEPS; step++) {
        float[] gradient = rows.meanGradient(weights);
        averager.average(gradient, rows.count()); // now the mean over all rows of all DCs
        for (int j = 0; j < weights.length; j++) {
          weights[j] -= RATE * gradient[j];
        }
      }
    }
    return weights;
  }

  /// Runs a job as threads of this JVM; returns each rank's weights.
  ///
  /// @param seed tells the rows of one job from those of another
  static List<float[]> run(Topology topology, long seed) throws Exception {
    try (MemoryStore store = new MemoryStore()) {
      return Ranks.asThreads(
          topology.size(), rank -> train(topology, rank, store, LinearRows.ofRank(seed, rank)));
    }
  }

  /// Runs and prints.
  public static void main(String[] args) throws Exception {
    Topology topology = Topology.uniform(2, 2);
    List<float[]> weights = run(topology, 1);
    for (int rank = 0; rank < weights.size(); rank++) {
      System.out.printf(
          "rank %d of %s has %s%n",
          rank, topology.dcs().get(topology.dcOf(rank)).name(), Arrays.toString(weights.get(rank)));
    }
  }
}
