package org.strait.engine.model;

import java.util.Map;
import org.strait.engine.data.Batch;
import org.strait.memory.Floats;

/// Loss and gradient of a batch. Stateless and thread-safe; allocates nothing. Weights are one run
/// laid out by {@link #parameters}; scores are {@link #outputs} numbers for each row, side by side.
public interface Model {
  /// What a model predicts.
  enum Targets {
    /// Labels -1 and +1; the sign of the score is the predicted class.
    TWO_CLASSES,
    /// Labels are numbers of classes, from 0; each class has a score, and the largest is the
    /// predicted class (of equal ones the first).
    CLASSES,
    /// Any numbers; the score is the prediction.
    REAL
  }

  /// Name as given to {@code --model} and written in the run record.
  String name();

  /// What the labels must be.
  Targets targets();

  /// Whether scores say probabilities: of two classes the score is log(P(+1)/P(-1)), of several
  /// they are logarithms of what is proportional to them. Then log loss means something.
  boolean probabilistic();

  /// Number of classes; 0 for numbers.
  default int classes() {
    return targets() == Targets.TWO_CLASSES ? 2 : 0;
  }

  /// Scores of a row: one, or one for each of several classes.
  default int outputs() {
    return targets() == Targets.CLASSES ? classes() : 1;
  }

  /// Whether the last column of the rows is 1 in every row, so that its weights are intercepts.
  default boolean intercept() {
    return false;
  }

  /// How many of the weights, from the first on, penalties apply to: all but intercepts.
  ///
  /// @param features columns of the rows
  default long penalised(int features) {
    return parameters(features).length() - (intercept() ? outputs() : 0);
  }

  /// What the weights consist of, for rows of so many features.
  ParameterLayout parameters(int features);

  /// Sets the weights to what training begins with: 0, if the model does not say otherwise. The
  /// same bits for the same seed, everywhere. Modified: weights.
  default void initialise(int features, Floats weights, long seed) {
    weights.fill(0);
  }

  /// What a model file must say to make this model again, besides its name and its classes.
  default Map<String, String> metadata() {
    return Map.of();
  }

  /// Floats of scratch that a batch of so many rows needs.
  long scratchFloats(int rows, int features);

  /// The same where so many threads compute.
  default long scratchFloats(int rows, int features, int threads) {
    return scratchFloats(rows, features);
  }

  /// Returns Σ loss over the rows of the batch, to be minimised, and overwrites {@code gradient}
  /// with its derivative in the direction of increase. Modified: gradient, scratch.
  double lossAndGradient(Batch batch, Floats weights, Floats gradient, Scratch scratch);

  /// Σ loss over the rows of the batch. Modified: scratch.
  double loss(Batch batch, Floats weights, Scratch scratch);

  /// Scores of the rows of the batch, which may be more than scratch is for. Modified: scores.
  void scores(Batch batch, Floats weights, Floats scores, Scratch scratch);

  /// diagonal ← diagonal + an upper bound of the diagonal of the Hessian of Σ loss at any weights
  /// (Jacobi preconditioner). Modified: diagonal, scratch.
  ///
  /// @throws IllegalStateException if the model has no such bound
  default void addSquares(Batch batch, Floats diagonal, Scratch scratch) {
    throw new IllegalStateException("the curvature of model " + name() + " has no bound");
  }
}
