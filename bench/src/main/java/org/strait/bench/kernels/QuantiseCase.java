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
import org.strait.memory.Bytes;
import org.strait.memory.Floats;
import org.strait.memory.HostMemory;

/// Blocks of 1,024 floats to 8 bits each, scaled by their largest magnitude.
///
/// @param quick whether a short vector will do
record QuantiseCase(boolean quick) implements BenchCase {
  private static final int BLOCK = 1024;

  /// A code may differ by one of 127: x·(127/max) and x/(max/127) round differently.
  private static final double ONE_CODE = 1.01 / 127;

  @Override
  public String name() {
    return "quantise8 " + SizeClass.TEN_MILLION.label(quick);
  }

  @Override
  public Limit limit() {
    return new Limit(Limit.Kind.READ, SizeClass.TEN_MILLION);
  }

  @Override
  public List<Bout> bouts(Workplace place, HostMemory memory) {
    long n = SizeClass.TEN_MILLION.floats(1, quick);
    Floats x = new Operands(memory).normal(n, 1);
    Bytes codes = memory.bytes(n);
    Floats scales = memory.floats(Math.ceilDiv(n, BLOCK));
    Operands.JUDGE.codec().quantize8(x, n, BLOCK, codes, scales);
    Outcome expected =
        Outcome.of(Part.of("scales", scales).kept(), Part.of("codes", codes, n).kept());
    List<Bout> bouts = new ArrayList<>();
    for (int threads : place.threads()) {
      CodecOps ops = place.backend(threads).codec();
      bouts.add(
          new Ways(
                  place,
                  threads,
                  "nothing",
                  () -> Operands.clear(scales),
                  Part.of("scales", scales),
                  Part.of("codes", codes, n))
              .strait(
                  () -> {
                    ops.quantize8(x, n, BLOCK, codes, scales);
                    return 0;
                  })
              .twin(
                  "C",
                  twins ->
                      twins.call(
                          "codec_quantize8",
                          void.class,
                          x,
                          n,
                          (long) BLOCK,
                          codes,
                          scales,
                          threads))
              .python("quantise8", x)
              .bout(name(), Work.moves(5 * n + scales.length() * 4), ONE_CODE, expected));
    }
    return bouts;
  }
}
