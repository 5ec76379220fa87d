package org.strait.engine.solver;

import java.util.List;
import org.strait.kernels.UnknownName;
import org.strait.memory.HostMemory;

/// The one choice of a solver.
public final class Solvers {
  /// Names that {@link #named} knows.
  public static final List<String> NAMES =
      List.of("tron", "distributed", "fadl", "lbfgs", "owl-qn");

  private static final int HISTORY = 20;

  private Solvers() {}

  /// Makes a solver for n weights: {@code tron} and {@code distributed} are trust-region Newton,
  /// {@code fadl} averages what each data centre's own curvature says, {@code lbfgs} and {@code
  /// owl-qn} quasi-Newton, with an L1 penalty by proximal steps.
  ///
  /// @param l1 weight of |w|₁, at least 0
  /// @throws IllegalArgumentException for an unknown name, or a penalty that the solver cannot have
  public static Solver named(String name, long n, double l1, HostMemory memory) {
    if (!(l1 >= 0) || Double.isInfinite(l1)) {
      throw new IllegalArgumentException("l1 is " + l1 + ", must be at least 0");
    }
    if (l1 > 0 && NAMES.contains(name) && !name.equals("lbfgs") && !name.equals("owl-qn")) {
      throw new IllegalArgumentException(
          "solver " + name + " needs a smooth objective, but l1 is " + l1 + ": use owl-qn");
    }
    return switch (name) {
      case "tron", "distributed" -> new TrustRegionNewton(n, memory);
      case "fadl" -> new Fadl(n, memory);
      case "lbfgs", "owl-qn" ->
          l1 > 0
              ? new ProximalQuasiNewton(n, HISTORY, l1, memory)
              : new QuasiNewton(n, HISTORY, memory);
      default -> throw UnknownName.of("convex solver", name, NAMES);
    };
  }
}
