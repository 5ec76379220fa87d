package org.strait.bench.run;

import com.google.gson.JsonObject;
import java.math.BigDecimal;
import java.math.MathContext;
import java.util.OptionalDouble;

/// One line of the result, as the command contract has it.
///
/// @param bench which benchmark
/// @param name of the case
/// @param who did it
/// @param peer whether that is somebody else
/// @param threads threads used
/// @param work how much a call does
/// @param timing seconds of a call
/// @param ratioToBestPeer how many times faster than the fastest peer, if there is a peer
/// @param shareOfLimit of what the machine can do, measured in the same run
public record Row(
    String bench,
    String name,
    String who,
    boolean peer,
    int threads,
    Work work,
    Timing timing,
    OptionalDouble ratioToBestPeer,
    OptionalDouble shareOfLimit) {
  /// 10⁹ bytes a second.
  public double gbPerSecond() {
    return work.bytes() / timing.median() * 1e-9;
  }

  /// 10⁹ operations a second, 0 if they are not counted.
  public double gflopPerSecond() {
    return work.flops() / timing.median() * 1e-9;
  }

  /// The JSON object.
  public JsonObject json() {
    JsonObject json = new JsonObject();
    json.addProperty("bench", bench);
    json.addProperty("case", name);
    json.addProperty("who", who);
    json.addProperty("peer", peer);
    json.addProperty("threads", threads);
    json.addProperty("ranks", 1);
    json.addProperty("bytes", work.bytes());
    json.addProperty("seconds", rounded(timing.median()));
    json.addProperty("low", rounded(timing.low()));
    json.addProperty("high", rounded(timing.high()));
    json.addProperty("gbPerSecond", rounded(gbPerSecond()));
    if (work.flops() > 0) {
      json.addProperty("gflopPerSecond", rounded(gflopPerSecond()));
    }
    ratioToBestPeer.ifPresent(ratio -> json.addProperty("ratioToBestPeer", rounded(ratio)));
    shareOfLimit.ifPresent(share -> json.addProperty("shareOfLimit", rounded(share)));
    return json;
  }

  private static BigDecimal rounded(double x) {
    return BigDecimal.valueOf(x).round(new MathContext(4));
  }
}
