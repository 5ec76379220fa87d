package org.strait.engine.compress;

import java.math.BigDecimal;
import java.math.MathContext;
import java.math.RoundingMode;
import java.util.Arrays;
import org.strait.kernels.PackedCodes;

/// Settings of one compressor from coarse to fine, between the bounds of its specification: on each
/// rung the density is at most √2 times that of the one below, and widths are spread evenly. Rung 0
/// is the coarse bound, the last one the fine bound.
final class Ladder {
  private static final int DIGITS = 18;
  private static final MathContext SHOWN = new MathContext(3);

  private final BigDecimal[] densities;
  private final long n;
  private final PayloadCode[] codes;

  /// @param low least density, above 0
  /// @param high most, not below low
  /// @param least narrowest code; where it is no block code, the widest alone is there
  /// @param most widest code
  /// @param n elements of which they are taken
  Ladder(BigDecimal low, BigDecimal high, PayloadCode least, PayloadCode most, long n) {
    this.n = n;
    codes =
        least == most
            ? new PayloadCode[] {most}
            : Arrays.stream(
                    new PayloadCode[] {
                      PayloadCode.INT2,
                      PayloadCode.INT4,
                      PayloadCode.INT5,
                      PayloadCode.INT6,
                      PayloadCode.INT8
                    })
                .filter(code -> code.bits >= least.bits && code.bits <= most.bits)
                .toArray(PayloadCode[]::new);
    double ratio = high.doubleValue() / low.doubleValue();
    int halves = (int) Math.ceil(2 * StrictMath.log(ratio) / StrictMath.log(2) - 1e-9);
    densities = new BigDecimal[Math.max(codes.length, 1 + halves)];
    for (int i = 0; i < densities.length; i++) {
      double part = densities.length == 1 ? 1 : i / (densities.length - 1.0);
      BigDecimal between = BigDecimal.valueOf(low.doubleValue() * StrictMath.pow(ratio, part));
      densities[i] =
          i == 0 && densities.length > 1
              ? low
              : i == densities.length - 1 ? high : between.setScale(DIGITS, RoundingMode.HALF_EVEN);
    }
  }

  /// Number of settings, at least 1.
  int rungs() {
    return densities.length;
  }

  /// Codes that some rung has, from narrow to wide.
  PayloadCode[] codes() {
    return codes.clone();
  }

  /// Which of the codes a rung has: as wide as the rung is high, and wider where that takes no more
  /// bytes, for narrow codes are packed in whole groups.
  int code(int rung) {
    int code = rung * codes.length / densities.length;
    for (int wider = code + 1; wider < codes.length; wider++) {
      code = bytes(wider, rung) <= bytes(code, rung) ? wider : code;
    }
    return code;
  }

  private long bytes(int code, int rung) {
    return PackedCodes.bytes(codes[code].bits, kept(rung));
  }

  /// Elements that a rung keeps.
  long kept(int rung) {
    return densities[rung]
        .multiply(BigDecimal.valueOf(n))
        .setScale(0, RoundingMode.CEILING)
        .longValue();
  }

  /// A rung in words, such as {@code 0.35% int5}.
  String describe(int rung) {
    String bits = codes[code(rung)].bits == 0 ? "" : " int" + codes[code(rung)].bits;
    String share = Specification.percent(densities[rung].round(SHOWN));
    return share + (bits.equals(" int1") ? " sign" : bits);
  }
}
