package org.strait.engine.solver;

import org.strait.memory.Doubles;
import org.strait.memory.Floats;

/// A convex loss of a margin m = x·w and a label y, in float64. Stateless; several threads may use
/// it at once. The losses are those of {@link org.strait.kernels.LossOps}, which say what a label
/// may be; get one from {@link ConvexLosses}.
interface ConvexLoss {
  /// Returns Σ loss(m, y) over from ≤ r < to and replaces margins by dloss/dm, curvatures by
  /// d²loss/dm². Modified: margins, curvatures, there.
  double apply(Doubles margins, Floats labels, Doubles curvatures, long from, long to);

  /// Σ loss over from ≤ r < to. Modified: nothing.
  double sum(Doubles margins, Floats labels, long from, long to);

  /// The largest |dloss/dm| of a row that lies on the right side of a loss that falls to 0 and
  /// never reaches it; 0 for losses that have a minimum.
  default double halfway() {
    return 0;
  }

  /// Why a label cannot be one of this loss; empty if it can.
  default String wrong(float label) {
    return Float.isFinite(label) ? "" : "expected a finite number";
  }
}
