package org.strait.engine;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.SplittableRandom;
import java.util.concurrent.ExecutionException;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.strait.engine.data.Dataset;
import org.strait.engine.data.DatasetBuilder;
import org.strait.engine.transport.PeerLostException;
import org.strait.memory.HostMemory;

/// The frugal solver ends at the optimum of one DC's solver on any partition, with the same bits
/// everywhere.
@Timeout(240)
class FrugalTrainerTest {
  private static final int FEATURES = 400;
  private static final int ROWS = 1500;
  private static final double L2 = 1e-4;

  private static Dataset rows(HostMemory memory, String model) {
    SplittableRandom random = new SplittableRandom(5);
    try (DatasetBuilder builder = new DatasetBuilder(memory)) {
      for (int row = 0; row < ROWS; row++) {
        builder.entry(0, 1);
        double score = 0.3;
        int feature = 0;
        int group = row % 5;
        while (true) {
          feature += 1 + random.nextInt(40);
          if (feature >= FEATURES - 50) {
            break;
          }
          float x = (float) random.nextGaussian();
          score += x * Math.sin(feature);
          builder.entry(feature, x);
        }
        // features of a group of rows alone, and one of them that is always there
        int first = FEATURES - 50 + 10 * group;
        builder.entry(first, 1);
        builder.entry(first + 1 + random.nextInt(9), 1);
        boolean positive = random.nextDouble() < 1 / (1 + Math.exp(-score - 0.4 * group));
        builder.endRow(label(model, positive, score));
      }
      return builder.build("rows", FEATURES, memory);
    }
  }

  private static float label(String model, boolean positive, double score) {
    return switch (model) {
      case "poisson" -> positive ? 2 : 0;
      case "squared", "huber" -> (float) (score + (positive ? 1 : 0));
      default -> positive ? 1 : -1;
    };
  }

  private static TrainingConfig config(double tolerance) {
    return new TrainingConfig(L2, 500, Double.NaN, tolerance, 0.2, false);
  }

  private static double optimum(Dataset data, String model) throws Exception {
    int[][] all = {IntStream.range(0, ROWS).toArray()};
    FrugalRuns.Job job =
        new FrugalRuns.Job(data, List.of(all), 1, model, "distributed", config(1e-13));
    return FrugalRuns.train(job, "scalar", 60).getFirst().report().objective();
  }

  /// Rows in an order, cut at borders.
  private static int[][] cut(int[] order, int... borders) {
    int[][] parts = new int[borders.length + 1][];
    for (int i = 0; i < parts.length; i++) {
      int from = i == 0 ? 0 : borders[i - 1];
      parts[i] = Arrays.copyOfRange(order, from, i == borders.length ? ROWS : borders[i]);
    }
    return parts;
  }

  private static int[] asIs() {
    return IntStream.range(0, ROWS).toArray();
  }

  private static int[] sorted(Comparator<Integer> by) {
    return IntStream.range(0, ROWS)
        .boxed()
        .sorted(by.thenComparing(Integer::compare))
        .mapToInt(Integer::intValue)
        .toArray();
  }

  private static List<FrugalRuns.Result> check(
      String what,
      Dataset data,
      int[][] parts,
      int dcs,
      String model,
      double best,
      double tolerance)
      throws Exception {
    FrugalRuns.Job job =
        new FrugalRuns.Job(data, List.of(parts), dcs, model, FrugalTrainer.NAME, config(tolerance));
    List<FrugalRuns.Result> all = FrugalRuns.train(job, "scalar", 60);
    FrugalRuns.Result first = all.getFirst();
    for (FrugalRuns.Result result : all) {
      assertEquals(first.hash(), result.hash(), what);
      assertEquals(first.report().objective(), result.report().objective(), what);
      assertEquals(first.report().reason(), result.report().reason(), what);
    }
    assertTrue(first.report().converged(), what + ": " + first.report());
    double gap = first.report().objective() / best - 1;
    assertTrue(gap < 1e-6 && gap > -1e-9, what + ": gap " + gap + ", " + first.report());
    return all;
  }

  @Test
  void anyPartitionEndsAtTheOptimum() throws Exception {
    try (HostMemory memory = HostMemory.unlimited("data")) {
      Dataset data = rows(memory, "logistic");
      double best = optimum(data, "logistic");
      int[] asIs = asIs();
      int[] byLabel = sorted((a, b) -> Float.compare(data.labels().get(a), data.labels().get(b)));
      int[] byGroup = sorted((a, b) -> Integer.compare(a % 5, b % 5));
      int negative = 0;
      while (data.labels().get(byLabel[negative]) < 0) {
        negative++;
      }
      check("one DC", data, cut(asIs), 1, "logistic", best, 1e-8);
      check("two ranks of one DC", data, cut(asIs, 700), 1, "logistic", best, 1e-8);
      check("random", data, cut(asIs, 600), 2, "logistic", best, 1e-8);
      check("ranks", data, cut(asIs, 300, 600, 601), 2, "logistic", best, 1e-8);
      check("one class each", data, cut(byLabel, negative), 2, "logistic", best, 1e-8);
      check("ten rows", data, cut(asIs, 10), 2, "logistic", best, 1e-8);
      check("no rows", data, cut(asIs, 500, 500), 3, "logistic", best, 1e-8);
      check("groups", data, cut(byGroup, 300, 600, 900, 1200), 5, "logistic", best, 1e-8);
      check("fine", data, cut(byGroup, 300, 600, 900, 1200), 5, "logistic", best, 1e-11);
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"squared-hinge", "squared", "huber", "poisson"})
  void otherLosses(String model) throws Exception {
    try (HostMemory memory = HostMemory.unlimited("data")) {
      Dataset data = rows(memory, model);
      double best = optimum(data, model);
      int[] byGroup = sorted((a, b) -> Integer.compare(a % 5, b % 5));
      check(model, data, cut(byGroup, 300, 600), 3, model, best, 1e-9);
    }
  }

  @Test
  void featuresOfWhichNoneIsShared() throws Exception {
    try (HostMemory memory = HostMemory.unlimited("data");
        DatasetBuilder builder = new DatasetBuilder(memory)) {
      SplittableRandom random = new SplittableRandom(9);
      for (int row = 0; row < ROWS; row++) {
        int half = row < 800 ? 0 : 200;
        builder.entry(half + random.nextInt(100), 1);
        builder.entry(half + 100 + random.nextInt(100), (float) random.nextGaussian());
        builder.endRow(random.nextInt(3) == 0 ? 1 : -1);
      }
      Dataset data = builder.build("rows", FEATURES, memory);
      double best = optimum(data, "logistic");
      int[] asIs = asIs();
      List<FrugalRuns.Result> all =
          check("disjoint", data, cut(asIs, 800), 2, "logistic", best, 1e-8);
      assertTrue(all.getFirst().bytes() < 2500, "bytes " + all.getFirst().bytes());
    }
  }

  @Test
  void sameRowsSameBits() throws Exception {
    try (HostMemory memory = HostMemory.unlimited("data")) {
      Dataset data = rows(memory, "logistic");
      int[][] parts = cut(asIs(), 400, 900);
      FrugalRuns.Job job =
          new FrugalRuns.Job(data, List.of(parts), 3, "logistic", FrugalTrainer.NAME, config(1e-8));
      FrugalRuns.Result first = FrugalRuns.train(job, "scalar", 60).getFirst();
      FrugalRuns.Result again = FrugalRuns.train(job, "scalar", 60).getFirst();
      assertEquals(first.hash(), again.hash());
      assertEquals(first.bytes(), again.bytes());
    }
  }

  /// A leaf that is lost ends the hub, and with it the other leaf; so does a hub that is lost.
  @ParameterizedTest
  @ValueSource(ints = {0, 1, 2})
  void aLossEndsTheTraining(int lost) throws Exception {
    try (HostMemory memory = HostMemory.unlimited("data")) {
      Dataset data = rows(memory, "logistic");
      int[][] parts = cut(asIs(), 400, 900);
      FrugalRuns.Job job =
          new FrugalRuns.Job(data, List.of(parts), 3, "logistic", FrugalTrainer.NAME, config(1e-8));
      ExecutionException e =
          assertThrows(ExecutionException.class, () -> FrugalRuns.train(job, "scalar", 60, lost));
      assertTrue(e.getCause() instanceof PeerLostException, e.toString());
    }
  }

  @Test
  void separableRowsWithoutAPenaltyStopWithTheReason() throws Exception {
    try (HostMemory memory = HostMemory.unlimited("data")) {
      Dataset data = rows(memory, "logistic");
      int[][] parts = {IntStream.range(0, 20).toArray(), IntStream.range(20, 40).toArray()};
      TrainingConfig config = new TrainingConfig(0, 500, Double.NaN, 1e-9, 0.2, false);
      FrugalRuns.Job job =
          new FrugalRuns.Job(data, List.of(parts), 2, "logistic", FrugalTrainer.NAME, config);
      ExecutionException e =
          assertThrows(ExecutionException.class, () -> FrugalRuns.train(job, "scalar", 60));
      assertTrue(e.getCause() instanceof DivergedException, e.toString());
      assertTrue(e.getCause().getMessage().contains("separable and l2 is 0"), e.getMessage());
    }
  }
}
