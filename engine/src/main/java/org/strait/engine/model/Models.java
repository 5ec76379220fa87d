package org.strait.engine.model;

import java.util.List;
import java.util.stream.Stream;
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

  /// Names of models with one score for each row.
  public static final List<String> SINGLE =
      List.of(LOGISTIC, SQUARED_HINGE, SQUARED, HUBER, POISSON);

  /// Names of models with a score for each class.
  public static final List<String> CLASSES =
      List.of(ClassModel.SOFTMAX, ClassModel.OVR_LOGISTIC, ClassModel.OVR_SQUARED_HINGE);

  /// Names of models that begin at the mean label ({@link FactorModel#centre}).
  public static final List<String> CENTRED = List.of("mf", "fm-squared");

  /// Names of models with factors.
  public static final List<String> FACTORISED = List.of("mf", "fm-squared", "fm-logistic");

  /// All names.
  public static final List<String> NAMES =
      Stream.of(SINGLE, CLASSES, FACTORISED).flatMap(List::stream).toList();

  private Models() {}

  /// What the labels of a model with this name are.
  ///
  /// @throws IllegalArgumentException for an unknown name; the message has the known ones
  public static Targets targets(String name) {
    if (!NAMES.contains(name)) {
      throw UnknownName.of("model", name, NAMES);
    }
    if (FACTORISED.contains(name)) {
      return factorised(name, 1).targets();
    }
    return CLASSES.contains(name) ? Targets.CLASSES : choose(name).targets();
  }

  /// The model of a name, with factors or as {@link #choose(String, int, boolean)} has it.
  ///
  /// @param factors of each feature, for models that have them
  public static Model choose(String name, int classes, boolean intercept, int factors) {
    return FACTORISED.contains(name) ? factorised(name, factors) : choose(name, classes, intercept);
  }

  /// A model with factors: {@code mf} (matrix factorisation of ratings), {@code fm-squared} and
  /// {@code fm-logistic} (factorisation machines for numbers and for two classes).
  ///
  /// @param factors of each feature
  /// @throws IllegalArgumentException for an unknown name; the message has the known ones
  public static FactorModel factorised(String name, int factors) {
    return switch (name) {
      case "mf", "fm-squared" -> new FactorModel(name, Targets.REAL, LossOps::squared, factors);
      case "fm-logistic" -> new FactorModel(name, Targets.TWO_CLASSES, LossOps::logistic, factors);
      default -> throw UnknownName.of("model", name, FACTORISED);
    };
  }

  /// The model of a name, once it is known how many classes there are: those of {@link
  /// #choose(String)}, {@code softmax} (multinomial logistic regression), {@code ovr-logistic} and
  /// {@code ovr-squared-hinge} (a problem of two classes for each class: it against the rest).
  ///
  /// @param classes for models of several: at least 2
  /// @param intercept whether rows end with a column of ones, whose weight is not penalised
  /// @throws IllegalArgumentException for an unknown name; the message has the known ones
  public static Model choose(String name, int classes, boolean intercept) {
    if (targets(name) == Targets.CLASSES) {
      return new ClassModel(name, classes, intercept);
    }
    LinearModel linear = choose(name);
    return intercept ? linear.withIntercept() : linear;
  }

  /// A model of one score for each row: {@code logistic} (logistic regression), {@code
  /// squared-hinge} (L2-loss linear SVM), {@code squared} (least squares), {@code huber} (least
  /// squares whose outliers, more than 1 away, count linearly), {@code poisson} (counts whose mean
  /// is exp(x·w); its curvature has no bound).
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
      default -> throw UnknownName.of("model", name, SINGLE);
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
  /// @param setting {@code auto}, {@code real}, {@code NEG,POS}, or for several classes {@code
  ///     A,B,C}; auto is real for regression
  /// @throws IllegalArgumentException if the setting is malformed, or the model cannot have it
  public static Labels labels(Model model, String setting) {
    return labels(model.name(), model.targets(), setting);
  }

  /// The same of a model that is not made yet.
  public static Labels labels(String model, Targets targets, String setting) {
    if (targets == Targets.REAL && setting.equals("auto")) {
      return Labels.real();
    }
    if (targets != Targets.REAL && setting.equals("real")) {
      throw new IllegalArgumentException(
          "model "
              + model
              + " has "
              + (targets == Targets.CLASSES
                  ? "classes: --labels auto or A,B,C"
                  : "two classes: --labels auto or NEG,POS")
              + ", not real");
    }
    return targets == Targets.CLASSES ? Labels.classes(setting) : Labels.parse(setting);
  }
}
