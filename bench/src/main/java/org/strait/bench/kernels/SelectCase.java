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
import org.strait.memory.Ints;

/// One in a hundred elements: those above a threshold that is known, or exactly the largest. The
/// seed has no ties at the threshold.
///
/// @param exact whether the threshold has to be found
/// @param quick whether a short vector will do
record SelectCase(boolean exact, boolean quick) implements BenchCase {
  /// What the C twins may write beyond the last selected element.
  private static final long ROOM = 16;

  @Override
  public String name() {
    return (exact ? "top-k 1% " : "select 1% ") + SizeClass.TEN_MILLION.label(quick);
  }

  @Override
  public Limit limit() {
    return new Limit(Limit.Kind.READ, SizeClass.TEN_MILLION);
  }

  @Override
  public List<Bout> bouts(Workplace place, HostMemory memory) {
    long n = SizeClass.TEN_MILLION.floats(1, quick);
    long k = n / 100;
    Floats x = new Operands(memory).normal(n, 1);
    Ints scratch = memory.ints(CodecOps.SELECT_SCRATCH);
    Ints indices = memory.ints(k);
    Floats values = memory.floats(k);
    Ints roomyIndices = memory.ints(n + ROOM);
    Floats roomyValues = memory.floats(n + ROOM);
    CodecOps judge = Operands.JUDGE.codec();
    float threshold = judge.kthMagnitude(x, k, scratch);
    judge.select(x, threshold, k, indices, values);
    Outcome expected =
        Outcome.of(
            Part.number("selected", () -> k),
            Part.of("indices", indices, k).kept(),
            Part.of("values", values).kept());
    List<Bout> bouts = new ArrayList<>();
    for (int threads : place.threads()) {
      CodecOps ops = place.backend(threads).codec();
      Ways ways =
          new Ways(
                  place,
                  threads,
                  "selected",
                  () -> Operands.clear(values),
                  Part.of("indices", indices, k),
                  Part.of("values", values))
              .strait(
                  () -> {
                    float from = exact ? ops.kthMagnitude(x, k, scratch) : threshold;
                    ops.select(x, from, k, indices, values);
                    return k;
                  });
      place
          .twins(threads)
          .ifPresent(
              twins ->
                  ways.add(
                      "C",
                      true,
                      (exact
                              ? twins.call(
                                  "codec_top_k",
                                  long.class,
                                  x,
                                  n,
                                  k,
                                  roomyIndices,
                                  roomyValues,
                                  threads)
                              : twins.call(
                                  "codec_select",
                                  long.class,
                                  x,
                                  n,
                                  threshold,
                                  roomyIndices,
                                  roomyValues,
                                  threads))
                          ::once,
                      Part.of("indices", roomyIndices, k),
                      Part.of("values", roomyValues.slice(0, k))));
      ways.python(exact ? "top-k" : "select", x, exact ? k : threshold);
      bouts.add(ways.bout(name(), Work.moves(4 * n), 0, expected));
    }
    return bouts;
  }
}
