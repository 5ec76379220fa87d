package org.strait.launcher.record;

import com.google.gson.JsonArray;
import com.google.gson.JsonObject;
import java.util.List;

/// Who computed how long, and for whom the others waited.
final class Stragglers {
  /// A straggler's time over the median rank's.
  private static final double TIMES_MEDIAN = 1.5;

  /// What that must have cost, as a share of the training.
  private static final double LEAST_SHARE = 0.05;

  private Stragglers() {}

  /// Adds `gradientSeconds` (of every rank, on its own rows) and, if there are any, `stragglers`.
  ///
  /// @param done the ranks' reports, in order of ranks
  static void add(List<JsonObject> done, JsonObject record) {
    List<JsonObject> timed = done.stream().filter(e -> e.has("gradientSeconds")).toList();
    if (timed.isEmpty()) {
      return;
    }
    double[] sorted = timed.stream().mapToDouble(Stragglers::seconds).sorted().toArray();
    double median = sorted[(sorted.length - 1) / 2];
    JsonArray all = new JsonArray();
    JsonArray stragglers = new JsonArray();
    for (JsonObject event : timed) {
      double seconds = seconds(event);
      all.add(seconds);
      double lost = seconds - median;
      if (seconds > TIMES_MEDIAN * median
          && lost > LEAST_SHARE * event.get("seconds").getAsDouble()) {
        JsonObject straggler = new JsonObject();
        straggler.add("rank", event.get("rank"));
        straggler.add("dc", event.get("dc"));
        straggler.addProperty("gradientSeconds", seconds);
        straggler.addProperty("medianSeconds", median);
        stragglers.add(straggler);
      }
    }
    record.add("gradientSeconds", all);
    if (!stragglers.isEmpty()) {
      record.add("stragglers", stragglers);
    }
  }

  private static double seconds(JsonObject event) {
    return event.get("gradientSeconds").getAsDouble();
  }
}
