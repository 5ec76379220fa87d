package org.strait.engine.solver;

import org.strait.engine.data.Dataset;
import org.strait.kernels.SparseOps;
import org.strait.memory.Doubles;
import org.strait.memory.HostMemory;

/// Mean loss over the rows of all ranks + l2/2·|w|², each row counting as much as its weight: Σ
/// weight·loss / Σ weight. What a training wants to know beyond an objective.
public interface DataObjective extends SiteObjective {
  /// Σ weight of the rows of all ranks: their number, if all count alike.
  double allRows();

  /// Passes for values and gradients so far.
  long evaluations();

  /// Passes for products and diagonals so far.
  long curvatureProducts();

  /// Whether the point of the last {@link #evaluate} has every row of all ranks on its right side
  /// of a loss that only falls from there, in all problems or in one of those that have nothing to
  /// do with each other: without a penalty there is no minimum.
  boolean separated();

  /// Mean loss over all rows that a value consists of.
  double withoutPenalty(double objective, Doubles weights);

  /// The objective of a model.
  ///
  /// @param data this rank's rows
  /// @param model name of a loss: see {@link ConvexLosses} for one score a row, {@link ClassLosses}
  ///     for several
  /// @param classes scores of a row
  /// @param penalised weights, from the first on, that the penalty is of
  /// @param l2 weight of the penalty, at least 0
  /// @param sums over the ranks that hold the other rows
  /// @throws IllegalArgumentException if a label is not one of the loss, or no rank has rows
  static DataObjective of(
      Dataset data,
      String model,
      int classes,
      long penalised,
      double l2,
      SparseOps ops,
      Sums sums,
      HostMemory memory) {
    return ClassLosses.NAMES.contains(model)
        ? new ClassObjective(data, model, classes, penalised, l2, ops, sums, memory)
        : new RowObjective(data, model, l2, false, ops, sums, memory).penalising(penalised);
  }
}
