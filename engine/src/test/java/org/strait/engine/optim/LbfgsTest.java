package org.strait.engine.optim;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.SplittableRandom;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.strait.kernels.Backend;
import org.strait.kernels.Backends;
import org.strait.memory.Floats;
import org.strait.memory.HostMemory;

class LbfgsTest {
  private final HostMemory memory = HostMemory.unlimited("test");

  @AfterEach
  void close() {
    memory.close();
  }

  /// f(w) = ½ Σ c(i)·(w(i) - 1)² + coupling, curvatures from 1e-3 to 1e3.
  private static double quadratic(Floats w, Floats gradient) {
    double f = 0;
    for (int i = 0; i < w.length(); i++) {
      double curvature = Math.pow(10, i % 7 - 3);
      double off = w.get(i) - 1.0;
      f += curvature * off * off / 2;
      gradient.set(i, (float) (curvature * off));
    }
    for (int i = 0; i + 1 < w.length(); i++) {
      double difference = (double) w.get(i) - w.get(i + 1);
      f += 0.05 * difference * difference;
      gradient.set(i, (float) (gradient.get(i) + 0.1 * difference));
      gradient.set(i + 1, (float) (gradient.get(i + 1) - 0.1 * difference));
    }
    return f + 1;
  }

  @Test
  void reachesTheMinimumOfAnIllConditionedQuadratic() throws Exception {
    Run run = new Run(200, 0);
    run.steps(200);
    assertEquals(1, run.optimizer.objective(), 1e-8);
    assertTrue(run.optimizer.gradientNorm() < 1e-3);
  }

  @Test
  void neverAcceptsAWorsePointAndSurvivesNoisyGradients() throws Exception {
    Run run = new Run(200, 0.05);
    double last = Double.POSITIVE_INFINITY;
    for (int i = 0; i < 300; i++) {
      run.steps(1);
      assertTrue(run.optimizer.objective() <= last * (1 + 1e-8), "step " + i);
      last = run.optimizer.objective();
    }
    assertTrue(last < 1.01, "objective " + last);
  }

  @Test
  void aPointThatOverflowsIsRejected() throws Exception {
    Run run = new Run(10, 0);
    run.steps(3);
    double before = run.optimizer.objective();
    Floats poison = memory.floats(10);
    poison.fill(Float.NaN);
    run.optimizer.observe(Double.NaN, poison, run.weights);
    assertEquals(before, run.optimizer.objective());
    run.optimizer.advance(run.weights);
    run.steps(50);
    assertEquals(1, run.optimizer.objective(), 1e-6);
  }

  @Test
  void settleRestoresThePointOfTheObjective() throws Exception {
    Run run = new Run(50, 0);
    run.steps(20);
    run.optimizer.settle(run.weights);
    assertEquals(run.optimizer.objective(), quadratic(run.weights, run.gradient), 0);
  }

  @Test
  void convergedMeansClose() throws Exception {
    Run run = new Run(200, 0);
    int steps = 0;
    while (!run.optimizer.converged(1e-3) && steps < 500) {
      run.steps(1);
      steps++;
    }
    assertTrue(steps < 500);
    assertTrue(run.optimizer.objective() < 1.001, "objective " + run.optimizer.objective());
  }

  private final class Run {
    final Floats weights;
    final Floats gradient;
    final Optimizer optimizer;
    final double noise;
    final SplittableRandom random = new SplittableRandom(7);

    Run(int n, double noise) throws Exception {
      this.noise = noise;
      Backend backend = Backends.choose("scalar").backend();
      weights = memory.floats(n);
      gradient = memory.floats(n);
      Floats curvature = memory.floats(n);
      for (int i = 0; i < n; i++) {
        // a metric that is right within a factor of 3, as a bound is
        curvature.set(i, (float) (Math.pow(10, i % 7 - 3) * (1 + 2 * random.nextDouble())));
      }
      Metric metric = new Metric(n, memory, backend.dense());
      metric.set(curvature, 0);
      optimizer = Optimizers.named("lbfgs", n, metric, Schedule.constant(1), backend, memory);
    }

    void steps(int count) {
      for (int i = 0; i < count; i++) {
        double f = quadratic(weights, gradient);
        for (int j = 0; j < gradient.length(); j++) {
          gradient.set(j, (float) (gradient.get(j) * (1 + noise * (random.nextDouble() - 0.5))));
        }
        optimizer.observe(f, gradient, weights);
        optimizer.advance(weights);
      }
    }
  }
}
