package org.strait.launcher.worker;

import com.google.gson.JsonArray;
import com.google.gson.JsonNull;
import com.google.gson.JsonObject;
import com.google.gson.JsonPrimitive;
import org.strait.engine.ConvexTrainer;
import org.strait.engine.adapt.Decision;
import org.strait.engine.adapt.Figures;
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

  /// What came of one sample.
  static JsonObject decision(Decision decision) {
    JsonObject json = new JsonObject();
    Figures figures = decision.figures();
    json.addProperty("round", decision.round());
    put(json, "error", figures.error());
    json.addProperty("poor", decision.poor());
    put(json, "computeSeconds", figures.computeSeconds());
    put(json, "exchangeSeconds", figures.exchangeSeconds());
    put(json, "delaySeconds", figures.delaySeconds());
    put(json, "secondsPerByte", figures.secondsPerByte());
    put(json, "payloadBytes", figures.payloadBytes());
    json.addProperty("was", decision.was());
    json.addProperty("is", decision.is());
    json.addProperty("rung", decision.after().rung());
    json.addProperty("period", decision.after().period());
    return json;
  }

  private static void put(JsonObject json, String key, double value) {
    json.add(key, Double.isFinite(value) ? new JsonPrimitive(value) : JsonNull.INSTANCE);
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
