package org.strait.engine.optim;

import java.util.List;
import org.strait.memory.Floats;

/// Minimises an objective from its values and gradients. The caller measures both at {@code
/// weights}, then calls {@link #observe}; if it goes on, {@link #advance} moves the weights to the
/// next point to measure; when it stops, {@link #settle} leaves the best point known.
/// Deterministic: same calls, same bits, on every replica. Allocates nothing after construction.
public interface Optimizer {
  /// Name and settings as written in the run record.
  String name();

  /// Takes the objective and its gradient at {@code weights}. Not modified: gradient, weights.
  ///
  /// @param objective mean loss plus regularisation, to be minimised; may be infinite or NaN after
  ///     a bad step
  /// @param gradient direction in which the objective increases
  void observe(double objective, Floats gradient, Floats weights);

  /// Moves to the next point to measure. Modified: weights.
  void advance(Floats weights);

  /// Puts back the point whose objective {@link #objective} returns. Modified: weights.
  void settle(Floats weights);

  /// Objective of the best point accepted so far; NaN before the first {@link #observe}.
  double objective();

  /// Norm of the gradient there, in the optimiser's metric: what an error in the gradient should be
  /// small against. NaN before the first {@link #observe}, or if the optimiser has no use for it.
  double gradientNorm();

  /// Whether the estimated relative distance to the minimum is at most {@code tolerance}. An
  /// estimate, not a bound.
  boolean converged(double tolerance);

  /// Forgets what it knows of the objective, because it is another one from now on (a data centre
  /// was lost, or came back): the next point observed is accepted whatever its objective. Between
  /// {@link #advance} and {@link #observe}; twice in a row is the same as once.
  void restart();

  /// State between {@link #advance} and the next {@link #observe} besides {@link #memories}, in a
  /// fixed order.
  double[] numbers();

  /// The vectors of that state, in a fixed order; how many there are may follow from the numbers.
  List<Floats> memories();

  /// Takes over numbers of an optimiser of the same name and length; {@link #memories} are then the
  /// vectors to be filled.
  ///
  /// @throws IllegalArgumentException if they are not such numbers
  void restore(double[] numbers);

  /// Checks numbers that are to be restored.
  static void check(String name, double[] numbers, int expected) {
    if (numbers.length != expected) {
      throw new IllegalArgumentException(
          "solver " + name + " has " + expected + " numbers, found " + numbers.length);
    }
  }
}
