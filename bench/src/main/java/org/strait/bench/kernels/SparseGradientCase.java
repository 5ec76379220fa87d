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
import org.strait.kernels.Backend;
import org.strait.kernels.Csr;
import org.strait.kernels.LossOps;
import org.strait.kernels.RankedRows;
import org.strait.memory.Bytes;
import org.strait.memory.Doubles;
import org.strait.memory.Floats;
import org.strait.memory.HostMemory;
import org.strait.memory.Longs;

/// Logistic loss and gradient of sparse rows.
///
/// @param quick whether few rows will do
record SparseGradientCase(boolean quick) implements BenchCase {
  private static final long NODE_BYTES = 16;

  @Override
  public String name() {
    return "sparse logistic " + SparseRows.shape(quick);
  }

  @Override
  public Limit limit() {
    return new Limit(Limit.Kind.READ, SizeClass.MEMORY);
  }

  /// Strait's way: rows prepared for many visits where that pays.
  private static double lossAndGradient(
      Backend backend,
      Csr x,
      RankedRows prepared,
      Floats labels,
      Floats weights,
      Floats slopes,
      Floats gradient) {
    LossOps losses = backend.loss();
    return prepared == null
        ? backend.sparse().lossAndGradient(x, labels, losses::logistic, weights, slopes, gradient)
        : backend
            .sparse()
            .lossAndGradient(prepared, labels, losses::logistic, weights, slopes, gradient);
  }

  @Override
  public List<Bout> bouts(Workplace place, HostMemory memory) {
    SparseRows data = new SparseRows(quick, memory);
    Csr x = data.matrix();
    Floats labels = data.labels();
    Floats weights = new Operands(memory).normal(x.cols(), 0.5);
    Floats slopes = memory.floats(x.rows());
    Floats gradient = memory.floats(x.cols());
    double loss = lossAndGradient(Operands.JUDGE, x, null, labels, weights, slopes, gradient);
    Outcome expected =
        Outcome.of(
            Part.number("loss", () -> loss),
            Part.of("slopes", slopes).kept(),
            Part.of("gradient", gradient).kept());
    RankedRows prepared = RankedRows.pays(x) ? RankedRows.of(x, memory) : null;
    FrequencyNumbers numbers = new FrequencyNumbers(x, memory);
    Floats byFrequency = numbers.reordered(weights, memory);
    List<Bout> bouts = new ArrayList<>();
    for (int threads : place.threads()) {
      Backend backend = place.backend(threads);
      Floats parts = memory.floats((threads - 1L) * x.cols());
      Part left = Part.of("slopes", slopes);
      Ways ways =
          new Ways(
                  place,
                  threads,
                  "loss",
                  () -> Operands.clear(gradient),
                  left,
                  Part.of("gradient", gradient))
              .strait(
                  () -> {
                    Operands.clear(gradient);
                    return lossAndGradient(backend, x, prepared, labels, weights, slopes, gradient);
                  });
      for (boolean blocked : new boolean[] {false, true}) {
        place
            .twins(threads)
            .ifPresent(
                twins -> {
                  Twins.Call call =
                      twins.call(
                          "sparse_logistic",
                          double.class,
                          x.rowStart(),
                          blocked ? numbers.index() : x.index(),
                          x.value(),
                          labels,
                          blocked ? byFrequency : weights,
                          slopes,
                          gradient,
                          parts,
                          (long) x.rows(),
                          (long) x.cols(),
                          blocked ? 1 : 0,
                          threads);
                  ways.add(
                      blocked ? "C, blocks by frequency" : "C, a row at a time",
                      true,
                      () -> {
                        Operands.clear(gradient);
                        return call.once();
                      },
                      left,
                      blocked
                          ? new Part("gradient", x.cols(), j -> gradient.get(numbers.of(j)))
                          : Part.of("gradient", gradient));
                });
      }
      if (threads == 1) {
        addLiblinear(ways, place, x, labels, weights, memory);
      }
      bouts.add(ways.bout(name(), new Work(data.bytes(), data.flops()), 1e-3, expected));
    }
    return bouts;
  }

  private static void addLiblinear(
      Ways ways, Workplace place, Csr x, Floats labels, Floats weights, HostMemory memory) {
    place
        .twins(1)
        .ifPresent(
            twins -> {
              Longs start = x.rowStart();
              Bytes nodes = memory.bytes(NODE_BYTES * (x.entries() + x.rows()));
              Doubles wide = memory.doubles(x.cols());
              for (long j = 0; j < x.cols(); j++) {
                wide.set(j, weights.get(j));
              }
              Doubles slopes = memory.doubles(x.rows());
              Doubles gradient = memory.doubles(x.cols());
              twins
                  .call(
                      "nodes_fill", void.class, start, x.index(), x.value(), (long) x.rows(), nodes)
                  .once();
              Twins.Call call =
                  twins.call(
                      "nodes_logistic",
                      double.class,
                      nodes,
                      start,
                      labels,
                      wide,
                      slopes,
                      gradient,
                      (long) x.rows());
              ways.add(
                  "C, as liblinear",
                  true,
                  () -> {
                    gradient.segment().fill((byte) 0);
                    return call.once();
                  },
                  new Part("slopes", x.rows(), slopes::get),
                  new Part("gradient", x.cols(), gradient::get));
            });
  }
}
