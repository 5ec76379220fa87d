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
    return named(name, n, metric, StepSettings.of(schedule), backend, memory);
  }

  /// The same with gradients clipped and weights that decay.
  ///
  /// @param steps learning rate and more, of all but lbfgs
  public static Optimizer named(
      String name, long n, Metric metric, StepSettings steps, Backend backend, HostMemory memory) {
    double decay = steps.decay();
    return switch (name) {
      case "lbfgs" -> Lbfgs.whole(n, HISTORY, metric, backend.dense(), memory);
      case "sgd" ->
          stepping(descent(n, 0, false, decay, backend, memory), n, steps, backend, memory);
      case "momentum" ->
          stepping(descent(n, 0.9, false, decay, backend, memory), n, steps, backend, memory);
      case "nesterov" ->
          stepping(descent(n, 0.9, true, decay, backend, memory), n, steps, backend, memory);
      case "adamw" ->
          stepping(new AdamW(n, decay, backend.update(), memory), n, steps, backend, memory);
      default ->
          throw new IllegalArgumentException(
              "unknown solver \"" + name + "\"; known: " + String.join(", ", NAMES));
    };
  }

  private static GradientDescent descent(
      long n, double momentum, boolean nesterov, double decay, Backend backend, HostMemory memory) {
    return new GradientDescent(n, momentum, nesterov, decay, backend, memory);
  }

  private static Optimizer stepping(
      Stepping.Rule rule, long n, StepSettings steps, Backend backend, HostMemory memory) {
    return new Stepping(rule, n, steps, backend.dense(), memory);
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
