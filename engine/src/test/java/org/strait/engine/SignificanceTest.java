package org.strait.engine;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.Callable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.strait.engine.ledger.Ledger;
import org.strait.engine.ledger.MessageKind;
import org.strait.engine.rendezvous.MemoryStore;
import org.strait.engine.topology.Topology;
import org.strait.engine.transport.LoopbackNetwork;
import org.strait.memory.Floats;

/// {@code significance} compares a vector with the weights that it changes, in training too.
@Timeout(60)
class SignificanceTest {
  /// Bytes of vectors by round.
  private static final class Lengths implements Ledger {
    private final Map<Long, Long> bytes = Collections.synchronizedMap(new TreeMap<>());

    @Override
    public void sent(int to, MessageKind kind, long round, long count) {
      if (kind == MessageKind.VECTOR) {
        bytes.merge(round, count, Math::max);
      }
    }

    @Override
    public void phase(String name) {
      throw new AssertionError("nobody names a part here");
    }

    @Override
    public void close() {}
  }

  @Test
  void aTrainingSaysItsWeights() throws Exception {
    Topology topology = Topology.uniform(2, 2);
    TrainingConfig config = new TrainingConfig(SmallJob.L2, 4, Double.NaN, 0, 0.2, false);
    Lengths lengths = new Lengths();
    try (MemoryStore store = new MemoryStore();
        LoopbackNetwork network = new LoopbackNetwork()) {
      SessionSettings settings =
          SessionSettings.threadsOf(network)
              .withSurvival(new Survival("all", lengths, change -> {}, 1));
      SmallJob job = new SmallJob(topology, store, settings, "sgd", "significance:1000000", config);
      List<SmallJob.Result> results =
          Ranks.run(4, rank -> (Callable<SmallJob.Result>) () -> job.run(rank, step -> {}));
      assertEquals(results.getFirst().hash(), results.getLast().hash());
    }
    List<Long> rounds = List.copyOf(lengths.bytes.values());
    long most = Collections.max(rounds);
    // While the weights are 0 every change is significant; beside weights none is a million times
    // as large.
    assertTrue(most > 4L * SmallJob.FEATURES / 2, rounds::toString);
    assertTrue(rounds.getLast() < 100, rounds::toString);
  }

  @Test
  void weightsTravelInTheVectorsCoordinates() throws Exception {
    float[] weights = {1, 1, 1, 0, 4, 4};
    float[] scale = {1, 0.5f, 2, 1, 0.5f, 2};
    // With T = 1 in the first round an element travels if |x·s| > |w/s|.
    float[] expected = {2, 0, 2, 2, 0, 2};
    try (MemoryStore store = new MemoryStore();
        LoopbackNetwork network = new LoopbackNetwork()) {
      SessionSettings settings = SessionSettings.threadsOf(network);
      List<float[]> means =
          Ranks.run(
              2, rank -> (Callable<float[]>) () -> mean(rank, store, settings, weights, scale));
      for (float[] mean : means) {
        assertArrayEquals(expected, mean);
      }
    }
  }

  private static float[] mean(
      int rank, MemoryStore store, SessionSettings settings, float[] weights, float[] scale)
      throws Exception {
    try (Session session = Session.open(Topology.uniform(2, 1), rank, store, settings)) {
      Floats w = session.memory().floats(weights.length);
      Floats s = session.memory().floats(weights.length);
      w.copyFrom(weights);
      s.copyFrom(scale);
      try (Averager averager = session.averager(weights.length, "significance:1")) {
        averager.reference(w);
        averager.travelScaled(s);
        float[] x = {2, 2, 2, 2, 2, 2};
        averager.average(x, 1);
        return x;
      }
    }
  }
}
