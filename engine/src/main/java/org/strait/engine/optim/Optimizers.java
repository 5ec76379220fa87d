package org.strait.engine.optim;

import java.util.List;
import org.strait.kernels.Backend;
import org.strait.memory.HostMemory;

/// The one choice of an optimiser by name.
public final class Optimizers {
  /// Names as given to {@code --solver}.
  public static final List<String> NAMES = List.of("lbfgs", "sgd", "momentum", "nesterov", "adamw");

  private static final int HISTORY = 20;

  private Optimizers() {}

  /// Whether the named optimiser measures points in a {@link Metric} that must be set first, and
  /// needs the objective over all rows in every step.
  public static boolean usesMetric(String name) {
    return name.equals("lbfgs");
  }

  /// Makes an optimiser for n weights.
  ///
  /// @param metric used by lbfgs only
  /// @param schedule learning rate of the others
  /// @throws IllegalArgumentException for an unknown name, with the known ones
  public static Optimizer named(
      String name, long n, Metric metric, Schedule schedule, Backend backend, HostMemory memory) {
    return switch (name) {
      case "lbfgs" -> Lbfgs.whole(n, HISTORY, metric, backend.dense(), memory);
      case "sgd" -> new GradientDescent(n, schedule, 0, false, backend.update(), memory);
      case "momentum" -> new GradientDescent(n, schedule, 0.9, false, backend.update(), memory);
      case "nesterov" -> new GradientDescent(n, schedule, 0.9, true, backend.update(), memory);
      case "adamw" -> new AdamW(n, schedule, backend.update(), memory);
      default ->
          throw new IllegalArgumentException(
              "unknown solver \"" + name + "\"; known: " + String.join(", ", NAMES));
    };
  }

  /// The same method for n local coordinates, of which all replicas have the first {@code shared}
  /// and only those of this DC the others; the optimiser is an {@link OwnSums}.
  ///
  /// @throws IllegalArgumentException if the named optimiser cannot do that
  public static Optimizer split(
      String name, long n, long shared, Metric metric, Backend backend, HostMemory memory) {
    if (!name.equals("lbfgs")) {
      throw new IllegalArgumentException(
          "solver " + name + " needs all features in every data centre; known without: lbfgs");
    }
    return Lbfgs.split(n, shared, HISTORY, metric, backend.dense(), memory);
  }
}
