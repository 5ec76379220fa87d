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
import org.strait.kernels.Backend;
import org.strait.memory.Floats;
import org.strait.memory.HostMemory;

/// Logistic loss and gradient of dense rows.
///
/// @param quick whether few rows will do
record DenseGradientCase(boolean quick) implements BenchCase {
  @Override
  public String name() {
    return "dense logistic " + DenseRows.shape(quick);
  }

  @Override
  public Limit limit() {
    return new Limit(Limit.Kind.READ, SizeClass.MEMORY);
  }

  /// Strait's way.
  private static double lossAndGradient(Backend backend, DenseRows d) {
    return backend
        .dense()
        .lossAndGradient(
            d.matrix, d.labels, backend.loss()::logistic, d.weights, d.margins, d.gradient);
  }

  @Override
  public List<Bout> bouts(Workplace place, HostMemory memory) {
    DenseRows d = new DenseRows(quick, memory);
    double loss = lossAndGradient(Operands.JUDGE, d);
    Outcome expected =
        Outcome.of(
            Part.number("loss", () -> loss),
            Part.of("slopes", d.margins).kept(),
            Part.of("gradient", d.gradient).kept());
    List<Bout> bouts = new ArrayList<>();
    for (int threads : place.threads()) {
      Backend backend = place.backend(threads);
      Floats parts = memory.floats((long) threads * d.cols);
      bouts.add(
          new Ways(
                  place,
                  threads,
                  "loss",
                  () -> Operands.clear(d.gradient),
                  Part.of("slopes", d.margins),
                  Part.of("gradient", d.gradient))
              .strait(
                  () -> {
                    Operands.clear(d.gradient);
                    return lossAndGradient(backend, d);
                  })
              .twin(
                  "C, a row at a time",
                  twins ->
                      twins.call(
                          "dense_logistic",
                          double.class,
                          d.x,
                          d.labels,
                          d.weights,
                          d.margins,
                          d.gradient,
                          parts,
                          (long) d.rows,
                          (long) d.cols,
                          threads))
              .python("dense-logistic", d.x, d.labels, d.weights)
              .bout(name(), new Work(d.bytes(), d.flops()), 1e-3, expected));
    }
    return bouts;
  }
}
