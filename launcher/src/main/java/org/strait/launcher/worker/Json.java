package org.strait.launcher.worker;

import com.google.gson.JsonArray;
import com.google.gson.JsonNull;
import com.google.gson.JsonObject;
import java.util.OptionalDouble;
import org.strait.engine.metrics.History;
import org.strait.engine.model.Evaluation;

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

  /// The measures that exist for this model and these rows.
  static JsonObject metrics(Evaluation evaluation) {
    JsonObject json = new JsonObject();
    json.addProperty("rows", evaluation.rows());
    add(json, "accuracy", evaluation.accuracy());
    add(json, "auprc", evaluation.auprc());
    add(json, "auc", evaluation.auc());
    add(json, "logLoss", evaluation.logLoss());
    add(json, "rmse", evaluation.rmse());
    add(json, "r2", evaluation.r2());
    return json;
  }

  private static void add(JsonObject json, String name, OptionalDouble value) {
    if (value.isPresent()) {
      json.addProperty(name, value.getAsDouble());
    }
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
