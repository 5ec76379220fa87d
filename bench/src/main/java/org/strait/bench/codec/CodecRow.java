package org.strait.bench.codec;

import com.google.gson.JsonObject;
import java.math.BigDecimal;
import java.math.MathContext;
import java.util.Locale;
import org.strait.bench.run.Table;
import org.strait.bench.run.Timing;

/// One compressor or coder in one direction.
///
/// @param name of the case
/// @param who did it
/// @param peer whether that is somebody else
/// @param threads threads used
/// @param input bytes that go in (out, decoding): floats of a compressor, codes of a coder
/// @param timing seconds of a call
/// @param perElement bytes that travel, per float or code
/// @param error norm of what is lost, as part of the vector's; NaN for coders
/// @param gap bytes beyond the order-0 entropy of the codes, as part of it; NaN where there are
///     none
record CodecRow(
    String name,
    String who,
    boolean peer,
    int threads,
    long input,
    Timing timing,
    double perElement,
    double error,
    double gap) {
  private static final String FORMAT = "%-34s %-36s %3s %10s %8s %10s %9s %9s";

  static String heading() {
    return String.format(
            FORMAT, "case", "who", "thr", "median", "GB/s", "bytes each", "error", "gap")
        .stripTrailing();
  }

  private double gbPerSecond() {
    return input / timing.median() * 1e-9;
  }

  String line() {
    return String.format(
            FORMAT,
            name,
            (peer ? "  " : "") + who,
            threads,
            Table.time(timing.median()),
            Table.figure(gbPerSecond()),
            String.format(Locale.ROOT, "%.4f", perElement),
            Double.isNaN(error) ? "" : String.format(Locale.ROOT, "%.4f", error),
            Double.isNaN(gap) ? "" : String.format(Locale.ROOT, "%.2f %%", 100 * gap))
        .stripTrailing();
  }

  JsonObject json() {
    JsonObject json = new JsonObject();
    json.addProperty("bench", "codec");
    json.addProperty("case", name);
    json.addProperty("who", who);
    json.addProperty("peer", peer);
    json.addProperty("threads", threads);
    json.addProperty("ranks", 1);
    json.addProperty("bytes", input);
    json.addProperty("seconds", rounded(timing.median()));
    json.addProperty("low", rounded(timing.low()));
    json.addProperty("high", rounded(timing.high()));
    json.addProperty("gbPerSecond", rounded(gbPerSecond()));
    json.addProperty("bytesPerElement", rounded(perElement));
    if (!Double.isNaN(error)) {
      json.addProperty("relativeError", rounded(error));
    }
    if (!Double.isNaN(gap)) {
      json.addProperty("entropyGap", rounded(gap));
    }
    return json;
  }

  private static BigDecimal rounded(double x) {
    return BigDecimal.valueOf(x).round(new MathContext(4));
  }
}
