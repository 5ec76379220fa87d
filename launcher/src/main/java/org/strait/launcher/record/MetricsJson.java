package org.strait.launcher.record;

import com.google.gson.JsonObject;
import java.util.OptionalDouble;
import org.strait.engine.model.Evaluation;

/// Measures of a model as they stand in the run record and in what `predict --json` prints.
public final class MetricsJson {
  private MetricsJson() {}

  /// The measures that exist for this model and these rows.
  public static JsonObject of(Evaluation evaluation) {
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
}
