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
import org.strait.engine.data.Dataset;
import org.strait.engine.data.DatasetBuilder;
import org.strait.kernels.Backend;
import org.strait.kernels.scalar.ScalarBackend;
import org.strait.kernels.team.Team;
import org.strait.kernels.team.TeamBackend;
import org.strait.memory.Doubles;
import org.strait.memory.Floats;
import org.strait.memory.HostMemory;

class RowObjectiveTest {
  private final HostMemory memory = HostMemory.unlimited("test");
  private final Backend backend = new ScalarBackend();

  @AfterEach
  void close() {
    backend.close();
    memory.close();
  }

  private RowObjective objective(String model, double l2, boolean intercept) {
    return new RowObjective(
        Rows.random(model, 200, 12, memory),
        model,
        l2,
        intercept,
        backend.sparse(),
        Sums.alone(),
        memory);
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
    "logistic, 0.01, false",
    "logistic, 0, true",
    "squared-hinge, 0.01, true",
    "squared, 0.1, false",
    "huber, 0.01, true",
    "poisson, 0.01, true"
  })
  void derivativesAreThoseOfFiniteDifferences(String model, double l2, boolean intercept) {
    RowObjective objective = objective(model, l2, intercept);
    long n = objective.length();
    assertEquals(intercept ? 13 : 12, n);
    Doubles weights = random(n, 1);
    Doubles gradient = memory.doubles(n);
    double value = objective.evaluate(weights, gradient);
    objective.accept();
    assertEquals(value, objective.value(weights), 1e-14 * Math.abs(value));
    Doubles diagonal = memory.doubles(n);
    objective.diagonal(diagonal);
    Doubles unit = memory.doubles(n);
    Doubles column = memory.doubles(n);
    Doubles up = memory.doubles(n);
    Doubles down = memory.doubles(n);
    double step = 1e-6;
    for (long j = 0; j < n; j++) {
      double w = weights.get(j);
      weights.set(j, w + step);
      double above = objective.evaluate(weights, up);
      weights.set(j, w - step);
      double below = objective.evaluate(weights, down);
      weights.set(j, w);
      assertEquals((above - below) / (2 * step), gradient.get(j), 1e-8, "gradient " + j);
      unit.fill(0);
      unit.set(j, 1);
      objective.curvatureProduct(unit, column);
      assertEquals(column.get(j), diagonal.get(j), 1e-13, "diagonal " + j);
      for (long k = 0; k < n; k++) {
        double second = (up.get(k) - down.get(k)) / (2 * step);
        // A kink of squared hinge or huber within a step moves a difference by a row's share.
        double slack = model.equals("squared-hinge") || model.equals("huber") ? 0.03 : 1e-7;
        assertEquals(second, column.get(k), slack, "second derivative " + j + ", " + k);
      }
    }
  }

  @Test
  void separatedRowsAreNoticed() {
    RowObjective objective =
        new RowObjective(
            Rows.of(memory, new float[] {1, 0, 1}, new float[] {0, 2, -1}),
            "logistic",
            0,
            false,
            backend.sparse(),
            Sums.alone(),
            memory);
    Doubles weights = memory.doubles(2);
    Doubles gradient = memory.doubles(2);
    objective.evaluate(weights, gradient);
    assertFalse(objective.separated());
    weights.set(0, 1);
    weights.set(1, -1);
    objective.evaluate(weights, gradient);
    assertTrue(objective.separated());
  }

  @Test
  void labelsAreChecked() {
    IllegalArgumentException e =
        assertThrows(
            IllegalArgumentException.class,
            () ->
                new RowObjective(
                    Rows.of(memory, new float[] {1, -2}),
                    "poisson",
                    0,
                    false,
                    backend.sparse(),
                    Sums.alone(),
                    memory));
    assertEquals(
        "model poisson: label -2.0 of a row, expected a count, at least 0", e.getMessage());
  }

  @Test
  void manyProductsAtAPointAreTheSameAsOne() {
    try (Backend team = new TeamBackend(new ScalarBackend(), new Team("test", 2))) {
      RowObjective objective =
          new RowObjective(
              Rows.random("logistic", 400, 12, memory),
              "logistic",
              0.01,
              false,
              team.sparse(),
              Sums.alone(),
              memory);
      Doubles gradient = memory.doubles(12);
      Doubles vector = random(12, 3);
      Doubles first = memory.doubles(12);
      Doubles later = memory.doubles(12);
      for (int point = 0; point < 3; point++) {
        objective.evaluate(random(12, point), gradient);
        objective.accept();
        objective.curvatureProduct(vector, first);
        for (int i = 0; i < 20; i++) {
          objective.curvatureProduct(vector, later);
        }
        for (int j = 0; j < 12; j++) {
          assertEquals(first.get(j), later.get(j), 1e-13, "weight " + j);
        }
        assertEquals(21L * (point + 1), objective.curvatureProducts());
      }
    }
  }

  @Test
  void numbersByFrequencyLeadBack() {
    int features = 1 << 17;
    try (DatasetBuilder builder = new DatasetBuilder(memory)) {
      SplittableRandom random = new SplittableRandom(5);
      for (int row = 0; row < 30_000; row++) {
        int column = row % 3 == 0 ? 99_000 : random.nextInt(500);
        for (int e = 0; e < 30 && column < features; e++) {
          builder.entry(column, (float) (1 + e));
          column += 1 + random.nextInt(8000);
        }
        builder.endRow(row % 2 == 0 ? 1f : -1f);
      }
      Dataset data = builder.build("test", features, memory);
      assertTrue(FrequentFirst.pays(data), data.toString());
      FrequentFirst order = FrequentFirst.of(data);
      Dataset numbered = order.rows(data, memory);
      Floats given = memory.floats(features);
      for (int j = 0; j < features; j++) {
        given.set(j, (float) j);
      }
      Doubles weights = memory.doubles(features);
      order.toPlaces(given, weights);
      assertEquals(99_000, weights.get(0)); // the most frequent one
      for (long e = 0; e < data.entries(); e++) {
        assertEquals(
            data.matrix().index().get(e), weights.get(numbered.matrix().index().get(e)), 0.0);
      }
      Floats back = memory.floats(features);
      order.fromPlaces(weights, back);
      assertArrayEquals(given.toArray(), back.toArray());
    }
  }
}
