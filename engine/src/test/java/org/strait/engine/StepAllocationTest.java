package org.strait.engine;

import static org.junit.jupiter.api.Assertions.assertEquals;

import com.sun.management.ThreadMXBean;
import java.lang.management.ManagementFactory;
import java.util.List;
import java.util.concurrent.Callable;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.strait.engine.rendezvous.MemoryStore;
import org.strait.engine.topology.Topology;
import org.strait.engine.transport.ConnectOptions;
import org.strait.engine.transport.LoopbackNetwork;
import org.strait.memory.HostMemory;

/// A thousand steps in a row allocate nothing on the step's thread, on any rank.
@Timeout(120)
class StepAllocationTest {
  private static final int WINDOW = 1000;

  /// The first windows pass before the last vector loop is compiled; until then vectors are
  /// objects.
  private static final int WINDOWS = 9;

  @ParameterizedTest
  @CsvSource(
      delimiter = ' ',
      value = {
        "loopback lbfgs top-k:auto,int8,difference",
        "tcp lbfgs top-k:auto,int8,difference",
        "loopback lbfgs step:auto,rans,difference",
        "tcp sgd top-k:0.05,int8,error-feedback",
        "tcp adamw dense"
      })
  void aThousandStepsAllocateNothing(String transport, String solver, String compressor)
      throws Exception {
    ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
    Topology topology = Topology.uniform(2, 2);
    SessionSettings settings =
        SessionSettings.defaults()
            .withTransport(transport)
            .withConnect(
                ConnectOptions.defaults()
                    .withNetwork(new LoopbackNetwork(HostMemory.unlimited("loopback"))));
    TrainingConfig config =
        new TrainingConfig(SmallJob.L2, WINDOWS * WINDOW, Double.NaN, 0, 0.2, false);
    try (MemoryStore store = new MemoryStore()) {
      SmallJob job = new SmallJob(topology, store, settings, solver, compressor, config);
      List<Long> allocated =
          Ranks.run(
              4,
              rank ->
                  (Callable<Long>)
                      () -> {
                        long[] window = {Long.MAX_VALUE, 0};
                        job.run(
                            rank,
                            step -> {
                              if (step.round() % WINDOW == 0) {
                                long now = threads.getCurrentThreadAllocatedBytes();
                                if (step.round() > WINDOW) {
                                  window[0] = Math.min(window[0], now - window[1]);
                                }
                                window[1] = threads.getCurrentThreadAllocatedBytes();
                              }
                            });
                        return window[0];
                      });
      assertEquals(List.of(0L, 0L, 0L, 0L), allocated, "bytes by rank");
    }
  }
}
