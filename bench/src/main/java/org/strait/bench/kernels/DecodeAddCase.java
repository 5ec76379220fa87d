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
import org.strait.memory.Bytes;
import org.strait.memory.Floats;
import org.strait.memory.HostMemory;

/// Blocks of 1,024 codes of 8 bits, decoded and added to a sum.
///
/// @param quick whether a short vector will do
record DecodeAddCase(boolean quick) implements BenchCase {
  private static final int BLOCK = 1024;

  @Override
  public String name() {
    return "decode-add8 " + SizeClass.TEN_MILLION.label(quick);
  }

  @Override
  public Limit limit() {
    return new Limit(Limit.Kind.ADD, SizeClass.TEN_MILLION);
  }

  /// Strait's way.
  private static double decodeAdd(
      Backend backend, Bytes codes, Floats scales, Floats decoded, Floats sum) {
    backend.codec().dequantize8(codes, decoded.length(), BLOCK, scales, decoded);
    backend.dense().axpy(1, decoded, sum);
    return 0;
  }

  @Override
  public List<Bout> bouts(Workplace place, HostMemory memory) {
    long n = SizeClass.TEN_MILLION.floats(1, quick);
    Floats x = new Operands(memory).normal(n, 1e-3);
    Bytes codes = memory.bytes(n);
    Floats scales = memory.floats(Math.ceilDiv(n, BLOCK));
    Floats decoded = memory.floats(n);
    Floats sum = memory.floats(n);
    Operands.JUDGE.codec().quantize8(x, n, BLOCK, codes, scales);
    sum.fill(1);
    decodeAdd(Operands.JUDGE, codes, scales, decoded, sum);
    Outcome expected = Outcome.of(Part.of("sum", sum).kept());
    List<Bout> bouts = new ArrayList<>();
    for (int threads : place.threads()) {
      Backend backend = place.backend(threads);
      bouts.add(
          new Ways(place, threads, "nothing", () -> sum.fill(1), Part.of("sum", sum))
              .strait(() -> decodeAdd(backend, codes, scales, decoded, sum))
              .twin(
                  "C",
                  twins ->
                      twins.call(
                          "codec_decode_add8",
                          void.class,
                          codes,
                          n,
                          (long) BLOCK,
                          scales,
                          sum,
                          threads))
              .bout(name(), Work.moves(9 * n + scales.length() * 4), 1e-6, expected));
    }
    return bouts;
  }
}
