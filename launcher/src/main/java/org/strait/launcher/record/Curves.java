package org.strait.launcher.record;

import com.google.gson.JsonArray;
import com.google.gson.JsonNull;
import com.google.gson.JsonObject;
import java.util.List;
import java.util.Map;

/// Curves of several data centres, made one.
final class Curves {
  private Curves() {}

  /// The history: rounds of the data centre that reported most, with its objective; seconds of the
  /// slowest; bytes summed, each data centre's being the latest it had reported by that round.
  static JsonArray merge(Map<String, List<RunLog.Point>> byDc) {
    JsonArray history = new JsonArray();
    List<RunLog.Point> longest = List.of();
    for (List<RunLog.Point> curve : byDc.values()) {
      longest = curve.size() > longest.size() ? curve : longest;
    }
    for (RunLog.Point point : longest) {
      double seconds = point.seconds();
      long bytes = 0;
      for (List<RunLog.Point> curve : byDc.values()) {
        RunLog.Point at = latest(curve, point.round());
        if (at != null) {
          bytes += at.sentBytes();
          seconds = at.round() == point.round() ? Math.max(seconds, at.seconds()) : seconds;
        }
      }
      JsonObject one = new JsonObject();
      one.addProperty("round", point.round());
      one.addProperty("seconds", seconds);
      put(one, "objective", point.objective());
      one.addProperty("wanBytes", bytes);
      history.add(one);
    }
    return history;
  }

  /// Adds a number; null stands for what JSON cannot say.
  static void put(JsonObject json, String key, double value) {
    if (Double.isFinite(value)) {
      json.addProperty(key, value);
    } else {
      json.add(key, JsonNull.INSTANCE);
    }
  }

  private static RunLog.Point latest(List<RunLog.Point> curve, int round) {
    RunLog.Point latest = null;
    for (RunLog.Point point : curve) {
      if (point.round() <= round) {
        latest = point;
      }
    }
    return latest;
  }
}
