package org.strait.engine.solver;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.SplittableRandom;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.strait.engine.data.Dataset;
import org.strait.engine.data.DatasetBuilder;
import org.strait.kernels.Backend;
import org.strait.kernels.scalar.ScalarBackend;
import org.strait.kernels.team.Team;
import org.strait.kernels.team.TeamBackend;
import org.strait.memory.Doubles;
import org.strait.memory.Floats;
import org.strait.memory.HostMemory;

class ClassObjectiveTest {
  private static final int CLASSES = 3;
  private static final int FEATURES = 5;

  private final HostMemory memory = HostMemory.unlimited("test");
  private final Backend backend = new ScalarBackend();

  @AfterEach
  void close() {
    backend.close();
    memory.close();
  }

  /// Integers only, so that another program can be given the same rows exactly.
  private Dataset rows(int count) {
    SplittableRandom random = new SplittableRandom(5);
    try (DatasetBuilder builder = new DatasetBuilder(memory)) {
      for (int r = 0; r < count; r++) {
        int[] score = new int[CLASSES];
        for (int j = 0; j < FEATURES; j++) {
          int x = random.nextInt(7) - 3;
          if (x != 0) {
            builder.entry(j, x);
          }
          for (int k = 0; k < CLASSES; k++) {
            score[k] += x * ((j * 2 + k * 3) % 5 - 2);
          }
        }
        int best = 0;
        for (int k = 0; k < CLASSES; k++) {
          score[k] += random.nextInt(9);
          best = score[k] > score[best] ? k : best;
        }
        builder.endRow(best);
      }
      return builder.build("rows", FEATURES, memory);
    }
  }

  private Dataset weighted(Dataset data) {
    Floats weights = memory.floats(data.rows());
    for (int r = 0; r < data.rows(); r++) {
      weights.set(r, r % 4);
    }
    return data.weighted(weights);
  }

  private DataObjective objective(Dataset data, String model, long penalised, double l2) {
    return DataObjective.of(
        data, model, CLASSES, penalised, l2, backend.sparse(), Sums.alone(), memory);
  }

  private Doubles random(long n, long seed) {
    SplittableRandom random = new SplittableRandom(seed);
    Doubles run = memory.doubles(n);
    for (long i = 0; i < n; i++) {
      run.set(i, 0.3 * random.nextGaussian());
    }
    return run;
  }

  @ParameterizedTest
  @CsvSource({
    "softmax, false",
    "softmax, true",
    "ovr-logistic, false",
    "ovr-logistic, true",
    "ovr-squared-hinge, true"
  })
  void derivativesAreThoseOfFiniteDifferences(String model, boolean weights) {
    Dataset data = weights ? weighted(rows(60)) : rows(60);
    long n = CLASSES * FEATURES;
    DataObjective objective = objective(data, model, n - CLASSES, 0.01);
    Doubles at = random(n, 1);
    Doubles gradient = memory.doubles(n);
    Doubles direction = random(n, 2);
    Doubles product = memory.doubles(n);
    Doubles diagonal = memory.doubles(n);
    Doubles unit = memory.doubles(n);
    double value = objective.evaluate(at, gradient);
    objective.accept();
    assertEquals(value, objective.value(at), 1e-14);
    objective.diagonal(diagonal);
    objective.curvatureProduct(direction, product);
    objective.line(at, direction);
    assertEquals(value, objective.along(0), 1e-14);
    assertEquals(Vectors.dot(gradient, direction), objective.slope(), 1e-13);
    assertEquals(Vectors.dot(product, direction), objective.bend(), 1e-12);
    Doubles moved = memory.doubles(n);
    double step = 1e-5;
    for (long j = 0; j < n; j++) {
      moved.copyFrom(at);
      moved.set(j, at.get(j) + step);
      double above = objective.value(moved);
      moved.set(j, at.get(j) - step);
      assertEquals((above - objective.value(moved)) / (2 * step), gradient.get(j), 1e-8);
      unit.fill(0);
      unit.set(j, 1);
      Doubles column = memory.doubles(n);
      objective.curvatureProduct(unit, column);
      assertEquals(column.get(j), diagonal.get(j), 1e-12);
    }
    Doubles[] gradients = {memory.doubles(n), memory.doubles(n)};
    for (int side = 0; side < 2; side++) {
      for (long j = 0; j < n; j++) {
        moved.set(j, at.get(j) + (side == 0 ? step : -step) * direction.get(j));
      }
      objective.evaluate(moved, gradients[side]);
    }
    for (long j = 0; j < n; j++) {
      double slope = (gradients[0].get(j) - gradients[1].get(j)) / (2 * step);
      assertEquals(slope, product.get(j), model.contains("hinge") ? 1e-2 : 1e-7);
    }
  }

  private double minimum(DataObjective objective, String solver, double l1) {
    Doubles weights = memory.doubles(objective.length());
    Solver minimiser = Solvers.named(solver, objective.length(), l1, memory);
    double[] best = {Double.NaN};
    int[] steps = {0};
    minimiser.minimise(
        objective,
        weights,
        (f, gap) -> {
          best[0] = f;
          return steps[0]++ < 300 && !(gap <= 1e-12);
        });
    return best[0];
  }

  @ParameterizedTest
  @ValueSource(strings = {"softmax", "ovr-logistic", "ovr-squared-hinge"})
  void allSolversFindTheSameMinimum(String model) {
    long n = CLASSES * FEATURES;
    double tron = minimum(objective(rows(200), model, n, 1e-3), "tron", 0);
    for (String solver : new String[] {"lbfgs", "distributed", "fadl", "owl-qn"}) {
      double found = minimum(objective(rows(200), model, n, 1e-3), solver, 0);
      assertEquals(tron, found, 1e-9 * tron, solver);
    }
  }

  /// Each of its problems has the minimum that it has by itself.
  @Test
  void oneAgainstTheRestIsTheSumOfItsProblems() {
    Dataset data = weighted(rows(200));
    double together = minimum(objective(data, "ovr-logistic", CLASSES * FEATURES, 1e-3), "tron", 0);
    double sum = 0;
    for (int k = 0; k < CLASSES; k++) {
      Floats labels = memory.floats(data.rows());
      for (int r = 0; r < data.rows(); r++) {
        labels.set(r, data.labels().get(r) == k ? 1 : -1);
      }
      Dataset one = new Dataset("one", data.matrix(), labels, data.weights());
      sum += minimum(objective(one, "logistic", FEATURES, 1e-3), "tron", 0);
    }
    assertEquals(sum, together, 1e-11);
  }

  /// A row that weighs 3 counts like three rows, one that weighs 0 like none.
  @ParameterizedTest
  @ValueSource(strings = {"softmax", "ovr-squared-hinge"})
  void weightsCountLikeRepeatedRows(String model) {
    Dataset data = weighted(rows(80));
    int[] repeated = new int[120];
    int count = 0;
    for (int r = 0; r < data.rows(); r++) {
      for (int i = 0; i < data.weights().get(r); i++) {
        repeated[count++] = r;
      }
    }
    assertEquals(repeated.length, count);
    Dataset plain = data.select(repeated, memory).weighted(null);
    long n = CLASSES * FEATURES;
    assertEquals(
        minimum(objective(plain, model, n, 1e-3), "tron", 0),
        minimum(objective(data, model, n, 1e-3), "tron", 0),
        1e-12);
  }

  @Test
  void separableClassesWithoutAPenaltyAreNoticed() {
    try (DatasetBuilder builder = new DatasetBuilder(memory)) {
      for (int r = 0; r < 9; r++) {
        builder.entry(r % CLASSES, 1);
        builder.endRow(r % CLASSES);
      }
      Dataset apart = builder.build("apart", CLASSES, memory);
      for (String model : new String[] {"softmax", "ovr-logistic"}) {
        DataObjective objective = objective(apart, model, 9, 0);
        Doubles weights = memory.doubles(9);
        Doubles gradient = memory.doubles(9);
        objective.evaluate(weights, gradient);
        assertFalse(objective.separated());
        for (int k = 0; k < CLASSES; k++) {
          for (int j = 0; j < CLASSES; j++) {
            weights.set((long) j * CLASSES + k, j == k ? 1 : -1);
          }
        }
        objective.evaluate(weights, gradient);
        assertTrue(objective.separated());
      }
    }
  }

  @Test
  void hugeScoresStayFinite() {
    DataObjective objective = objective(rows(50), "softmax", CLASSES * FEATURES, 1e-3);
    Doubles weights = random(CLASSES * FEATURES, 3);
    for (long j = 0; j < weights.length(); j++) {
      weights.set(j, 1e30 * weights.get(j));
    }
    assertTrue(Double.isFinite(objective.evaluate(weights, memory.doubles(weights.length()))));
  }

  @Test
  void wrongLabelsAreRefused() {
    Dataset data = rows(10);
    data.labels().set(3, CLASSES);
    IllegalArgumentException e =
        assertThrows(IllegalArgumentException.class, () -> objective(data, "softmax", 15, 0.1));
    assertTrue(e.getMessage().contains("label 3.0"), e.getMessage());
  }

  @Test
  void threadsDoNotChangeABit() {
    SplittableRandom random = new SplittableRandom(2);
    try (DatasetBuilder builder = new DatasetBuilder(memory);
        Backend team = new TeamBackend(new ScalarBackend(), new Team("test", 3, false))) {
      for (int r = 0; r < 2000; r++) {
        for (int j = 0; j < 40; j++) {
          if (random.nextInt(4) == 0) {
            builder.entry(j, (float) random.nextGaussian());
          }
        }
        builder.endRow(random.nextInt(CLASSES));
      }
      Dataset data = builder.build("rows", 40, memory);
      long n = CLASSES * 40;
      Doubles weights = random(n, 4);
      Doubles one = memory.doubles(n);
      Doubles three = memory.doubles(n);
      objective(data, "softmax", n, 0.1).evaluate(weights, one);
      DataObjective.of(data, "softmax", CLASSES, n, 0.1, team.sparse(), Sums.alone(), memory)
          .evaluate(weights, three);
      assertArrayEquals(one.toArray(), three.toArray());
    }
  }
}
