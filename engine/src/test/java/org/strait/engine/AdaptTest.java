package org.strait.engine;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Function;
import java.util.function.LongSupplier;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.strait.engine.adapt.Adapt;
import org.strait.engine.adapt.Controllers;
import org.strait.engine.adapt.Decision;
import org.strait.engine.rendezvous.MemoryStore;
import org.strait.engine.topology.Topology;
import org.strait.engine.transport.LoopbackNetwork;

/// Trainings of 3 data centres × 2 ranks that set how finely they exchange as they go.
@Timeout(120)
class AdaptTest {
  private static final int DCS = 3;
  private static final int RANKS = 2;

  @TempDir Path folder;

  /// What a training left.
  private record Run(
      List<SmallJob.Result> results, List<List<Decision>> decisions, AtomicLong bytes) {
    double objective() {
      for (SmallJob.Result result : results) {
        assertEquals(results.getFirst().hash(), result.hash(), "all ranks have one model");
      }
      return results.getFirst().report().objective();
    }

    /// What the first data centre decided; all others the same.
    List<Decision> agreed() {
      for (List<Decision> other : decisions) {
        assertEquals(
            decisions.getFirst().stream().map(Decision::toString).toList(),
            other.stream().map(Decision::toString).toList());
      }
      return decisions.getFirst();
    }
  }

  private static final class Plan {
    private String solver = "lbfgs";
    private String compressor = "dense";
    private int rounds = 60;
    private Adapt adapt;
    private Function<Session, LongSupplier> clock = session -> System::nanoTime;
    private LocalSteps local;
    private Path keep;
    private boolean resumes;

    Run run() throws Exception {
      Topology topology = Topology.uniform(DCS, RANKS);
      ConcurrentHashMap<Integer, List<Decision>> told = new ConcurrentHashMap<>();
      AtomicLong bytes = new AtomicLong();
      try (LoopbackNetwork network = new LoopbackNetwork();
          MemoryStore store = new MemoryStore()) {
        SessionSettings settings = SessionSettings.threadsOf(network).withBackend("scalar");
        boolean batches = !solver.equals("lbfgs");
        TrainingConfig config =
            new TrainingConfig(SmallJob.L2, rounds, Double.NaN, 0, 0.2, batches);
        List<SmallJob.Result> results =
            Ranks.run(
                DCS * RANKS,
                rank ->
                    () -> {
                      SmallJob job =
                          new SmallJob(topology, store, settings, solver, compressor, config)
                              .batches(batches ? 50 : 0)
                              .locally(local);
                      if (adapt != null) {
                        List<Decision> mine = new ArrayList<>();
                        told.put(rank, mine);
                        job.adapting(adapt.telling(mine::add), clock);
                      }
                      if (keep != null) {
                        job.keeping(keep, new Checkpoints.Every(5, 0));
                      }
                      if (resumes) {
                        job.resuming();
                      }
                      return job.run(
                          rank,
                          step -> {
                            if (step.round() == rounds) {
                              bytes.addAndGet(step.bytesSent());
                            }
                          });
                    });
        List<List<Decision>> decisions = new ArrayList<>();
        for (int dc = 0; dc < DCS && adapt != null; dc++) {
          decisions.add(told.get(dc * RANKS));
        }
        return new Run(results, decisions, bytes);
      }
    }
  }

  /// One element of 300 in 2 bits is far too little: without the guard the run gets nowhere near,
  /// with it to the dense run's objective.
  @Test
  void theGuardBacksOffFromABoundThatIsTooCoarse() throws Exception {
    Plan plan = new Plan();
    plan.rounds = 100;
    double dense = plan.run().objective();
    plan.compressor = "top-k:0.3%..100%,int2..int8,difference";
    plan.adapt = Adapt.of(Controllers.named("bytes"), 4, Double.NaN);
    Run unguarded = plan.run();
    plan.adapt = Adapt.of(Controllers.named("bytes"), 4, 0.1);
    Run guarded = plan.run();
    assertTrue(unguarded.agreed().stream().noneMatch(Decision::changes));
    assertTrue(guarded.agreed().stream().anyMatch(Decision::poor));
    assertTrue(guarded.agreed().getFirst().line().contains("too far; "));
    double room = 1e-3 * dense;
    assertTrue(
        guarded.objective() < dense + room, guarded.objective() + " guarded, " + dense + " dense");
    assertFalse(
        unguarded.objective() < dense + room,
        unguarded.objective() + " unguarded, " + dense + " dense");
  }

  /// A clock that goes on by 10 ms for each look at it (four of a step's are at its computing, one
  /// is at its exchange), and by what the bytes that were sent take on a link.
  private static Function<Session, LongSupplier> link(double bitsPerSecond) {
    return session -> {
      AtomicLong looks = new AtomicLong();
      return () ->
          looks.incrementAndGet() * 10_000_000
              + (long) (session.wanBytesSent() * 8e9 / (DCS - 1) / bitsPerSecond);
    };
  }

  @Test
  void aSlowLinkIsSentLess() throws Exception {
    Plan plan = new Plan();
    plan.compressor = "top-k:1%..100%,int4..int8,difference";
    plan.adapt = Adapt.of(Controllers.named("time"), 4, Double.NaN);
    plan.clock = link(1e9);
    Run fast = plan.run();
    plan.clock = link(1e4);
    Run slow = plan.run();
    fast.objective();
    slow.objective();
    slow.agreed();
    assertTrue(
        fast.agreed().stream().noneMatch(Decision::changes), () -> fast.agreed().getFirst().line());
    // Framing, scalars and samples are the same in both.
    assertTrue(
        slow.bytes().get() < 0.75 * fast.bytes().get(),
        slow.bytes() + " bytes on the slow link, " + fast.bytes() + " on the fast one");
    double few = slow.agreed().getLast().figures().payloadBytes();
    double many = fast.agreed().getLast().figures().payloadBytes();
    assertTrue(
        5 * few < many, slow.agreed().stream().map(Decision::line).toList() + ", fast " + many);
  }

  /// Few bytes looks at no clock.
  @Test
  void fewBytesGivesTheSameBitsAgainAndAfterAResume() throws Exception {
    Plan plan = new Plan();
    plan.rounds = 31;
    plan.compressor = "top-k:1%..100%,int4..int8,rans,difference";
    plan.adapt = Adapt.of(Controllers.named("bytes"), 4, 0.3);
    String unbroken = plan.run().results().getFirst().hash();
    assertEquals(unbroken, plan.run().results().getFirst().hash());
    plan.keep = folder;
    plan.rounds = 18;
    plan.run();
    plan.rounds = 31;
    plan.resumes = true;
    Run resumed = plan.run();
    assertEquals(unbroken, resumed.results().getFirst().hash());
    resumed.objective();
  }

  @Test
  void localStepsGetLongerOnASlowLink() throws Exception {
    Plan plan = new Plan();
    plan.solver = "sgd";
    plan.local = LocalSteps.every(2);
    plan.compressor = "int2..int8,error-feedback";
    plan.adapt = Adapt.of(Controllers.named("time"), 4, Double.NaN).periods(2, 32);
    plan.clock = link(1e4);
    Run slow = plan.run();
    slow.objective();
    Decision last = slow.agreed().getLast();
    assertEquals(0, last.after().rung());
    assertTrue(last.after().period() > 2, last.line());
    plan.clock = link(1e9);
    Run fast = plan.run();
    fast.objective();
    assertEquals(2, fast.agreed().getLast().after().period());
  }

  @Test
  void errorFeedbackIsJudgedByWhatStillWaits() throws Exception {
    Plan plan = new Plan();
    plan.solver = "sgd";
    plan.local = LocalSteps.every(2).inFragments(2);
    plan.compressor = "top-k:1%..100%,int4..int8,error-feedback";
    plan.adapt = Adapt.of(Controllers.named("bytes"), 8, 0.5);
    Run run = plan.run();
    run.objective();
    Decision first = run.agreed().getFirst();
    assertTrue(first.poor(), first.line());
    assertTrue(first.after().rung() > 0, first.line());
  }
}
