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

/// Blocks of 1,024 codes of 8 or 4 bits, decoded and added to a sum.
///
/// @param bits 8 or 4
/// @param quick whether a short vector will do
record DecodeAddCase(int bits, boolean quick) implements BenchCase {
  private static final int BLOCK = 1024;

  @Override
  public String name() {
    return "decode-add" + bits + " " + SizeClass.TEN_MILLION.label(quick);
  }

  @Override
  public Limit limit() {
    return new Limit(Limit.Kind.ADD, SizeClass.TEN_MILLION);
  }

  @Override
  public List<Bout> bouts(Workplace place, HostMemory memory) {
    long n = SizeClass.TEN_MILLION.floats(1, quick);
    Floats x = new Operands(memory).normal(n, 1e-3);
    Bytes codes = memory.bytes(PackedCodes.bytes(bits, n));
    Floats scales = memory.floats(Math.ceilDiv(n, BLOCK));
    Floats sum = memory.floats(n);
    CodecOps judge = Operands.JUDGE.codec();
    judge.quantize(bits, x, BLOCK, codes, scales, 0, n);
    sum.fill(1);
    judge.addDequantized(bits, 1, codes, BLOCK, scales, sum, 0, n);
    Outcome expected = Outcome.of(Part.of("sum", sum).kept());
    Bytes twinCodes = bits == 8 ? codes : twinCodes(codes, n, memory);
    List<Bout> bouts = new ArrayList<>();
    for (int threads : place.threads()) {
      CodecOps ops = place.backend(threads).codec();
      bouts.add(
          new Ways(place, threads, "nothing", () -> sum.fill(1), Part.of("sum", sum))
              .strait(
                  () -> {
                    ops.addDequantized(bits, 1, codes, BLOCK, scales, sum, 0, n);
                    return 0;
                  })
              .twin(
                  "C",
                  twins ->
                      twins.call(
                          "codec_decode_add" + bits,
                          void.class,
                          twinCodes,
                          n,
                          (long) BLOCK,
                          scales,
                          sum,
                          threads))
              .bout(
                  name(),
                  Work.moves(8 * n + codes.length() + scales.length() * 4),
                  1e-6,
                  expected));
    }
    return bouts;
  }

  /// The same codes of 4 bits in the C twin's order.
  private static Bytes twinCodes(Bytes codes, long n, HostMemory memory) {
    Bytes twin = memory.bytes(n / 2);
    for (long i = 0; i < n; i += 32) {
      for (long j = 0; j < 16; j++) {
        int low = PackedCodes.get(4, codes, i + j);
        int high = PackedCodes.get(4, codes, i + 16 + j);
        twin.set(i / 2 + j, (byte) ((low & 15) | (high << 4)));
      }
    }
    return twin;
  }
}
