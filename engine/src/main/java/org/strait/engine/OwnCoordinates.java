package org.strait.engine;

import org.strait.engine.model.Replica;
import org.strait.engine.optim.OwnSums;
import org.strait.kernels.DenseOps;
import org.strait.memory.Doubles;
import org.strait.memory.Floats;

/// The coordinates of a training that live in this DC alone, behind those that all have: their part
/// of a step. Their gradient is finished here, for its sum is this DC's and the rows of all DCs are
/// known from the round before; what others must know of it travels as sums among the scalars.
///
/// When a DC is lost or comes back the number of rows changes in that round: the gradient is put
/// right at once, the sums (a norm and a slope, since the optimiser begins anew) are those of the
/// former number and for one round only; all DCs have the same ones.
final class OwnCoordinates {
  private final OwnSums optimizer;
  private final DenseOps dense;
  private final float l2;
  private final Floats gradient;
  private final Floats weights;
  private final Floats commonGradient;
  private final Floats commonWeights;
  private final Floats ownGradient;
  private final Floats ownWeights;
  private final Doubles[] views;
  private double rows;

  /// @param shared coordinates that all have, the first ones
  /// @param room of a step's sums
  /// @param at where own ones begin there
  /// @param rows of all DCs
  OwnCoordinates(
      Replica replica,
      long shared,
      OwnSums optimizer,
      double l2,
      double rows,
      DenseOps dense,
      Doubles room,
      int at) {
    this.optimizer = optimizer;
    this.dense = dense;
    this.l2 = (float) l2;
    this.rows = rows;
    gradient = replica.gradient();
    weights = replica.weights();
    long own = weights.length() - shared;
    commonGradient = gradient.slice(0, shared);
    commonWeights = weights.slice(0, shared);
    ownGradient = gradient.slice(shared, own);
    ownWeights = weights.slice(shared, own);
    views = new Doubles[optimizer.mostOwnSums() + 1];
    for (int count = 0; count < views.length; count++) {
      views[count] = room.slice(at, count);
    }
  }

  /// Own sums of the next round.
  int sums() {
    return optimizer.ownSums();
  }

  /// What travels of the gradient.
  Floats commonGradient() {
    return commonGradient;
  }

  /// The weights that all have.
  Floats commonWeights() {
    return commonWeights;
  }

  /// Σ w² over own coordinates of all DCs.
  ///
  /// @param settled where the optimiser settles, else where it measured last
  double weightsSquared(boolean settled) {
    return settled ? optimizer.settledOwnWeightsSquared() : optimizer.ownWeightsSquared();
  }

  /// The gradient is summed inside the DC: makes its own part that of the objective. Modified: the
  /// replica's gradient, in gateways the own sums.
  void beforeTravel(boolean gateway) {
    dense.scale((float) (1 / rows), ownGradient);
    dense.axpy(l2, ownWeights, ownGradient);
    if (gateway) {
      optimizer.measureOwn(gradient, weights, views[optimizer.ownSums()]);
    }
  }

  /// The round is over. Modified: the replica's gradient, if other rows count than before.
  ///
  /// @param newRows of all DCs that counted
  void afterTravel(double newRows) {
    optimizer.takeOwn(views[optimizer.ownSums()]);
    if (newRows != rows) {
      dense.axpy(-l2, ownWeights, ownGradient);
      dense.scale((float) (rows / newRows), ownGradient);
      dense.axpy(l2, ownWeights, ownGradient);
      rows = newRows;
    }
  }
}
