package org.strait.examples;

import java.lang.foreign.Arena;
import java.lang.foreign.ValueLayout;
import java.util.Arrays;
import java.util.List;
import org.strait.engine.Averager;
import org.strait.engine.Session;
import org.strait.engine.SessionSettings;
import org.strait.engine.rendezvous.MemoryStore;
import org.strait.engine.rendezvous.Store;
import org.strait.engine.topology.Topology;
import org.strait.engine.transport.LoopbackNetwork;
import org.strait.kernels.BackendUnavailableException;
import org.strait.memory.Floats;

/// The same for a trainer whose gradient is in native memory, its own or a native library's: the
/// engine averages it in place, nothing is copied. The ranks speak through memory, and between DCs
/// travel 8 bits a number.
public final class NativeTrainer {
  private static final int STEPS = 300;
  private static final float RATE = 0.3f;

  private NativeTrainer() {}

  /// Trains as one rank; returns its weights.
  static float[] train(
      Topology topology, int rank, Store store, SessionSettings settings, LinearRows rows)
      throws BackendUnavailableException {
    float[] weights = new float[LinearRows.FEATURES];
    try (Arena arena = Arena.ofConfined();
        Session session = Session.open(topology, rank, store, settings);
        Averager averager = session.averager(weights.length, "int8,error-feedback")) {
      Floats gradient = Floats.over(arena.allocate(ValueLayout.JAVA_FLOAT, weights.length));
      for (int step = 0; step < STEPS; step++) {
        rows.meanGradient(weights, gradient);
        averager.average(gradient, rows.count());
        for (int j = 0; j < weights.length; j++) {
          weights[j] -= RATE * gradient.get(j);
        }
      }
    }
    return weights;
  }

  /// Runs a job as threads of this JVM; returns each rank's weights.
  ///
  /// @param seed tells the rows of one job from those of another
  static List<float[]> run(Topology topology, long seed) throws Exception {
    try (MemoryStore store = new MemoryStore();
        LoopbackNetwork network = new LoopbackNetwork()) {
      SessionSettings settings = SessionSettings.threadsOf(network);
      return Ranks.asThreads(
          topology.size(),
          rank -> train(topology, rank, store, settings, LinearRows.ofRank(seed, rank)));
    }
  }

  /// Runs and prints.
  public static void main(String[] args) throws Exception {
    for (float[] weights : run(Topology.uniform(2, 2), 1)) {
      System.out.println(Arrays.toString(weights));
    }
  }
}
