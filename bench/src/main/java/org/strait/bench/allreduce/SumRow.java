package org.strait.bench.allreduce;

import com.google.gson.JsonObject;
import java.math.BigDecimal;
import java.math.MathContext;
import java.util.OptionalDouble;
import org.strait.bench.run.Timing;

/// One line of the result, as the command contract has it.
///
/// @param bytes of each rank's vector
/// @param who summed
/// @param peer whether that is somebody else
/// @param ranks how many
/// @param timing seconds of a call, the slowest rank's
/// @param ratio how many times faster than the fastest rival, if there is one
/// @param rival its name, or empty
/// @param shareOfLimit time that memory takes to be read and written once, over this time
record SumRow(
    long bytes,
    String who,
    boolean peer,
    int ranks,
    Timing timing,
    OptionalDouble ratio,
    String rival,
    OptionalDouble shareOfLimit) {
  String name() {
    return "float32 " + Sizes.name(bytes);
  }

  /// Algorithm bandwidth: 10⁹ bytes of the vector a second.
  double gbPerSecond() {
    return bytes / timing.median() * 1e-9;
  }

  /// Bus bandwidth: what each rank has to send at least, 2(n-1)/n of the vector, a second.
  double busGbPerSecond() {
    return gbPerSecond() * 2 * (ranks - 1) / ranks;
  }

  JsonObject json() {
    JsonObject json = new JsonObject();
    json.addProperty("bench", "allreduce");
    json.addProperty("case", name());
    json.addProperty("who", who);
    json.addProperty("peer", peer);
    json.addProperty("threads", 1);
    json.addProperty("ranks", ranks);
    json.addProperty("bytes", bytes);
    json.addProperty("seconds", rounded(timing.median()));
    json.addProperty("low", rounded(timing.low()));
    json.addProperty("high", rounded(timing.high()));
    json.addProperty("gbPerSecond", rounded(gbPerSecond()));
    json.addProperty("busGbPerSecond", rounded(busGbPerSecond()));
    ratio.ifPresent(
        times -> {
          json.addProperty("ratioToBestPeer", rounded(times));
          json.addProperty("bestPeer", rival);
        });
    shareOfLimit.ifPresent(share -> json.addProperty("shareOfLimit", rounded(share)));
    return json;
  }

  private static BigDecimal rounded(double x) {
    return BigDecimal.valueOf(x).round(new MathContext(4));
  }
}
