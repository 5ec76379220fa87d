package org.strait.bench.train;

import com.google.gson.JsonObject;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.OptionalDouble;
import org.strait.bench.run.Table;
import org.strait.bench.run.Timing;

/// One contender on one set.
///
/// @param setting of its stop rule
/// @param bytes of the file
/// @param gap reached, relative to the optimum
/// @param ratioToBestPeer above 1 if it is faster than the fastest peer that reached the gap
record TrainRow(
    String set,
    double l2,
    String who,
    boolean peer,
    int threads,
    String setting,
    long bytes,
    Timing timing,
    double gap,
    OptionalDouble ratioToBestPeer) {
  private static final String FORMAT = "%-36s %-22s %3s %10s %21s %9s %-10s %7s";

  String name() {
    return String.format(Locale.ROOT, "%s, l2 %.3g", set, l2);
  }

  TrainRow against(double bestPeerSeconds) {
    return new TrainRow(
        set,
        l2,
        who,
        peer,
        threads,
        setting,
        bytes,
        timing,
        gap,
        Double.isFinite(bestPeerSeconds)
            ? OptionalDouble.of(bestPeerSeconds / timing.median())
            : OptionalDouble.empty());
  }

  JsonObject json() {
    JsonObject json = new JsonObject();
    json.addProperty("bench", "train");
    json.addProperty("case", name());
    json.addProperty("who", who);
    json.addProperty("peer", peer);
    json.addProperty("threads", threads);
    json.addProperty("ranks", 1);
    json.addProperty("bytes", bytes);
    json.addProperty("seconds", timing.median());
    json.addProperty("low", timing.low());
    json.addProperty("high", timing.high());
    json.addProperty("gbPerSecond", bytes / timing.median() / 1e9);
    json.addProperty("gap", gap);
    json.addProperty("setting", setting);
    ratioToBestPeer.ifPresent(ratio -> json.addProperty("ratioToBestPeer", ratio));
    return json;
  }

  /// A heading and a line for each row.
  static List<String> table(List<TrainRow> rows) {
    List<String> lines = new ArrayList<>();
    lines.add(
        String.format(
            FORMAT, "case", "who", "thr", "median", "10th - 90th pct", "gap", "stop", "× peer"));
    rows.forEach(row -> lines.add(row.line()));
    return lines;
  }

  String line() {
    return String.format(
            Locale.ROOT,
            FORMAT,
            name(),
            (peer ? "  " : "") + who,
            threads,
            Table.time(timing.median()),
            Table.time(timing.low()) + " - " + Table.time(timing.high()),
            String.format(Locale.ROOT, "%.1e", gap),
            setting,
            ratioToBestPeer.isPresent()
                ? String.format(Locale.ROOT, "%.2f", ratioToBestPeer.getAsDouble())
                : "")
        .stripTrailing();
  }
}
