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
import org.strait.kernels.PackedCodes;
import org.strait.memory.Bytes;
import org.strait.memory.Floats;
import org.strait.memory.HostMemory;

/// Blocks of 1,024 floats to 8 or 4 bits each, scaled by their largest magnitude.
///
/// @param bits 8 or 4
/// @param quick whether a short vector will do
record QuantiseCase(int bits, boolean quick) implements BenchCase {
  private static final int BLOCK = 1024;

  /// A code may differ by one of all: x·(127/max) and x/(max/127) round differently.
  private double oneCode() {
    return 1.01 / ((1 << (bits - 1)) - 1);
  }

  /// The codes of 4 bits as the C twin packs them: of 32 the first 16 in the low halves.
  static int twinCode4(Bytes codes, long i) {
    int pair = codes.get(i / 32 * 16 + i % 16);
    return i % 32 < 16 ? pair << 28 >> 28 : pair >> 4;
  }

  private Part codesOfTwin(Bytes codes, long n) {
    return bits == 8 ? Part.of("codes", codes, n) : new Part("codes", n, i -> twinCode4(codes, i));
  }

  private Part codes(Bytes codes, long n) {
    return new Part("codes", n, i -> PackedCodes.get(bits, codes, i));
  }

  @Override
  public String name() {
    return "quantise" + bits + " " + SizeClass.TEN_MILLION.label(quick);
  }

  @Override
  public Limit limit() {
    return new Limit(Limit.Kind.NARROW, SizeClass.TEN_MILLION);
  }

  @Override
  public List<Bout> bouts(Workplace place, HostMemory memory) {
    long n = SizeClass.TEN_MILLION.floats(1, quick);
    Floats x = new Operands(memory).normal(n, 1);
    Bytes codes = memory.bytes(PackedCodes.bytes(bits, n));
    Floats scales = memory.floats(Math.ceilDiv(n, BLOCK));
    Operands.JUDGE.codec().quantize(bits, x, BLOCK, codes, scales, 0, n);
    Outcome expected = Outcome.of(Part.of("scales", scales).kept(), codes(codes, n).kept());
    List<Bout> bouts = new ArrayList<>();
    for (int threads : place.threads()) {
      CodecOps ops = place.backend(threads).codec();
      Ways ways =
          new Ways(
                  place,
                  threads,
                  "nothing",
                  () -> Operands.clear(scales),
                  Part.of("scales", scales),
                  codes(codes, n))
              .strait(
                  () -> {
                    ops.quantize(bits, x, BLOCK, codes, scales, 0, n);
                    return 0;
                  });
      place
          .twins(threads)
          .ifPresent(
              twins ->
                  ways.add(
                      "C",
                      true,
                      twins.call(
                              "codec_quantize" + bits,
                              void.class,
                              x,
                              n,
                              (long) BLOCK,
                              codes,
                              scales,
                              threads)
                          ::once,
                      Part.of("scales", scales),
                      codesOfTwin(codes, n)));
      if (bits == 8) {
        ways.python("quantise8", x);
      }
      bouts.add(
          ways.bout(
              name(),
              Work.moves(4 * n + codes.length() + scales.length() * 4),
              oneCode(),
              expected));
    }
    return bouts;
  }
}
