package org.strait.examples;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.strait.engine.topology.Topology;

/// Runs every example and checks its numbers.
@Timeout(60)
class ExamplesTest {
  private static final int STEPS = 300;
  private static final float RATE = 0.3f;

  @Test
  void theForeignTrainerIsTheSingleProcessOne() throws Exception {
    check(ForeignTrainer.run(Topology.uniform(2, 2), 1), 1, 1e-5);
  }

  @Test
  void theNativeTrainerComesAsCloseAsEightBitsAllow() throws Exception {
    check(NativeTrainer.run(Topology.uniform(2, 2), 1), 1, 1e-3);
  }

  @Test
  void jobsSideBySideEndAsTheyDoAlone() throws Exception {
    SideBySide.Outcome both = SideBySide.run();
    assertAllEqual(ForeignTrainer.run(Topology.uniform(2, 2), 1).get(0), both.first());
    assertAllEqual(NativeTrainer.run(Topology.uniform(3, 1), 2).get(0), both.second());
    check(both.first(), 1, 1e-5);
    check(both.second(), 2, 1e-3);
  }

  @Test
  void theMainsRun() throws Exception {
    ForeignTrainer.main(new String[0]);
    NativeTrainer.main(new String[0]);
    SideBySide.main(new String[0]);
  }

  /// All ranks agree to the last bit, the loss has fallen to the noise, and the weights are what
  /// one process with all rows finds.
  private static void check(List<float[]> weights, long seed, double tolerance) {
    assertAllEqual(weights.get(0), weights);
    int ranks = weights.size();
    double before = loss(new float[LinearRows.FEATURES], seed, ranks);
    double after = loss(weights.get(0), seed, ranks);
    assertTrue(before > 5, "loss before is " + before);
    assertTrue(after < 0.006, "loss after is " + after + ", noise leaves 0.005");
    assertArrayEquals(alone(seed, ranks), weights.get(0), (float) tolerance);
  }

  private static void assertAllEqual(float[] expected, List<float[]> weights) {
    for (int rank = 0; rank < weights.size(); rank++) {
      assertArrayEquals(expected, weights.get(rank), "rank " + rank);
    }
  }

  /// Mean loss over the rows of all ranks.
  private static double loss(float[] weights, long seed, int ranks) {
    double sum = 0;
    int rows = 0;
    for (int rank = 0; rank < ranks; rank++) {
      LinearRows part = LinearRows.ofRank(seed, rank);
      sum += part.count() * part.meanLoss(weights);
      rows += part.count();
    }
    assertEquals(ranks * 100 + 25 * ranks * (ranks - 1), rows);
    return sum / rows;
  }

  /// The same training in one process, the mean added in float64.
  private static float[] alone(long seed, int ranks) {
    float[] weights = new float[LinearRows.FEATURES];
    for (int step = 0; step < STEPS; step++) {
      double[] sum = new double[weights.length];
      int rows = 0;
      for (int rank = 0; rank < ranks; rank++) {
        LinearRows part = LinearRows.ofRank(seed, rank);
        float[] gradient = part.meanGradient(weights);
        for (int j = 0; j < sum.length; j++) {
          sum[j] += (double) part.count() * gradient[j];
        }
        rows += part.count();
      }
      for (int j = 0; j < weights.length; j++) {
        weights[j] -= (float) (RATE * sum[j] / rows);
      }
    }
    return weights;
  }
}
