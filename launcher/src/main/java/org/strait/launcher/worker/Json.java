package org.strait.launcher.worker;

import com.google.gson.JsonArray;
import com.google.gson.JsonNull;
import com.google.gson.JsonObject;
import org.strait.engine.ConvexTrainer;
import org.strait.engine.metrics.History;

/// Engine values as JSON.
final class Json {
  private Json() {}

  /// Four arrays of equal length.
  static JsonObject history(History history) {
    JsonObject json = new JsonObject();
    json.add("round", array(history.rounds()));
    json.add("seconds", array(history.seconds()));
    json.add("objective", array(history.objectives()));
    json.add("sentBytes", array(history.bytesSent()));
    return json;
  }

  /// What a solver of convex problems took.
  static JsonObject work(ConvexTrainer.Work work) {
    JsonObject json = new JsonObject();
    json.addProperty("steps", work.steps());
    json.addProperty("evaluations", work.evaluations());
    json.addProperty("hessianProducts", work.products());
    json.addProperty("vectorsPerLink", work.vectors());
    return json;
  }

  private static JsonArray array(long[] values) {
    JsonArray array = new JsonArray();
    for (long value : values) {
      array.add(value);
    }
    return array;
  }

  private static JsonArray array(double[] values) {
    JsonArray array = new JsonArray();
    for (double value : values) {
      if (Double.isFinite(value)) {
        array.add(value);
      } else {
        array.add(JsonNull.INSTANCE);
      }
    }
    return array;
  }
}
