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
import org.strait.kernels.LossOps;
import org.strait.memory.Floats;
import org.strait.memory.HostMemory;

/// The logistic link: losses and slopes of margins.
///
/// @param size size class of margins, labels and slopes
/// @param quick whether few will do
record LossCase(SizeClass size, boolean quick) implements BenchCase {
  @Override
  public String name() {
    return "logistic link " + size.label(quick);
  }

  @Override
  public Limit limit() {
    return new Limit(Limit.Kind.TRIAD, size);
  }

  @Override
  public List<Bout> bouts(Workplace place, HostMemory memory) {
    long n = size.floats(3, quick);
    Operands operands = new Operands(memory);
    Floats margins = operands.normal(n, 3);
    Floats labels = operands.signs(n);
    Floats slopes = memory.floats(n);
    double loss = Operands.JUDGE.loss().logistic(margins, labels, slopes);
    Outcome expected =
        Outcome.of(Part.number("loss", () -> loss), Part.of("slopes", slopes).kept());
    List<Bout> bouts = new ArrayList<>();
    for (int threads : place.threads(size)) {
      LossOps ops = place.backend(threads).loss();
      bouts.add(
          new Ways(place, threads, "loss", () -> Operands.clear(slopes), Part.of("slopes", slopes))
              .strait(() -> ops.logistic(margins, labels, slopes))
              .twin(
                  "C",
                  twins ->
                      twins.call(
                          "loss_logistic", double.class, margins, labels, slopes, n, threads))
              .bout(name(), Work.moves(12 * n), 1e-4, expected));
    }
    return bouts;
  }
}
