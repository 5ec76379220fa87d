package org.strait.engine.solver;

import java.util.List;
import org.strait.kernels.UnknownName;

/// The one choice of a loss that the solvers here can minimise.
final class ConvexLosses {
  /// Names of models with such a loss.
  static final List<String> NAMES =
      List.of("logistic", "squared-hinge", "squared", "huber", "poisson");

  private ConvexLosses() {}

  /// The loss of the model with this name.
  ///
  /// @throws IllegalArgumentException for an unknown name; the message has the known ones
  static ConvexLoss of(String model) {
    return switch (model) {
      case "logistic" -> new LogisticLoss();
      case "squared-hinge" -> new SquaredHingeLoss();
      case "squared" -> new HuberLoss(Double.POSITIVE_INFINITY);
      case "huber" -> new HuberLoss(1);
      case "poisson" -> new PoissonLoss();
      default -> throw UnknownName.of("model for these solvers", model, NAMES);
    };
  }
}
