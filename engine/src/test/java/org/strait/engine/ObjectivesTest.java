package org.strait.engine;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.concurrent.ExecutionException;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.strait.engine.data.Dataset;
import org.strait.engine.data.DatasetBuilder;
import org.strait.engine.solver.DataObjective;
import org.strait.engine.solver.RowObjective;
import org.strait.engine.solver.Solver;
import org.strait.engine.solver.Solvers;
import org.strait.engine.solver.Sums;
import org.strait.kernels.Backend;
import org.strait.kernels.scalar.ScalarBackend;
import org.strait.memory.Doubles;
import org.strait.memory.Floats;
import org.strait.memory.HostMemory;

/// Intercepts, weights of rows and several classes over data centres, whose rows differ in number
/// and kind, against the minimum of all rows in one place.
class ObjectivesTest {
  private static final int ROWS = 240;
  private static final int FEATURES = 9;
  private static final double L2 = 1e-3;
  private static final long SECONDS = 60;

  private final HostMemory memory = HostMemory.unlimited("test");
  private final Backend backend = new ScalarBackend();

  @AfterEach
  void close() {
    backend.close();
    memory.close();
  }

  /// Rows with a constant part that an intercept explains; sorted by class, so that the first data
  /// centre lacks classes.
  private Dataset rows(int classes, double scale) {
    SplittableRandom random = new SplittableRandom(11);
    List<double[]> all = new ArrayList<>();
    for (int r = 0; r < ROWS; r++) {
      double[] row = new double[FEATURES + 1];
      double score = 2;
      for (int j = 0; j < FEATURES; j++) {
        row[j] = random.nextInt(3) == 0 ? random.nextGaussian() : 0;
        score += row[j] * Math.sin(j + 1.0);
      }
      score += random.nextGaussian();
      row[FEATURES] = classes == 0 ? score > 0 ? 1 : -1 : Math.floorMod((int) score, classes);
      all.add(row);
    }
    all.sort((a, b) -> Double.compare(a[FEATURES], b[FEATURES]));
    try (DatasetBuilder builder = new DatasetBuilder(memory)) {
      for (double[] row : all) {
        for (int j = 0; j < FEATURES; j++) {
          float x = (float) (scale * row[j]);
          if (x != 0) {
            builder.entry(j, x);
          }
        }
        builder.endRow((float) row[FEATURES]);
      }
      return builder.build("rows", FEATURES, memory);
    }
  }

  /// Three data centres with 20, 60 and 160 rows, in file order.
  private static List<int[]> uneven() {
    int[] ends = {0, 20, 80, ROWS};
    List<int[]> parts = new ArrayList<>();
    for (int dc = 0; dc < 3; dc++) {
      int[] part = new int[ends[dc + 1] - ends[dc]];
      for (int i = 0; i < part.length; i++) {
        part[i] = ends[dc] + i;
      }
      parts.add(part);
    }
    return parts;
  }

  private static TrainingConfig config(double l2) {
    return new TrainingConfig(
        l2, 400, Double.NaN, 1e-10, TrainingConfig.DEFAULT_ERROR_BUDGET, false);
  }

  private double train(Dataset data, String model, String solver, int classes, boolean intercept)
      throws Exception {
    FrugalRuns.Job job =
        new FrugalRuns.Job(data, uneven(), 3, model, solver, config(L2), classes, intercept);
    List<FrugalRuns.Result> results = FrugalRuns.train(job, "scalar", SECONDS);
    assertEquals(results.get(0).hash(), results.get(2).hash());
    return results.get(0).report().objective();
  }

  private double minimum(DataObjective objective) {
    Doubles weights = memory.doubles(objective.length());
    Solver tron = Solvers.named("tron", objective.length(), 0, memory);
    double[] best = {Double.NaN};
    tron.minimise(
        objective,
        weights,
        (f, gap) -> {
          best[0] = f;
          return !(gap <= 1e-13);
        });
    return best[0];
  }

  /// Against the objective that adds its intercept to margins instead of to the columns.
  @ParameterizedTest
  @CsvSource({
    "logistic, distributed",
    "logistic, fadl",
    "logistic, lbfgs",
    "logistic, frugal",
    "squared-hinge, frugal",
    "logistic, owl-qn"
  })
  void interceptsAreNotPenalised(String model, String solver) throws Exception {
    Dataset data = rows(0, 1);
    double expected =
        minimum(new RowObjective(data, model, L2, true, backend.sparse(), Sums.alone(), memory));
    assertEquals(expected, train(data, model, solver, 0, true), 1e-7 * expected);
  }

  @ParameterizedTest
  @CsvSource({"logistic, distributed, 0", "logistic, frugal, 0", "softmax, distributed, 4"})
  void weightsCountLikeRepeatedRows(String model, String solver, int classes) throws Exception {
    Dataset data = rows(classes, 1);
    Floats weights = memory.floats(ROWS);
    List<Integer> repeated = new ArrayList<>();
    for (int r = 0; r < ROWS; r++) {
      weights.set(r, (r * 7) % 4);
      for (int i = 0; i < weights.get(r); i++) {
        repeated.add(r);
      }
    }
    Dataset plain = data.select(repeated.stream().mapToInt(r -> r).toArray(), memory);
    long n = (long) FEATURES * Math.max(1, classes);
    double expected =
        minimum(
            DataObjective.of(
                plain, model, Math.max(1, classes), n, L2, backend.sparse(), Sums.alone(), memory));
    double found = train(data.weighted(weights), model, solver, classes, false);
    assertEquals(expected, found, 1e-7 * expected);
  }

  @ParameterizedTest
  @CsvSource({
    "softmax, distributed",
    "softmax, fadl",
    "softmax, lbfgs",
    "ovr-logistic, distributed",
    "ovr-squared-hinge, lbfgs"
  })
  void classesThatADataCentreLacksAreLearnedFromOthers(String model, String solver)
      throws Exception {
    Dataset data = rows(4, 1);
    Dataset ones = data.withConstant(memory);
    double expected =
        minimum(
            DataObjective.of(
                ones, model, 4, 4L * FEATURES, L2, backend.sparse(), Sums.alone(), memory));
    assertEquals(expected, train(data, model, solver, 4, true), 1e-7 * expected);
  }

  /// An optimum, or one reason; no silence and no hang.
  @ParameterizedTest
  @ValueSource(strings = {"distributed", "fadl", "lbfgs", "frugal"})
  void hugeAndTinyValuesEndWithAnOptimumOrAReason(String solver) throws Exception {
    for (double scale : new double[] {1e30, 1e-42}) {
      String said;
      double found = Double.NaN;
      try {
        found = train(rows(0, scale), "logistic", solver, 0, false);
        said = "";
      } catch (ExecutionException e) {
        said = e.getCause().getMessage();
      }
      assertTrue(
          said.isEmpty() ? found <= Math.log(2) + 1e-12 : said.contains("scale the features"),
          solver + " at " + scale + ": " + found + " " + said);
    }
  }

  @Test
  void separableRowsWithoutAPenaltyAreSaid() throws Exception {
    try (DatasetBuilder builder = new DatasetBuilder(memory)) {
      for (int r = 0; r < ROWS; r++) {
        builder.entry(r % 3, 1);
        builder.endRow(r % 3);
      }
      Dataset apart = builder.build("apart", 3, memory);
      FrugalRuns.Job job =
          new FrugalRuns.Job(apart, uneven(), 3, "softmax", "distributed", config(0), 3, true);
      String said = "";
      try {
        FrugalRuns.train(job, "scalar", SECONDS);
      } catch (ExecutionException e) {
        said = e.getCause().getMessage();
      }
      assertTrue(said.contains("separable"), said);
    }
  }
}
