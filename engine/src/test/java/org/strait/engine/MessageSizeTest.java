package org.strait.engine;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.Collections;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.Callable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.strait.engine.ledger.Ledger;
import org.strait.engine.ledger.MessageKind;
import org.strait.engine.rendezvous.MemoryStore;
import org.strait.engine.topology.Topology;
import org.strait.engine.transport.LoopbackNetwork;

/// Whatever leaves a data centre is as long as the model and the number of scalars make it, however
/// many rows there are: no message has room for rows.
@Timeout(60)
class MessageSizeTest {
  private static final int ROUNDS = 10;

  /// Sums of bytes, messages and the longest message, by kind.
  private static final class Counting implements Ledger {
    private final Map<MessageKind, Long> longest = Collections.synchronizedMap(new TreeMap<>());
    private final Map<MessageKind, Integer> count = Collections.synchronizedMap(new TreeMap<>());

    @Override
    public void sent(int to, MessageKind kind, long round, long bytes) {
      longest.merge(kind, bytes, Math::max);
      count.merge(kind, 1, Integer::sum);
    }

    @Override
    public void phase(String name) {
      throw new AssertionError("nobody names a part here");
    }

    @Override
    public void close() {}
  }

  private static Counting train(int rows) throws Exception {
    Counting counting = new Counting();
    Topology topology = Topology.uniform(2, 2);
    TrainingConfig config = new TrainingConfig(SmallJob.L2, ROUNDS, Double.NaN, 0, 0.2, false);
    try (MemoryStore store = new MemoryStore();
        LoopbackNetwork network = new LoopbackNetwork()) {
      SessionSettings settings =
          SessionSettings.threadsOf(network)
              .withSurvival(new Survival("all", counting, change -> {}, 1));
      SmallJob job = new SmallJob(topology, store, settings, "lbfgs", "dense", config).rows(rows);
      Ranks.run(4, rank -> (Callable<SmallJob.Result>) () -> job.run(rank, step -> {}));
    }
    return counting;
  }

  @Test
  void messagesAreAsLongAsTheModel() throws Exception {
    Counting few = train(50);
    Counting many = train(2000);
    assertEquals(Set.of(MessageKind.HELLO, MessageKind.VECTOR), few.longest.keySet());
    // Header, the four scalars that travel, header of a dense payload, float32.
    long vector = 36 + 4 * 8 + 10 + 4L * SmallJob.FEATURES;
    assertEquals(vector, few.longest.get(MessageKind.VECTOR));
    assertEquals(few.longest, many.longest);
    assertEquals(few.count, many.count);
    // Two DCs, one message each way in every round, and the metric.
    assertEquals(2 * (ROUNDS + 1), few.count.get(MessageKind.VECTOR));
  }
}
