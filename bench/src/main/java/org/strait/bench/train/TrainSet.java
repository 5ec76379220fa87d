package org.strait.bench.train;

import java.nio.file.Path;
import java.util.function.Consumer;
import org.strait.engine.data.Dataset;
import org.strait.engine.data.Labels;
import org.strait.engine.data.RowFile;
import org.strait.engine.data.RowSettings;
import org.strait.engine.solver.RowObjective;
import org.strait.engine.solver.Solver;
import org.strait.engine.solver.Solvers;
import org.strait.engine.solver.Sums;
import org.strait.kernels.Backend;
import org.strait.launcher.config.UserMistake;
import org.strait.memory.Doubles;
import org.strait.memory.HostMemory;

/// Rows of a file, the least objective that a model of them can have, and what a model has.
final class TrainSet implements AutoCloseable {
  /// What the optimum is found to.
  private static final double EXACT = 1e-13;

  private static final int MOST_STEPS = 1000;

  private final Path file;
  private final String name;
  private final double l2;
  private final RowFile rows;
  private final HostMemory memory;
  private final RowObjective objective;
  private final Doubles weights;
  private double optimum = Double.NaN;
  private int steps;

  /// @param l2 weight of the penalty; below 0 for one over the number of rows
  TrainSet(Path file, double l2, Backend backend, Consumer<String> tell) {
    this.file = file;
    name = file.getFileName().toString();
    rows = RowFile.open(file, RowSettings.defaults(), tell);
    memory = HostMemory.unlimited(name);
    Dataset data = rows.data();
    Labels.auto().apply(data);
    this.l2 = l2 < 0 ? 1.0 / data.rows() : l2;
    objective =
        new RowObjective(data, "logistic", this.l2, false, backend.sparse(), Sums.alone(), memory);
    weights = memory.doubles(objective.length());
  }

  Path file() {
    return file;
  }

  String name() {
    return name;
  }

  double l2() {
    return l2;
  }

  int rows() {
    return rows.data().rows();
  }

  int features() {
    return rows.data().features();
  }

  /// The least objective, by Newton's method; found once.
  double optimum() {
    if (Double.isNaN(optimum)) {
      weights.fill(0);
      steps = 0;
      Solver.End end =
          Solvers.named("tron", objective.length(), 0, memory)
              .minimise(objective, weights, (value, gap) -> gap > EXACT && ++steps < MOST_STEPS);
      if (end == Solver.End.STALLED || steps == MOST_STEPS) {
        throw new UserMistake(name + " has no optimum that can be found", "give a larger --l2");
      }
      optimum = objective.value(weights);
    }
    return optimum;
  }

  /// The objective of a model.
  ///
  /// @param model weights of the first features, the others are 0
  double objective(double[] model) {
    weights.fill(0);
    for (int j = 0; j < Math.min(model.length, weights.length()); j++) {
      weights.set(j, model[j]);
    }
    return objective.value(weights);
  }

  @Override
  public void close() {
    memory.close();
    rows.close();
  }
}
