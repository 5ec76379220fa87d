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
import org.strait.kernels.CodecOps;
import org.strait.memory.Floats;
import org.strait.memory.HostMemory;

/// The largest magnitude of a vector.
///
/// @param quick whether a short vector will do
record MaxAbsCase(boolean quick) implements BenchCase {
  @Override
  public String name() {
    return "max-abs " + SizeClass.TEN_MILLION.label(quick);
  }

  @Override
  public Limit limit() {
    return new Limit(Limit.Kind.READ, SizeClass.TEN_MILLION);
  }

  @Override
  public List<Bout> bouts(Workplace place, HostMemory memory) {
    long n = SizeClass.TEN_MILLION.floats(1, quick);
    Floats x = new Operands(memory).normal(n, 1);
    double largest = Operands.JUDGE.codec().maxAbs(x);
    Outcome expected = Outcome.of(Part.number("largest", () -> largest));
    List<Bout> bouts = new ArrayList<>();
    for (int threads : place.threads()) {
      CodecOps ops = place.backend(threads).codec();
      bouts.add(
          new Ways(place, threads, "largest", () -> {})
              .strait(() -> ops.maxAbs(x))
              .twin("C", twins -> twins.call("codec_max_abs", float.class, x, n, threads))
              .python("max-abs", x)
              .bout(name(), Work.moves(4 * n), 0, expected));
    }
    return bouts;
  }
}
