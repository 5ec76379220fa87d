package org.strait.examples;

import java.util.Arrays;
import java.util.List;
import org.strait.engine.topology.Topology;

/// Two jobs at the same time in one JVM: sessions with stores of their own do not know of each
/// other.
public final class SideBySide {
  private SideBySide() {}

  /// What the ranks of both jobs end with.
  record Outcome(List<float[]> first, List<float[]> second) {}

  /// Runs a job of 2 DCs over TCP beside one of 3 DCs through memory.
  static Outcome run() throws Exception {
    List<List<float[]>> jobs =
        Ranks.asThreads(
            2,
            job ->
                job == 0
                    ? ForeignTrainer.run(Topology.uniform(2, 2), 1)
                    : NativeTrainer.run(Topology.uniform(3, 1), 2));
    return new Outcome(jobs.get(0), jobs.get(1));
  }

  /// Runs and prints.
  public static void main(String[] args) throws Exception {
    Outcome outcome = run();
    System.out.println("first job:  " + Arrays.toString(outcome.first().get(0)));
    System.out.println("second job: " + Arrays.toString(outcome.second().get(0)));
  }
}
