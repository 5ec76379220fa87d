package org.strait.engine;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Arrays;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.strait.engine.data.Dataset;
import org.strait.engine.data.DatasetBuilder;
import org.strait.memory.HostMemory;

/// Never silently wrong: wherever rows lie, what travels between data centres in float64 ends at
/// the minimum that one data centre finds on all rows, with the same model everywhere.
@Timeout(240)
class AnyPartitionTest {
  private static final int ROWS = 600;
  private static final int FEATURES = 160;
  private static final double L2 = 1e-4;

  private static HostMemory memory;
  private static final Map<String, Dataset> SETS = new HashMap<>();
  private static final Map<String, Double> OPTIMA = new HashMap<>();

  @BeforeAll
  static void generate() {
    memory = HostMemory.unlimited("rows");
    for (String set : List.of("sparse", "collinear", "disjoint", "scaled")) {
      SETS.put(set, rows(set));
    }
  }

  @AfterAll
  static void free() {
    memory.close();
  }

  /// Sparse gaussians; one-hot groups, whose columns add up to the constant, with numbers that are
  /// nearly multiples of it; features of which each third of the rows has its own; features whose
  /// scales differ by a million.
  private static Dataset rows(String set) {
    SplittableRandom random = new SplittableRandom(3);
    try (DatasetBuilder builder = new DatasetBuilder(memory)) {
      for (int row = 0; row < ROWS; row++) {
        double score = 0.2;
        switch (set) {
          case "sparse" -> {
            builder.entry(0, 1);
            for (int f = 1 + random.nextInt(20); f < FEATURES; f += 1 + random.nextInt(20)) {
              float x = (float) random.nextGaussian();
              score += x * Math.sin(f);
              builder.entry(f, x);
            }
          }
          case "collinear" -> {
            builder.entry(0, 1);
            for (int group = 0; group < 12; group++) {
              int value = random.nextInt(8);
              score += Math.sin(group * 8 + value) * 0.7;
              builder.entry(1 + group * 8 + value, 1);
            }
            builder.entry(100, (float) (1 + 0.01 * random.nextGaussian()));
            builder.entry(101, (float) (2 + 0.02 * random.nextGaussian()));
          }
          case "disjoint" -> {
            int third = Math.min(2, row / (ROWS / 3));
            for (int f = random.nextInt(8); f < 53; f += 1 + random.nextInt(8)) {
              float x = (float) random.nextGaussian();
              score += x * Math.sin(f + third);
              builder.entry(53 * third + f, x);
            }
          }
          case "scaled" -> {
            for (int f = random.nextInt(6); f < 40; f += 1 + random.nextInt(6)) {
              double x = random.nextGaussian();
              score += x * Math.sin(f);
              builder.entry(f, (float) (x * Math.pow(10, f % 7 - 3)));
            }
          }
          default -> throw new IllegalArgumentException(set);
        }
        boolean positive = random.nextDouble() < 1 / (1 + Math.exp(-score));
        builder.endRow(positive ? 1 : -1);
      }
      return builder.build(set, FEATURES, memory);
    }
  }

  private static double optimum(String set) throws Exception {
    if (!OPTIMA.containsKey(set)) {
      int[] all = IntStream.range(0, ROWS).toArray();
      TrainingConfig config = new TrainingConfig(L2, 500, Double.NaN, 1e-13, 0.2, false);
      FrugalRuns.Job job =
          new FrugalRuns.Job(SETS.get(set), List.of(all), 1, "logistic", "tron", config);
      OPTIMA.put(set, FrugalRuns.train(job, "scalar", 60).getFirst().report().objective());
    }
    return OPTIMA.get(set);
  }

  /// Rows of each data centre.
  private static List<int[]> lie(Dataset data, String how) {
    int[] asIs = IntStream.range(0, ROWS).toArray();
    Comparator<Integer> byLabel =
        (a, b) -> Float.compare(data.labels().get(a), data.labels().get(b));
    Comparator<Integer> byFirst = (a, b) -> Integer.compare(first(data, a), first(data, b));
    return switch (how) {
      case "random" -> cut(shuffled(), 150, 300, 450);
      case "by-label" -> cut(sorted(byLabel), 100, 200, 400);
      case "by-feature" -> cut(sorted(byFirst), 150, 300, 450);
      case "one-class" -> {
        int[] order = sorted(byLabel);
        int negative = 0;
        while (data.labels().get(order[negative]) < 0) {
          negative++;
        }
        yield cut(order, negative);
      }
      case "ten-rows" -> cut(asIs, 10);
      case "one-row" -> cut(asIs, 1, 2);
      case "no-rows" -> cut(asIs, 0, 300);
      case "thirds" -> cut(asIs, 200, 400);
      default -> throw new IllegalArgumentException(how);
    };
  }

  private static int first(Dataset data, int row) {
    return data.matrix().index().get(data.matrix().rowStart().get(row));
  }

  private static int[] shuffled() {
    SplittableRandom random = new SplittableRandom(8);
    int[] order = IntStream.range(0, ROWS).toArray();
    for (int i = ROWS - 1; i > 0; i--) {
      int j = random.nextInt(i + 1);
      int kept = order[i];
      order[i] = order[j];
      order[j] = kept;
    }
    return order;
  }

  private static int[] sorted(Comparator<Integer> by) {
    return IntStream.range(0, ROWS)
        .boxed()
        .sorted(by.thenComparing(Integer::compare))
        .mapToInt(Integer::intValue)
        .toArray();
  }

  private static List<int[]> cut(int[] order, int... borders) {
    int[][] parts = new int[borders.length + 1][];
    for (int i = 0; i < parts.length; i++) {
      int from = i == 0 ? 0 : borders[i - 1];
      parts[i] = Arrays.copyOfRange(order, from, i == borders.length ? ROWS : borders[i]);
    }
    return List.of(parts);
  }

  @ParameterizedTest
  @CsvSource({
    "sparse, random",
    "sparse, by-label",
    "sparse, by-feature",
    "sparse, one-class",
    "sparse, ten-rows",
    "sparse, one-row",
    "sparse, no-rows",
    "collinear, random",
    "collinear, by-label",
    "collinear, by-feature",
    "collinear, one-class",
    "collinear, ten-rows",
    "disjoint, thirds",
    "disjoint, random",
    "disjoint, one-class",
    "scaled, random",
    "scaled, by-label",
    "scaled, by-feature",
    "scaled, ten-rows"
  })
  void endsAtTheMinimum(String set, String how) throws Exception {
    Dataset data = SETS.get(set);
    double best = optimum(set);
    List<int[]> parts = lie(data, how);
    for (String solver : List.of(FrugalTrainer.NAME, "distributed")) {
      TrainingConfig config = new TrainingConfig(L2, 1000, Double.NaN, 1e-7, 0.2, false);
      FrugalRuns.Job job =
          new FrugalRuns.Job(data, parts, parts.size(), "logistic", solver, config);
      List<FrugalRuns.Result> all = FrugalRuns.train(job, "scalar", 60);
      FrugalRuns.Result first = all.getFirst();
      String what = solver + " on " + set + " rows, " + how + ": " + first.report();
      for (FrugalRuns.Result result : all) {
        assertEquals(first.hash(), result.hash(), what);
      }
      assertTrue(first.report().converged(), what);
      double gap = first.report().objective() / best - 1;
      assertTrue(gap <= 1e-6 && gap >= -1e-9, what + ", gap " + gap);
    }
  }

  /// fadl may find no way on skewed rows: then it says so.
  @ParameterizedTest
  @CsvSource({"sparse, random", "sparse, one-class", "collinear, by-label", "disjoint, thirds"})
  void fadlEndsThereOrSaysSo(String set, String how) throws Exception {
    Dataset data = SETS.get(set);
    List<int[]> parts = lie(data, how);
    TrainingConfig config = new TrainingConfig(L2, 300, Double.NaN, 1e-7, 0.2, false);
    FrugalRuns.Job job = new FrugalRuns.Job(data, parts, parts.size(), "logistic", "fadl", config);
    TrainingReport report = FrugalRuns.train(job, "scalar", 60).getFirst().report();
    double gap = report.objective() / optimum(set) - 1;
    assertTrue(gap <= 1e-6 || !report.converged(), report + ", gap " + gap);
  }
}
