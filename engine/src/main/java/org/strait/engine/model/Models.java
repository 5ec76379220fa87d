package org.strait.engine.model;

import java.util.List;
import org.strait.engine.data.Labels;
import org.strait.engine.model.Model.Targets;
import org.strait.kernels.LossOps;
import org.strait.kernels.UnknownName;

/// The one choice of a {@link Model}.
public final class Models {
  static final String LOGISTIC = "logistic";
  static final String SQUARED_HINGE = "squared-hinge";
  static final String SQUARED = "squared";

  /// Names that {@link #choose} knows.
  public static final List<String> NAMES = List.of(LOGISTIC, SQUARED_HINGE, SQUARED);

  private Models() {}

  /// The model of a name: {@code logistic} (logistic regression), {@code squared-hinge} (L2-loss
  /// linear SVM), {@code squared} (least squares).
  ///
  /// @throws IllegalArgumentException for an unknown name; the message has the known ones
  public static LinearModel choose(String name) {
    return switch (name) {
      case LOGISTIC ->
          // the slope's magnitude is the probability of the other class
          new LinearModel(
              name, Targets.TWO_CLASSES, LossOps::logistic, slope -> slope * (1 - slope), 0.25f);
      case SQUARED_HINGE ->
          new LinearModel(
              name, Targets.TWO_CLASSES, LossOps::squaredHinge, slope -> slope > 0 ? 2 : 0, 2);
      case SQUARED -> new LinearModel(name, Targets.REAL, LossOps::squared, slope -> 1, 1);
      default -> throw UnknownName.of("model", name, NAMES);
    };
  }

  /// What the labels of a file mean to a model.
  ///
  /// @param setting {@code auto}, {@code real} or {@code NEG,POS}; auto is real for regression
  /// @throws IllegalArgumentException if the setting is malformed, or the model cannot have it
  public static Labels labels(Model model, String setting) {
    if (model.targets() == Targets.REAL && setting.equals("auto")) {
      return Labels.real();
    }
    if (model.targets() == Targets.TWO_CLASSES && setting.equals("real")) {
      throw new IllegalArgumentException(
          "model " + model.name() + " has two classes: --labels auto or NEG,POS, not real");
    }
    return Labels.parse(setting);
  }
}
