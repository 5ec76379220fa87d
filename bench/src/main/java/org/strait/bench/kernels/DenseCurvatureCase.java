package org.strait.bench.kernels;

import java.util.ArrayList;
import java.util.List;
import org.strait.bench.run.BenchCase;
import org.strait.bench.run.Bout;
import org.strait.bench.run.Limit;
import org.strait.bench.run.Outcome;
import org.strait.bench.run.Outcome.Part;
import org.strait.bench.run.SizeClass;
import org.strait.bench.run.Ways;
import org.strait.bench.run.Work;
import org.strait.bench.run.Workplace;
import org.strait.kernels.DenseOps;
import org.strait.memory.Floats;
import org.strait.memory.HostMemory;

/// Xᵀ·diag(c)·X·v of dense rows: a Newton step's product.
///
/// @param quick whether few rows will do
record DenseCurvatureCase(boolean quick) implements BenchCase {
  @Override
  public String name() {
    return "dense curvature " + DenseRows.shape(quick);
  }

  @Override
  public Limit limit() {
    return new Limit(Limit.Kind.READ, SizeClass.MEMORY);
  }

  /// Strait's way.
  private static double product(DenseOps ops, DenseRows d) {
    Operands.clear(d.gradient);
    // A linear model's pass whose slopes are the coefficients times the margins.
    ops.lossAndGradient(
        d.matrix, d.coefficients, DenseCurvatureCase::scaled, d.weights, d.margins, d.gradient);
    return 0;
  }

  private static double scaled(
      Floats margins, Floats coefficients, Floats slopes, long from, long to) {
    for (long r = from; r < to; r++) {
      slopes.set(r, margins.get(r) * coefficients.get(r));
    }
    return 0;
  }

  @Override
  public List<Bout> bouts(Workplace place, HostMemory memory) {
    DenseRows d = new DenseRows(quick, memory);
    product(Operands.JUDGE.dense(), d);
    Outcome expected = Outcome.of(Part.of("product", d.gradient).kept());
    List<Bout> bouts = new ArrayList<>();
    for (int threads : place.threads()) {
      DenseOps ops = place.backend(threads).dense();
      Floats parts = memory.floats((long) threads * d.cols);
      bouts.add(
          new Ways(
                  place,
                  threads,
                  "nothing",
                  () -> Operands.clear(d.gradient),
                  Part.of("product", d.gradient))
              .strait(() -> product(ops, d))
              .twin(
                  "C, a row at a time",
                  twins ->
                      twins.call(
                          "dense_curvature",
                          void.class,
                          d.x,
                          d.coefficients,
                          d.weights,
                          d.gradient,
                          parts,
                          (long) d.rows,
                          (long) d.cols,
                          threads))
              .bout(name(), new Work(d.bytes(), d.flops()), 1e-3, expected));
    }
    return bouts;
  }
}
