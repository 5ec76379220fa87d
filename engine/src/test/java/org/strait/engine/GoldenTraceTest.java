package org.strait.engine;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.strait.engine.rendezvous.MemoryStore;
import org.strait.engine.topology.Topology;
import org.strait.engine.transport.ConnectOptions;
import org.strait.engine.transport.LoopbackNetwork;
import org.strait.memory.HostMemory;

/// Twenty steps over 2 data centres × 2 ranks: the whole path in one trace. The objectives of the
/// scalar backend are pinned in a file; rewrite it with {@code -Dstrait.golden.write=true} and look
/// at the difference.
@Timeout(60)
class GoldenTraceTest {
  private static final Path FILE =
      Path.of(System.getProperty("strait.root", ".."))
          .resolve("engine/src/test/resources/golden-trace.txt");
  private static final String SPARSE = "top-k:auto,int8,difference";

  @Test
  void twentyStepsGiveTheRecordedObjectives() throws Exception {
    List<Double> trace = trace("scalar", SPARSE);
    if (Boolean.getBoolean("strait.golden.write")) {
      Files.write(FILE, trace.stream().map(Object::toString).toList());
    }
    List<String> expected = Files.readAllLines(FILE);
    assertEquals(expected.size(), trace.size());
    for (int i = 0; i < trace.size(); i++) {
      double value = Double.parseDouble(expected.get(i));
      assertEquals(value, trace.get(i), 1e-9 * value, "objective of round " + (i + 1));
    }
  }

  @Test
  void runsRepeatBitForBit() throws Exception {
    assertEquals(trace("auto", SPARSE), trace("auto", SPARSE));
  }

  @ParameterizedTest
  @ValueSource(ints = {2, 3})
  void threadsDoNotChangeABit(int threads) throws Exception {
    for (String backend : List.of("scalar", "auto")) {
      assertEquals(trace(backend, SPARSE), trace(backend, SPARSE, threads), backend);
    }
  }

  @Test
  void theUncompressedExchangeGoesTheSameWay() throws Exception {
    List<Double> sparse = trace("scalar", SPARSE);
    List<Double> dense = trace("scalar", "dense");
    assertEquals(sparse.getFirst(), dense.getFirst());
    assertEquals(dense.getLast(), sparse.getLast(), 0.01 * dense.getLast());
  }

  private static List<Double> trace(String backend, String compressor) throws Exception {
    return trace(backend, compressor, 1);
  }

  private static List<Double> trace(String backend, String compressor, int threads)
      throws Exception {
    Topology topology = Topology.uniform(2, 2);
    SessionSettings settings =
        SessionSettings.defaults()
            .withTransport("loopback")
            .withConnect(
                ConnectOptions.defaults()
                    .withNetwork(new LoopbackNetwork(HostMemory.unlimited("loopback"))))
            .withBackend(backend)
            .withThreads(threads);
    try (MemoryStore store = new MemoryStore()) {
      TrainingConfig config = new TrainingConfig(SmallJob.L2, 20, Double.NaN, 0, 0.2, false);
      SmallJob job = new SmallJob(topology, store, settings, "lbfgs", compressor, config);
      List<List<Double>> traces = new ArrayList<>();
      for (int rank = 0; rank < 4; rank++) {
        traces.add(new ArrayList<>());
      }
      List<SmallJob.Result> results =
          Ranks.run(
              4,
              rank ->
                  (Callable<SmallJob.Result>)
                      () -> job.run(rank, step -> traces.get(rank).add(step.objective())));
      for (int rank = 1; rank < 4; rank++) {
        assertEquals(traces.get(0), traces.get(rank), "objectives of rank " + rank);
        assertEquals(results.get(0).hash(), results.get(rank).hash(), "weights of rank " + rank);
      }
      assertEquals(20, traces.get(0).size());
      return traces.get(0);
    }
  }
}
