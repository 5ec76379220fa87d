package org.strait.engine.solver;

import java.util.List;
import org.strait.engine.data.Dataset;
import org.strait.kernels.UnknownName;
import org.strait.memory.HostMemory;

/// The one choice of a loss of several classes.
final class ClassLosses {
  /// Names of models with such a loss.
  static final List<String> NAMES = List.of("softmax", "ovr-logistic", "ovr-squared-hinge");

  private ClassLosses() {}

  /// The loss of a model over some rows.
  ///
  /// @param memory owner of what it keeps
  /// @throws IllegalArgumentException for an unknown name, or a label that is no number of a class
  static ClassLoss of(String model, Dataset rows, int classes, HostMemory memory) {
    for (long r = 0; r < rows.labels().length(); r++) {
      float label = rows.labels().get(r);
      if (!(label >= 0 && label < classes && label == (int) label)) {
        throw new IllegalArgumentException(
            "model " + model + ": label " + label + " of a row, expected the number of a class");
      }
    }
    return switch (model) {
      case "softmax" -> new SoftmaxLoss(rows, classes);
      case "ovr-logistic" -> new RestLoss(new LogisticLoss(), rows, classes, memory);
      case "ovr-squared-hinge" -> new RestLoss(new SquaredHingeLoss(), rows, classes, memory);
      default -> throw UnknownName.of("model of several classes", model, NAMES);
    };
  }
}
