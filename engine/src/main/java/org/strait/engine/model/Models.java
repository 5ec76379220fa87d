package org.strait.engine.model;

import java.util.List;
import org.strait.engine.data.Labels;
import org.strait.engine.model.Model.Targets;
import org.strait.kernels.LossOps;
import org.strait.kernels.UnknownName;
import org.strait.memory.Floats;

/// The one choice of a {@link Model}.
public final class Models {
  static final String LOGISTIC = "logistic";
  static final String SQUARED_HINGE = "squared-hinge";
  static final String SQUARED = "squared";
  static final String HUBER = "huber";
  static final String POISSON = "poisson";

  /// Names that {@link #choose} knows.
  public static final List<String> NAMES =
      List.of(LOGISTIC, SQUARED_HINGE, SQUARED, HUBER, POISSON);

  /// Names of models with factors.
  public static final List<String> FACTORISED = List.of("mf", "fm-squared", "fm-logistic");

  private Models() {}

  /// A model with factors: {@code mf} (matrix factorisation of ratings), {@code fm-squared} and
  /// {@code fm-logistic} (factorisation machines for numbers and for two classes).
  ///
  /// @param factors of each feature
  /// @throws IllegalArgumentException for an unknown name; the message has the known ones
  public static FactorModel factorised(String name, int factors) {
    return switch (name) {
      case "mf", "fm-squared" -> new FactorModel(name, Targets.REAL, LossOps::squared, factors);
      case "fm-logistic" ->
          new FactorModel(name, Targets.TWO_CLASSES, LossOps::logistic, factors);
      default -> throw UnknownName.of("model", name, FACTORISED);
    };
  }

  /// The model of a name: {@code logistic} (logistic regression), {@code squared-hinge} (L2-loss
  /// linear SVM), {@code squared} (least squares), {@code huber} (least squares whose outliers,
  /// more than 1 away, count linearly), {@code poisson} (counts whose mean is exp(x·w); its
  /// curvature has no bound).
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
      case HUBER ->
          new LinearModel(
              name,
              Targets.REAL,
              (ops, margins, labels, derivatives, from, to) ->
                  ops.huber(1, margins, labels, derivatives, from, to),
              slope -> slope < 1 ? 1 : 0,
              1);
      case POISSON ->
          new LinearModel(
              name, Targets.REAL, Models::poisson, slope -> Float.NaN, Float.POSITIVE_INFINITY);
      default -> throw UnknownName.of("model", name, NAMES);
    };
  }

  /// exp(m) - y·m, the negative log-likelihood of a count y with mean exp(m), less log(y!).
  private static double poisson(
      LossOps ops, Floats margins, Floats labels, Floats derivatives, long from, long to) {
    double sum = 0;
    for (long r = from; r < to; r++) {
      double m = margins.get(r);
      double mean = Math.exp(m);
      sum += mean - labels.get(r) * m;
      derivatives.set(r, (float) (mean - labels.get(r)));
    }
    return sum;
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
