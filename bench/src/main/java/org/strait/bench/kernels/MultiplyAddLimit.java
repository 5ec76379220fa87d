package org.strait.bench.kernels;

import java.util.ArrayList;
import java.util.List;
import org.strait.bench.peers.Twins;
import org.strait.bench.run.BenchCase;
import org.strait.bench.run.Bout;
import org.strait.bench.run.Contender;
import org.strait.bench.run.Limit;
import org.strait.bench.run.Outcome;
import org.strait.bench.run.Outcome.Part;
import org.strait.bench.run.Work;
import org.strait.bench.run.Workplace;
import org.strait.kernels.team.Team;
import org.strait.memory.HostMemory;

/// Multiply-adds in registers: the peak that matrix products are compared with.
record MultiplyAddLimit() implements BenchCase {
  /// Operations of one thread in a call; whole turns in Java (any width) and in C (384 a turn).
  private static final int FLOPS = 384 * 50_000;

  private static final int C_TURNS = FLOPS / 384;
  private static final int C_LANES = 12 * 16;

  /// Where v ← 0.999·v + 0.1 ends.
  private static final double FIXED_POINT = 100;

  private static final class Mean {
    private double value;
  }

  /// Whether the Java limits may run: they need the Vector API, and in a JVM that measures another
  /// width they would spoil the profiles of the API's own methods.
  static boolean vectorsMayRun(Workplace place) {
    String backend = place.strait();
    return ModuleLayer.boot().findModule("jdk.incubator.vector").isPresent()
        && (!backend.contains("simd-") || backend.endsWith("simd-" + JavaLimits.BITS));
  }

  @Override
  public String name() {
    return limit().caseName(false);
  }

  @Override
  public Limit limit() {
    return Limit.multiplyAdd();
  }

  @Override
  public List<Bout> bouts(Workplace place, HostMemory memory) {
    Outcome expected = Outcome.of(Part.number("mean", () -> FIXED_POINT));
    List<Bout> bouts = new ArrayList<>();
    for (int threads : place.threads()) {
      List<Contender> contenders = new ArrayList<>();
      if (vectorsMayRun(place)) {
        contenders.add(java(place.team(threads)));
      }
      place.twins(threads).ifPresent(twins -> contenders.add(inC(twins, threads)));
      if (!contenders.isEmpty()) {
        Work work = new Work(0, (double) FLOPS * threads);
        bouts.add(new Bout(name(), threads, work, expected, 0.02, contenders));
      }
    }
    return bouts;
  }

  private static Contender java(Team team) {
    Mean mean = new Mean();
    int threads = team.threads();
    double[] sums = new double[threads];
    Team.Task task =
        (part, worker) -> sums[part] = JavaLimits.multiplyAdd(FLOPS / JavaLimits.FLOPS_PER_TURN);
    return Contender.here(
        "java vector",
        false,
        Outcome.of(Part.number("mean", () -> mean.value)),
        () -> mean.value = 0,
        repeats -> {
          for (int i = 0; i < repeats; i++) {
            team.run(threads, task);
          }
          // Two operations a lane and turn.
          double total = 0;
          for (double sum : sums) {
            total += sum;
          }
          mean.value = total / threads / (JavaLimits.FLOPS_PER_TURN / 2.0);
        });
  }

  private static Contender inC(Twins twins, int threads) {
    Mean mean = new Mean();
    Twins.Call call = twins.repeating("limit_fma", float.class, threads);
    return Contender.here(
        "C",
        true,
        Outcome.of(Part.number("mean", () -> mean.value)),
        () -> mean.value = 0,
        repeats -> mean.value = call.repeated((long) C_TURNS * repeats) / threads / C_LANES);
  }
}
