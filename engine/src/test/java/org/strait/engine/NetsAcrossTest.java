package org.strait.engine;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.strait.engine.data.Dataset;
import org.strait.engine.data.DatasetBuilder;
import org.strait.engine.data.Shard;
import org.strait.engine.model.Replica;
import org.strait.engine.net.Net;
import org.strait.engine.net.NetBuilder;
import org.strait.engine.optim.Optimizer;
import org.strait.engine.optim.Optimizers;
import org.strait.engine.optim.Schedule;
import org.strait.engine.rendezvous.MemoryStore;
import org.strait.engine.topology.Topology;
import org.strait.engine.transport.LoopbackNetwork;
import org.strait.memory.HostMemory;

/// Nets over data centres: every exchange, with and without local steps, ends with one model
/// everywhere, and rows count alike however unevenly they lie.
@Timeout(120)
class NetsAcrossTest {
  private static final int FEATURES = 12;

  @SuppressWarnings("ArrayRecordComponent") // never compared
  private record End(String hash, double objective, float[] weights) {}

  private static Dataset rows(int from, int to, HostMemory memory) {
    try (DatasetBuilder builder = new DatasetBuilder(memory)) {
      for (int row = from; row < to; row++) {
        SplittableRandom random = new SplittableRandom(row);
        double score = 0;
        for (int f = 0; f < FEATURES; f++) {
          double value = random.nextGaussian();
          score += f % 2 == 0 ? value : 0;
          builder.entry(f, (float) value);
        }
        builder.endRow(score < -1 ? 0 : score < 1 ? 1 : 2);
      }
      return builder.build("rows", FEATURES, memory);
    }
  }

  /// @param cuts where the rows of each rank begin, and the end of the last one's
  private static List<End> train(
      Topology topology, int[] cuts, int batch, String exchange, LocalSteps local, int rounds)
      throws Exception {
    Net net = NetBuilder.of("" + FEATURES).dense(8).relu().dropout(batch > 0 ? 0.1 : 0).classes(3);
    try (LoopbackNetwork network = new LoopbackNetwork();
        MemoryStore store = new MemoryStore()) {
      SessionSettings settings = SessionSettings.threadsOf(network).withBackend("scalar");
      TrainingConfig config = new TrainingConfig(1e-4, rounds, Double.NaN, 0, 0.2, batch > 0);
      return Ranks.run(
          topology.size(),
          rank ->
              () -> {
                try (HostMemory memory = HostMemory.unlimited("rank " + rank);
                    Session session = Session.open(topology, rank, store, settings)) {
                  Dataset own = rows(cuts[rank], cuts[rank + 1], memory);
                  Shard shard =
                      batch > 0 ? Shard.miniBatches(own, batch, 9 + rank, memory) : Shard.full(own);
                  try (Replica replica =
                      Replica.of(net, FEATURES, own.rows(), session.backend(), memory)) {
                    replica.initialise(4);
                    return run(session, shard, replica, exchange, local, config, memory);
                  }
                }
              });
    }
  }

  private static End run(
      Session session,
      Shard shard,
      Replica replica,
      String exchange,
      LocalSteps local,
      TrainingConfig config,
      HostMemory memory) {
    long n = replica.weights().length();
    Schedule rate = Schedule.constant(0.1);
    Optimizer optimizer = Optimizers.named("momentum", n, null, rate, session.backend(), memory);
    TrainingReport report;
    if (local != null) {
      try (LocalTrainer trainer =
          new LocalTrainer(
              session,
              shard,
              replica,
              optimizer,
              local,
              exchange,
              config,
              step -> {},
              System::nanoTime,
              0)) {
        report = trainer.run();
      }
    } else {
      try (Averager averager = session.averager(n, exchange)) {
        report =
            new Trainer(
                    session,
                    shard,
                    replica,
                    averager,
                    optimizer,
                    config,
                    step -> {},
                    System::nanoTime,
                    0)
                .run();
      }
    }
    return new End(replica.hash(), report.objective(), replica.weights().toArray());
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "dense",
        "int8,rans,error-feedback",
        "top-k:0.05,int8,error-feedback",
        "local int4,rans,error-feedback",
        "local dense"
      })
  void everyExchangeEndsWithOneModel(String how) throws Exception {
    boolean local = how.startsWith("local ");
    List<End> ends =
        train(
            Topology.uniform(2, 2),
            new int[] {0, 70, 140, 200, 300},
            16,
            how.replace("local ", ""),
            local ? LocalSteps.every(4) : null,
            local ? 40 : 160);
    for (End end : ends) {
      assertEquals(ends.getFirst().hash(), end.hash());
    }
    double objective = ends.getFirst().objective();
    assertTrue(objective < 0.45, how + ": " + objective + ", log 3 is 1.1");
  }

  @Test
  void unevenShardsCountByTheirRows() throws Exception {
    int[] one = {0, 200};
    int[] uneven = {0, 3, 50, 190, 200};
    End whole = train(Topology.uniform(1, 1), one, 0, "dense", null, 30).getFirst();
    End parts = train(Topology.uniform(2, 2), uneven, 0, "dense", null, 30).getFirst();
    assertEquals(whole.objective(), parts.objective(), 1e-5);
    for (int i = 0; i < whole.weights().length; i++) {
      assertEquals(whole.weights()[i], parts.weights()[i], 2e-4f, "weight " + i);
    }
  }
}
