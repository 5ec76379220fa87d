package org.strait.engine.solver;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.sun.management.ThreadMXBean;
import java.lang.management.ManagementFactory;
import java.util.SplittableRandom;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.strait.engine.data.Dataset;
import org.strait.engine.data.DatasetBuilder;
import org.strait.kernels.Backend;
import org.strait.kernels.scalar.ScalarBackend;
import org.strait.memory.Doubles;
import org.strait.memory.HostMemory;

@Timeout(60)
class SolversTest {
  private final HostMemory memory = HostMemory.unlimited("test");
  private final Backend backend = new ScalarBackend();
  private int steps;

  @AfterEach
  void close() {
    backend.close();
    memory.close();
  }

  private RowObjective objective(Dataset data, String model, double l2, boolean intercept) {
    return new RowObjective(data, model, l2, intercept, backend.sparse(), Sums.alone(), memory);
  }

  /// Minimises as far as float64 goes; fails after a thousand steps.
  private Doubles minimise(String solver, double l1, Objective objective) {
    Doubles weights = memory.doubles(objective.length());
    steps = 0;
    Solver.End end =
        Solvers.named(solver, objective.length(), l1, memory)
            .minimise(objective, weights, (value, gap) -> ++steps < 1000);
    assertEquals(Solver.End.PRECISION, end, solver + " after " + steps + " steps");
    return weights;
  }

  @ParameterizedTest
  @CsvSource({
    "tron, logistic, 1e-4, false",
    "tron, logistic, 0.01, true",
    "tron, squared-hinge, 1e-3, false",
    "tron, squared, 1e-3, true",
    "tron, huber, 1e-3, false",
    "tron, poisson, 1e-3, true",
    "fadl, logistic, 1e-4, false",
    "fadl, squared-hinge, 1e-3, true",
    "fadl, poisson, 1e-3, true",
    "lbfgs, logistic, 1e-4, false",
    "lbfgs, logistic, 0.01, true",
    "lbfgs, squared-hinge, 1e-3, false",
    "lbfgs, squared, 1e-3, true",
    "lbfgs, huber, 1e-3, false",
    "lbfgs, poisson, 1e-3, true"
  })
  void theGradientVanishes(String solver, String model, double l2, boolean intercept) {
    RowObjective objective = objective(Rows.random(model, 500, 20, memory), model, l2, intercept);
    Doubles weights = minimise(solver, 0, objective);
    Doubles gradient = memory.doubles(objective.length());
    double value = objective.evaluate(weights, gradient);
    double norm = Math.sqrt(Vectors.dot(gradient, gradient));
    // |g|²/(2·l2) bounds the gap where all weights are penalised.
    assertTrue(norm * norm / (2 * l2) < 1e-10 * Math.abs(value), "gradient of " + norm);
    assertTrue(steps < 120, steps + " steps");
  }

  /// (XᵀX/n + l2)·w = Xᵀy/n, of two features.
  @ParameterizedTest
  @ValueSource(strings = {"tron", "lbfgs", "owl-qn"})
  void leastSquaresAreTheNormalEquations(String solver) {
    Dataset data =
        Rows.of(memory, new float[] {1, 2, 3}, new float[] {2, 1, -1}, new float[] {1, -1, 4});
    Doubles w = minimise(solver, 0, objective(data, "squared", 0.5, false));
    double a = 6 / 3.0 + 0.5;
    double b = 3 / 3.0;
    double d = 6 / 3.0 + 0.5;
    double p = (3 - 2 + 4) / 3.0;
    double q = (6 - 1 - 4) / 3.0;
    double determinant = a * d - b * b;
    assertEquals((d * p - b * q) / determinant, w.get(0), 1e-7);
    assertEquals((a * q - b * p) / determinant, w.get(1), 1e-7);
  }

  /// Complete sets of categories, whose sums are all the same: many weights could cross 0 together.
  @Test
  void anL1PenaltyOnCollinearFeaturesTakesFewSteps() {
    SplittableRandom random = new SplittableRandom(3);
    int groups = 12;
    int categories = 8;
    try (DatasetBuilder builder = new DatasetBuilder(memory)) {
      for (int r = 0; r < 3000; r++) {
        double score = 0;
        for (int g = 0; g < groups; g++) {
          int j = g * categories + Math.min(random.nextInt(categories), random.nextInt(categories));
          builder.entry(j, 1f);
          score += Math.sin(3 * j + 1);
        }
        builder.endRow(score + random.nextGaussian() > 0 ? 1f : -1f);
      }
      Dataset data = builder.build("categories", groups * categories, memory);
      RowObjective objective = objective(data, "logistic", 1e-5, false);
      double[] least = {Double.POSITIVE_INFINITY};
      for (int run = 0; run < 2; run++) {
        double enough = least[0] * (1 + 1e-6);
        steps = 0;
        Solvers.named("owl-qn", objective.length(), 1e-3, memory)
            .minimise(
                objective,
                memory.doubles(objective.length()),
                (value, gap) -> {
                  least[0] = Math.min(least[0], value);
                  boolean near = Double.isFinite(enough) && value <= enough;
                  return ++steps < 2000 && !near;
                });
      }
      assertTrue(steps < 200, steps + " steps");
    }
  }

  /// Orthogonal features: w = soft(xᵀy/n, l1)/(xᵀx/n + l2), each for itself.
  @Test
  void anL1PenaltyIsASoftThreshold() {
    Dataset data =
        Rows.of(
            memory,
            new float[] {2, 0, 0, 3},
            new float[] {0, 1, 0, 0.2f},
            new float[] {0, 0, 1, -2},
            new float[] {2, 0, 0, 1});
    Doubles w = minimise("owl-qn", 0.1, objective(data, "squared", 0.25, false));
    assertEquals((8 / 4.0 - 0.1) / (8 / 4.0 + 0.25), w.get(0), 1e-7);
    assertEquals(0.0, w.get(1), 0.0);
    assertEquals((-2 / 4.0 + 0.1) / (1 / 4.0 + 0.25), w.get(2), 1e-7);
  }

  /// At the minimum the smooth gradient is -l1·sign(w), or within l1 where w is 0.
  @ParameterizedTest
  @CsvSource({"logistic, 0.02", "squared-hinge, 0.05", "poisson, 0.05"})
  void anL1PenaltyLeavesFewWeights(String model, double l1) {
    RowObjective objective = objective(Rows.random(model, 400, 30, memory), model, 1e-4, true);
    Doubles w = minimise("owl-qn", l1, objective);
    Doubles gradient = memory.doubles(objective.length());
    objective.evaluate(w, gradient);
    int zeros = 0;
    for (long j = 0; j < objective.penalised(); j++) {
      if (w.get(j) == 0) {
        zeros++;
        assertTrue(Math.abs(gradient.get(j)) <= l1 + 1e-6, "feature " + j);
      } else {
        assertEquals(-l1 * Math.signum(w.get(j)), gradient.get(j), 1e-5, "feature " + j);
      }
    }
    assertEquals(0, gradient.get(objective.penalised()), 1e-5);
    assertTrue(zeros > 0 && zeros < 30, zeros + " zeros");
  }

  @Test
  void extremeRowsEndInAMinimum() {
    Dataset data =
        Rows.of(
            memory,
            new float[] {0, 0, 0, 1},
            new float[] {1e30f, 0, 1, 1},
            new float[] {-1e30f, 1, 0, 1},
            new float[] {0, 1e-41f, 2, -1},
            new float[] {0, 1e-41f, -1, 1});
    for (String solver : new String[] {"tron", "lbfgs"}) {
      RowObjective objective = objective(data, "logistic", 1e-3, false);
      Doubles w = minimise(solver, 0, objective);
      Doubles gradient = memory.doubles(3);
      double value = objective.evaluate(w, gradient);
      assertTrue(value < Math.log(2), solver + ": " + value);
      assertEquals(0, gradient.get(1), 1e-6, solver);
      assertEquals(0, gradient.get(2), 1e-6, solver);
    }
  }

  @Test
  void choosersNameWhatTheyKnow() {
    assertEquals(
        "solver tron needs a smooth objective, but l1 is 0.1: use owl-qn",
        assertThrows(IllegalArgumentException.class, () -> Solvers.named("tron", 3, 0.1, memory))
            .getMessage());
    String message =
        assertThrows(IllegalArgumentException.class, () -> Solvers.named("newton", 3, 0, memory))
            .getMessage();
    assertTrue(message.contains("tron, distributed, fadl, lbfgs, owl-qn"), message);
  }

  /// Steps beyond the first ones allocate nothing.
  @ParameterizedTest
  @ValueSource(strings = {"tron", "lbfgs"})
  void stepsAllocateNothing(String solver) {
    ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
    RowObjective objective =
        objective(Rows.random("logistic", 2000, 60, memory), "logistic", 1e-7, false);
    Solver made = Solvers.named(solver, objective.length(), 0, memory);
    Doubles weights = memory.doubles(objective.length());
    long[] least = {Long.MAX_VALUE, 0};
    for (int run = 0; run < 60 && least[0] > 0; run++) {
      weights.fill(0);
      long before = threads.getCurrentThreadAllocatedBytes();
      made.minimise(objective, weights, least(least));
      long total = threads.getCurrentThreadAllocatedBytes() - before;
      least[0] = Math.min(least[0], total);
    }
    // One run of dozens of steps and products: less than a small object for each.
    assertTrue(least[0] < 1024, least[0] + " bytes in a run");
  }

  private static Solver.Watch least(long[] count) {
    count[1] = 0;
    return (value, gap) -> ++count[1] < 60;
  }
}
