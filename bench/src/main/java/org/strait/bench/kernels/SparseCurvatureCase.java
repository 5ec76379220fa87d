package org.strait.bench.kernels;

import java.util.ArrayList;
import java.util.List;
import org.strait.bench.peers.Twins;
import org.strait.bench.run.BenchCase;
import org.strait.bench.run.Bout;
import org.strait.bench.run.Limit;
import org.strait.bench.run.Outcome;
import org.strait.bench.run.Outcome.Part;
import org.strait.bench.run.SizeClass;
import org.strait.bench.run.Ways;
import org.strait.bench.run.Work;
import org.strait.bench.run.Workplace;
import org.strait.kernels.Csr;
import org.strait.kernels.RankedRows;
import org.strait.kernels.SparseOps;
import org.strait.memory.Floats;
import org.strait.memory.HostMemory;

/// Xᵀ·diag(c)·X·v of sparse rows: a Newton step's product.
///
/// @param quick whether few rows will do
record SparseCurvatureCase(boolean quick) implements BenchCase {
  @Override
  public String name() {
    return "sparse curvature " + SparseRows.shape(quick);
  }

  @Override
  public Limit limit() {
    return new Limit(Limit.Kind.READ, SizeClass.MEMORY);
  }

  /// Strait's way: rows prepared for many visits where that pays.
  private static double product(
      SparseOps ops,
      Csr x,
      RankedRows prepared,
      Floats coefficients,
      Floats v,
      Floats products,
      Floats out) {
    Operands.clear(out);
    if (prepared == null) {
      ops.addCurvatureProduct(x, coefficients, v, products, out);
    } else {
      ops.addCurvatureProduct(prepared, coefficients, v, products, out);
    }
    return 0;
  }

  @Override
  public List<Bout> bouts(Workplace place, HostMemory memory) {
    SparseRows data = new SparseRows(quick, memory);
    Csr x = data.matrix();
    Operands operands = new Operands(memory);
    Floats v = operands.normal(x.cols(), 0.5);
    Floats coefficients = operands.uniform(x.rows(), 0, 0.25);
    Floats margins = memory.floats(x.rows());
    Floats out = memory.floats(x.cols());
    product(Operands.JUDGE.sparse(), x, null, coefficients, v, margins, out);
    Outcome expected = Outcome.of(Part.of("product", out).kept());
    RankedRows prepared = RankedRows.pays(x) ? RankedRows.of(x, memory) : null;
    FrequencyNumbers numbers = new FrequencyNumbers(x, memory);
    Floats byFrequency = numbers.reordered(v, memory);
    List<Bout> bouts = new ArrayList<>();
    for (int threads : place.threads()) {
      SparseOps ops = place.backend(threads).sparse();
      Floats parts = memory.floats((threads - 1L) * x.cols());
      Ways ways =
          new Ways(place, threads, "nothing", () -> Operands.clear(out), Part.of("product", out))
              .strait(() -> product(ops, x, prepared, coefficients, v, margins, out));
      place
          .twins(threads)
          .ifPresent(
              twins -> {
                Twins.Call call =
                    twins.call(
                        "sparse_curvature",
                        void.class,
                        x.rowStart(),
                        numbers.index(),
                        x.value(),
                        coefficients,
                        byFrequency,
                        out,
                        parts,
                        (long) x.rows(),
                        (long) x.cols(),
                        threads);
                ways.add(
                    "C, blocks by frequency",
                    true,
                    () -> {
                      Operands.clear(out);
                      return call.once();
                    },
                    new Part("product", x.cols(), j -> out.get(numbers.of(j))));
              });
      bouts.add(ways.bout(name(), new Work(data.bytes(), data.flops()), 1e-3, expected));
    }
    return bouts;
  }
}
